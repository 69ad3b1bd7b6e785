// Goal: the pictures in diagrams/ are those of the code. Method: draw into a folder of our own with the real command, and
// compare with the machines themselves; spoil the folder in each way that --check must notice.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { AnyStateNode } from 'xstate'
import { bootOrder, stopOrder } from '../src/actors/broker/boot-order.js'
import { brokerMachine } from '../src/actors/broker/broker.machine.js'
import { acceptorMachine } from '../src/actors/network/acceptor.machine.js'
import { processorMachine } from '../src/actors/network/processor.machine.js'

const folder = mkdtempSync(join(tmpdir(), 'odradek-diagrams-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const script = join(import.meta.dirname, '../scripts/diagrams.mjs')
const draw = () => execFileSync(process.execPath, [script, '--into', folder], { encoding: 'utf8' })
const check = () => {
  const { status, stderr } = spawnSync(process.execPath, [script, '--check', '--into', folder], {
    encoding: 'utf8'
  })
  return { status, stderr }
}
const page = (name: string): string => readFileSync(join(folder, name), 'utf8')

describe('npm run diagrams', () => {
  it('draws every machine file, or says why not', () => {
    draw()
    const machines = readdirSync(join(import.meta.dirname, '../src'), { recursive: true, encoding: 'utf8' })
    const everything = readdirSync(folder).map(page).join('\n')
    for (const file of machines.filter(name => name.endsWith('.machine.ts'))) {
      expect(everything).toContain(`src/${file}`)
    }
  })

  it.each([
    ['acceptor.md', acceptorMachine],
    ['processor.md', processorMachine],
    ['broker.md', brokerMachine]
  ])('%s names every state at the top and every event', (name, machine) => {
    const text = page(name)
    for (const state of Object.keys(machine.states)) expect(text).toContain(` ${state} : ${state}\n`)
    for (const event of machine.events)
      if (!event.startsWith('xstate.')) expect(text).toMatch(new RegExp(`\\b${event}\\b`))
  })

  it('draws an arrow for each transition to another state', () => {
    const text = page('processor.md')
    const { root } = processorMachine as { readonly root: AnyStateNode }
    for (const state of Object.values(root.states)) {
      for (const { target } of [...state.transitions.values()].flat()) {
        if (target?.[0] !== undefined) expect(text).toContain(`${state.key} --> ${target[0].key} : `)
      }
    }
  })

  it('draws start and stop in the order in which the broker walks', () => {
    const inOrder = (text: string, names: readonly string[]) =>
      names.map((name, index) => text.indexOf(`["${index + 1}. ${name}"]`))
    const started = inOrder(
      page('start-order.md'),
      bootOrder.map(({ name }) => name)
    )
    const stopped = inOrder(page('stop-order.md'), stopOrder)
    expect([started.includes(-1), stopped.includes(-1)]).toEqual([false, false])
  })

  it('gives the capacity of each mailbox', () => {
    expect(page('floor-plan.md')).toMatch(/\| requestQueue \| 500 \|/)
    expect(page('floor-plan.md')).toMatch(/\| processor\.n\.newConnections \| 20 \|/)
    expect(page('floor-plan.md')).not.toMatch(/undefined|\?/)
  })

  it('is fresh after drawing, and draws the same again', () => {
    expect(check()).toEqual({ status: 0, stderr: '' })
  })

  it('notices a changed, a missing and a surplus picture', () => {
    writeFileSync(join(folder, 'acceptor.md'), `${page('acceptor.md')}\n`)
    rmSync(join(folder, 'processor.md'))
    writeFileSync(join(folder, 'selector.md'), '')
    const { status, stderr } = check()
    expect(status).toBe(1)
    for (const name of ['acceptor.md', 'processor.md', 'selector.md']) expect(stderr).toContain(name)
  })
})

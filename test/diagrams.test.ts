// Goal: the pictures in diagrams/ are those of the code. Method: draw into a folder of our own with the real command, and
// compare with the machines themselves; spoil the folder in each way that --check must notice.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AnyStateNode } from 'xstate'
import { bootOrder, stopOrder } from '../src/actors/broker/boot-order.js'
import { brokerMachine } from '../src/actors/broker/broker.machine.js'
import { acceptorMachine } from '../src/actors/network/acceptor.machine.js'
import { channelMuteMachine } from '../src/actors/network/channel-mute.machine.js'
import { processorMachine } from '../src/actors/network/processor.machine.js'
import { startBroker } from '../src/index.js'
import { append, createTopic } from './broker/support.js'
import { expectMermaid } from './support/mermaid.js'
import { WireClient } from './support/wire-client.js'

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
beforeAll(() => void draw(), 60_000)
const page = (name: string): string => readFileSync(join(folder, name), 'utf8')

describe('from a diagram to the running actor', () => {
  const rowOf = (text: string, what: string): string =>
    text.split('\n').find(line => line.startsWith(`| ${what} |`)) ?? ''
  const machinePages = (): readonly (readonly [machine: string, text: string])[] =>
    readdirSync(folder)
      .map(page)
      .flatMap(text => {
        const [, machine] = /^# Statechart: (.+)$/m.exec(text) ?? []
        return machine === undefined ? [] : [[machine, text] as const]
      })

  it('every page names its source, its driver and its actors, by names that begin with its own', () => {
    for (const [machine, text] of machinePages()) {
      expect(rowOf(text, 'machine')).toContain(`\`${machine}\` in [\`src/`)
      const driver = rowOf(text, 'driver')
      expect(driver, `somebody drives ${machine}`).not.toContain('nobody')
      for (const [, file = ''] of driver.matchAll(/\(\.\.\/([^)]+)\)/g)) {
        expect(readFileSync(join(import.meta.dirname, '..', file), 'utf8')).toContain('.machine.js')
      }
      const actors = rowOf(text, 'its actors, in logs and traces')
      const names = [...actors.matchAll(/`([^`]+)`(?: \(|,| \|)/g)].map(([, name = '']) => name)
      expect(names, `${machine} has actors`).not.toEqual([])
      for (const name of names) {
        expect(name === machine || name.startsWith(`${machine}.`), `${name} is an actor of ${machine}`).toBe(
          true
        )
      }
    }
  })

  it('every actor of a running broker has a page with its name and its states', async () => {
    const broker = await startBroker({ overrides: { 'odradek.trace': 'all' } })
    const client = await WireClient.connect(broker.bootstrapServers)
    await createTopic(client, 'drawn')
    await append(client, 'drawn', 0, ['record'])
    client.socket.destroy()
    await broker.close()
    const pages = new Map(machinePages())
    const patterns = new Map([...pages].map(([machine, text]) => [machine, actorPattern(text)]))
    const traces = await broker.trace()
    const actors = traces.flatMap(trace => trace.actors)
    expect(new Set(actors.map(({ machine }) => machine)).size).toBeGreaterThan(6)
    for (const { machine, name } of actors) expect(name).toMatch(patterns.get(machine) ?? /no page/)
    for (const { actors, steps, actorOf, stepOf } of traces) {
      actorOf.forEach((actor, index) => {
        const step = steps[stepOf[index] ?? 0]
        const text = pages.get(actors[actor]?.machine ?? '') ?? ''
        expect(text).toMatch(new RegExp(`\\b${step?.to.split('.').at(-1)}\\b`))
      })
    }
  })

  /** `processor.‹id›.‹listener›` as what it stands for. */
  function actorPattern(text: string): RegExp {
    const names = [...rowOf(text, 'its actors, in logs and traces').matchAll(/`([a-z][^`=]*)`/gi)].map(
      ([, name = '']) => name.replace(/[.]/g, '\\.').replace(/‹[^›]*›/g, '.+')
    )
    return new RegExp(`^(?:${names.join('|')})$`)
  }
})

describe('npm run diagrams', () => {
  it('draws every machine file, or says why not', () => {
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
    for (const state of Object.keys(machine.states))
      expect(text).toMatch(new RegExp(` ${state} : ${state}\\n| state "${state}[^"]*" as ${state} \\{\\n`))
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

  it('says what each event does in each state', () => {
    const text = page('channel-mute.md')
    for (const state of Object.keys(channelMuteMachine.states)) expect(text).toMatch(`**${state}**`)
    const table = text.split('\n').filter(line => line.startsWith('| **'))
    expect(table.length).toBeGreaterThan(4)
    const cells = table.map(line => line.split('|').length)
    expect(new Set(cells).size).toBe(1)
  })

  it('draws each thread of a step machine', () => {
    expect(page('ring.md')).toContain('## producer')
    expect(page('ring.md')).toContain('  claim --> copy\n')
    expect(page('arena.md')).toContain('  recheck --> asleep\n')
  })

  it('links only pages that there are', () => {
    const pages = readdirSync(folder)
    for (const name of pages)
      for (const [, target = ''] of page(name).matchAll(/\]\(([\w-]+\.md)\)/g))
        expect(pages, `${name} links to it`).toContain(target)
  })

  it('writes nothing that Mermaid could not read', () => {
    const drawn = readdirSync(folder).flatMap(name =>
      [...page(name).matchAll(/```mermaid\n(.*?)\n```/gs)].map(([, text = '']) => ({ name, text }))
    )
    expect(drawn.length).toBeGreaterThan(15)
    for (const { name, text } of drawn) expectMermaid(text, name)
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

  it('walks start, failed start and stop as sequences', () => {
    const said = (text: string, deed: string) =>
      [...text.matchAll(new RegExp(`broker->>(\\w+): ${deed}`, 'g'))].map(([, step]) => step)
    const [, start = '', failed = ''] = page('start-order.md').split('sequenceDiagram')
    const names = bootOrder.map(({ name }) => name)
    expect(said(start, 'startStep')).toEqual(names)
    expect(start).toContain('running<br/>openStartupLatch')
    expect(said(failed, 'startStep').length).toBeLessThan(names.length)
    expect(said(failed, 'stopStep')).toEqual(stopOrder)
    expect(said(page('stop-order.md'), 'stopStep')).toEqual(stopOrder)
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

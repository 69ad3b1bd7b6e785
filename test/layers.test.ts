// Goal: imports point one way. Method: dependency-cruiser over the sources with the rules of the project; and over
// what a wrong import would look like, so that a rule that matches nothing is noticed.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const command = join(root, 'node_modules/.bin/depcruise')
const copy = mkdtempSync(join(tmpdir(), 'odradek-layers-'))
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const cruise = (cwd: string) =>
  spawnSync(command, ['src', '--config', '.dependency-cruiser.cjs'], { cwd, encoding: 'utf8' })

const wrong: readonly [rule: string, from: string, to: string][] = [
  ['runtime-is-lowest', 'src/actors/runtime/a.ts', 'src/protocol/b.ts'],
  ['protocol', 'src/protocol/a.ts', 'src/storage/b.ts'],
  ['storage', 'src/storage/a.ts', 'src/config/b.ts'],
  ['config', 'src/config/a.ts', 'src/coordination/b.ts'],
  ['coordination', 'src/coordination/a.ts', 'src/actors/controller/b.ts'],
  ['actors-below-observe', 'src/actors/broker/a.ts', 'src/index.ts'],
  ['network-knows-no-apis', 'src/actors/network/a.ts', 'src/actors/apis/b.ts'],
  ['apis-know-no-network', 'src/actors/apis/a.ts', 'src/actors/network/b.ts'],
  ['machines-are-pure', 'src/actors/network/a.machine.ts', 'src/actors/network/b.ts']
]

describe('the layers', () => {
  it('import in one direction only', () => {
    const { status, stdout } = cruise(root)
    expect(stdout).toContain('no dependency violations')
    expect(status).toBe(0)
  })

  it('are guarded by rules that find a wrong import each', () => {
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
      cpSync(join(root, file), join(copy, file))
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    const put = (file: string, text: string): void => {
      mkdirSync(dirname(join(copy, file)), { recursive: true })
      writeFileSync(join(copy, file), text)
    }
    for (const [, , to] of wrong) put(to, 'export const b = 1\n')
    for (const [, from, to] of wrong) {
      const way = `${'../'.repeat(from.split('/').length - 1)}${to.replace(/\.ts$/, '.js')}`
      put(from, `import { b } from '${way}'\nexport const a = b\n`)
    }
    const { stdout } = cruise(copy)
    for (const [rule, from] of wrong)
      expect(stdout).toMatch(new RegExp(`error ${rule}: ${from.replace(/\./g, '\\.')}`))
  })
})

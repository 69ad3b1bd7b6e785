// Goal: the tree follows ZooKeeper's rules, and what it answered survives any crash. Method: examples for the rules, a
// simple model against random operations with reopening and power losses, and a real file for what the disk does.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { type EmbeddedTree, openEmbeddedTree } from '../../src/coordination/embedded-tree.js'
import { journalFile, journalFileName } from '../../src/coordination/journal-file.js'
import { TreeError, type TreeOp } from '../../src/coordination/tree.js'
import { StartupError } from '../../src/errors.js'
import { type Disk, journalInMemory, newDisk } from './journal-in-memory.js'

const text = (value: string): Buffer => Buffer.from(value)
const open = (disk: Disk = newDisk()): Promise<EmbeddedTree> =>
  openEmbeddedTree({ store: journalInMemory(disk) })
const refusal = (answer: unknown): string | undefined =>
  answer instanceof TreeError ? answer.error : undefined

describe('the rules of the tree', () => {
  test('a node needs its parent, and a parent with children stays', async () => {
    const tree = await open()
    expect(refusal(await tree.create('/a/b', text('')))).toBe('NoNode')
    await tree.create('/a', text('1'))
    await tree.create('/a/b', text('2'))
    expect(refusal(await tree.create('/a', text('')))).toBe('NodeExists')
    expect(refusal(await tree.delete('/a'))).toBe('NotEmpty')
    expect(await tree.children('/a')).toEqual(['b'])
    expect(refusal(await tree.children('/nowhere'))).toBe('NoNode')
  })

  test('a conditional set succeeds for one of two writers that read the same version', async () => {
    const tree = await open()
    await tree.create('/block', text('0'))
    const answers = await Promise.all([tree.set('/block', text('1'), 0), tree.set('/block', text('2'), 0)])
    expect(answers.map(refusal)).toEqual([undefined, 'BadVersion'])
    expect((await tree.get('/block'))?.data.toString()).toBe('1')
    expect((await tree.exists('/block'))?.version).toBe(1)
  })

  test('a multi that is refused at its last step changes nothing', async () => {
    const tree = await open()
    await tree.create('/a', text('old'))
    const before = await tree.exists('/')
    const answer = await tree.multi([
      { op: 'set', path: '/a', data: text('new') },
      { op: 'create', path: '/b', data: text('') },
      { op: 'create', path: '/b/c', data: text('') },
      { op: 'delete', path: '/b/c' },
      { op: 'check', path: '/a', version: 7 }
    ])
    expect(answer).toMatchObject({ error: 'BadVersion', index: 4 })
    expect((await tree.get('/a'))?.data.toString()).toBe('old')
    expect(await tree.exists('/b')).toBeUndefined()
    expect(await tree.exists('/')).toEqual(before)
  })

  test('sequential names count the children there have been', async () => {
    const tree = await open()
    await tree.create('/changes', text(''))
    const first = await tree.create('/changes/c_', text(''), { sequential: true })
    expect(first).toMatchObject({ path: '/changes/c_0000000000' })
    await tree.delete('/changes/c_0000000000')
    expect(await tree.create('/changes/c_', text(''), { sequential: true })).toMatchObject({
      path: '/changes/c_0000000001'
    })
    expect(await tree.exists('/changes')).toMatchObject({ cversion: 3, numChildren: 1 })
  })

  test('ephemeral nodes go with their session and with the process', async () => {
    const disk = newDisk()
    const tree = await open(disk)
    const other = tree.openSession()
    await other.create('/theirs', text(''), { ephemeral: true })
    await tree.create('/mine', text(''), { ephemeral: true })
    expect(refusal(await tree.create('/mine/child', text('')))).toBe('NoChildrenForEphemerals')
    await other.close()
    expect(await tree.children('/')).toEqual(['mine'])
    const czxid = (await tree.exists('/mine'))?.czxid ?? 0
    const reopened = await open(disk)
    expect(await reopened.children('/')).toEqual([])
    await reopened.create('/mine', text(''), { ephemeral: true })
    expect((await reopened.exists('/mine'))?.czxid).toBeGreaterThan(czxid)
  })

  test('a watch fires once and can be taken back', async () => {
    const tree = await open()
    const seen: string[] = []
    tree.watchNode('/a', event => seen.push(event))
    tree.watchChildren('/', event => seen.push(event))
    tree.watchNode('/a', () => seen.push('taken back'))()
    await tree.create('/a', text(''))
    await tree.set('/a', text('1'))
    expect(seen).toEqual(['created', 'childrenChanged'])
  })

  test('data that is no text comes back byte for byte', async () => {
    const disk = newDisk()
    const tree = await open(disk)
    await tree.create('/bytes', Buffer.from([0xff, 0x00, 0x0a, 0xc3]))
    await tree.create('/more', text('first flush writes an image, this one a batch'))
    await tree.set('/more', Buffer.from([0x80]))
    const reopened = await open(disk)
    expect((await reopened.get('/bytes'))?.data).toEqual(Buffer.from([0xff, 0x00, 0x0a, 0xc3]))
    expect((await reopened.get('/more'))?.data).toEqual(Buffer.from([0x80]))
  })

  test('paths that ZooKeeper refuses are refused', async () => {
    const tree = await open()
    for (const path of ['a', '/a/', '//a', '/.', '/..', '/', '', '/a\0']) {
      expect(refusal(await tree.create(path, text(''))), path).toMatch(/BadArguments|NoNode/)
    }
  })
})

interface Step {
  readonly kind: 'create' | 'set' | 'delete'
  readonly path: string
  readonly value: string
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('create', 'create', 'set', 'delete'),
  path: fc.constantFrom('/a', '/b', '/a/x', '/a/y', '/b/x', '/a/x/1'),
  value: fc.string({ maxLength: 5 })
})
const batch = fc.array(step, { minLength: 1, maxLength: 3 })

/** The tree as a map from path to data. */
function carryOut(model: Map<string, string>, steps: readonly Step[]): Map<string, string> | undefined {
  const next = new Map(model)
  for (const { kind, path, value } of steps) {
    const parent = path.slice(0, path.lastIndexOf('/'))
    if (kind === 'create' && (next.has(path) || (parent !== '' && !next.has(parent)))) return undefined
    if (kind !== 'create' && !next.has(path)) return undefined
    if (kind === 'delete') {
      if ([...next.keys()].some(other => other.startsWith(`${path}/`))) return undefined
      next.delete(path)
    } else next.set(path, value)
  }
  return next
}

const opsOf = (steps: readonly Step[]): TreeOp[] =>
  steps.map(({ kind, path, value }) =>
    kind === 'delete' ? { op: 'delete', path } : { op: kind, path, data: text(value) }
  )

async function contents(tree: EmbeddedTree, path = '/'): Promise<[string, string][]> {
  const found: [string, string][] = []
  const names = await tree.children(path)
  if (names instanceof TreeError) return found
  for (const name of names) {
    const child = path === '/' ? `/${name}` : `${path}/${name}`
    found.push([child, (await tree.get(child))?.data.toString() ?? 'gone'], ...(await contents(tree, child)))
  }
  return found
}

const sorted = (model: Map<string, string>): [string, string][] => [...model].sort()

describe('what was answered survives', () => {
  test('random transactions with reopening agree with a map', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(batch, fc.constant('reopen' as const)), { maxLength: 30 }),
        async run => {
          const disk = newDisk()
          let model = new Map<string, string>()
          let tree = await openEmbeddedTree({ store: journalInMemory(disk), rewriteAfterBytes: 600 })
          for (const item of run) {
            if (item === 'reopen') {
              await tree.close()
              tree = await openEmbeddedTree({ store: journalInMemory(disk), rewriteAfterBytes: 600 })
            } else {
              const expected = carryOut(model, item)
              const answer = await tree.multi(opsOf(item))
              expect(answer instanceof TreeError).toBe(expected === undefined)
              model = expected ?? model
            }
            expect((await contents(tree)).sort()).toEqual(sorted(model))
          }
        }
      ),
      { numRuns: 100 }
    )
  })

  test('after a power loss in any write the tree holds what was answered, and at most the one unanswered', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(batch, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom(0, 0.1, 0.5, 0.99, 1),
        fc.constantFrom(200, 100_000),
        async (run, atWrite, keep, rewriteAfterBytes) => {
          const disk = newDisk()
          const tree = await openEmbeddedTree({
            store: journalInMemory(disk, { atWrite, keep }),
            rewriteAfterBytes
          })
          let answered = new Map<string, string>()
          let possible: Map<string, string> | undefined
          for (const steps of run) {
            const next = carryOut(answered, steps)
            try {
              await tree.multi(opsOf(steps))
              answered = next ?? answered
            } catch {
              possible = next ?? answered
              break
            }
          }
          const reopened = await openEmbeddedTree({ store: journalInMemory(disk) })
          const found = (await contents(reopened)).sort()
          const allowed = [sorted(answered), ...(possible === undefined ? [] : [sorted(possible)])]
          expect(allowed).toContainEqual(found)
          await reopened.create('/after', text('the journal takes new transactions behind a torn tail'))
          expect(
            await (await openEmbeddedTree({ store: journalInMemory(disk) })).exists('/after')
          ).toBeDefined()
        }
      ),
      { numRuns: 200 }
    )
  })

  test('a read shows nothing that a crash could still take back', async () => {
    const disk = newDisk()
    const tree = await openEmbeddedTree({ store: journalInMemory(disk, { atWrite: 1, keep: 0 }) })
    const write = tree.create('/a', text('')).catch(() => 'failed')
    const read = tree.exists('/a').catch(() => 'failed')
    expect(await Promise.all([write, read])).toEqual(['failed', 'failed'])
    await expect(tree.create('/b', text(''))).rejects.toThrow('power lost')
  })

  test('a journal that cannot be written is reported once', async () => {
    const failures: string[] = []
    const store = journalInMemory(newDisk(), { atWrite: 1, keep: 0 })
    const tree = await openEmbeddedTree({ store, onFailure: cause => failures.push(cause.message) })
    await Promise.allSettled([tree.create('/a', text('')), tree.create('/b', text(''))])
    await Promise.allSettled([tree.create('/c', text(''))])
    expect(failures).toEqual(['memory: power lost'])
  })

  test('transactions of one turn share a flush', async () => {
    const disk = newDisk()
    const tree = await open(disk)
    await Promise.all(Array.from({ length: 50 }, (_, i) => tree.create(`/n${i}`, text(''))))
    expect(disk.writes).toBe(1)
  })
})

describe('the file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'odradek-tree-'))
  afterAll(() => rmSync(directory, { recursive: true }))
  const path = join(directory, journalFileName)

  test('a torn tail is cut off and reported, damage in the middle refuses to start', async () => {
    const tree = await openEmbeddedTree({ store: journalFile(directory) })
    await tree.create('/a', text('1'))
    await tree.set('/a', text('2'))
    await tree.set('/a', text('3'))
    await tree.close()
    const whole = readFileSync(path)
    writeFileSync(path, whole.subarray(0, whole.length - 5))
    const warnings: string[] = []
    const again = await openEmbeddedTree({ store: journalFile(directory), warn: line => warnings.push(line) })
    expect((await again.get('/a'))?.data.toString()).toBe('2')
    expect(warnings.join()).toContain('cut off')
    await again.close()
    const damaged = Buffer.from(whole)
    const middle = damaged.indexOf('\n') + 15
    damaged[middle] = (damaged[middle] ?? 0) ^ 1
    writeFileSync(path, damaged)
    await expect(openEmbeddedTree({ store: journalFile(directory) })).rejects.toThrow(StartupError)
    writeFileSync(path, whole)
    const restored = await openEmbeddedTree({ store: journalFile(directory) })
    expect((await restored.get('/a'))?.data.toString()).toBe('3')
    await restored.close()
  })

  test('zeros behind the last line, as a file system leaves them after a power loss, are a torn tail', async () => {
    const whole = readFileSync(path)
    writeFileSync(path, Buffer.concat([whole, Buffer.alloc(4096)]))
    const tree = await openEmbeddedTree({ store: journalFile(directory) })
    expect((await tree.get('/a'))?.data.toString()).toBe('3')
    await tree.close()
    expect(readFileSync(path).length).toBe(whole.length)
  })
})

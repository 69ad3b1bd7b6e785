// Goal: whatever write power is lost in, after the next start each topic is complete or absent, what was answered
// holds, and nothing deleted comes back. Method: a fixed and random command sequences, a fault in write n for all n.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boot, creation, type Fault, newWorld, type Running, type World } from './controller-world.js'

type Command =
  | { readonly kind: 'create'; readonly name: string; readonly partitions: number }
  | { readonly kind: 'delete'; readonly name: string }
  | { readonly kind: 'grow'; readonly name: string; readonly partitions: number }

/** Partitions by topic. */
type Expected = Map<string, number>

async function perform({ controller }: Running, command: Command): Promise<string> {
  const { name } = command
  if (command.kind === 'delete') {
    const results = await controller.deleteTopics({ topics: [{ kind: 'name', name }], timeoutMs: 60_000 })
    return results[0]?.error ?? 'none'
  }
  const more = { timeoutMs: 60_000, validateOnly: false }
  const { partitions } = command
  const results =
    command.kind === 'create'
      ? await controller.createTopics({ topics: [creation(name, { numPartitions: partitions })], ...more })
      : await controller.createPartitions({
          topics: [{ name, count: partitions, assignments: null }],
          ...more
        })
  return results[0]?.error ?? 'none'
}

function after(expected: Expected, command: Command): Expected {
  const next = new Map(expected)
  const had = next.get(command.name)
  if (command.kind === 'delete') next.delete(command.name)
  if (command.kind === 'create' && had === undefined) next.set(command.name, command.partitions)
  if (command.kind === 'grow' && had !== undefined) next.set(command.name, Math.max(had, command.partitions))
  return next
}

/** What a start finds: image, directories and tree tell the same story. */
async function checkComplete(world: World, { image, tree }: Running): Promise<Expected> {
  const topics = [...image().topics.values()]
  const directories = topics.flatMap(({ name, id, partitions }) =>
    partitions.map((partition, i) => {
      expect(partition).toMatchObject({ leader: 0, offline: [] })
      return [`${name}-${i}`, id]
    })
  )
  expect([...world.directories].sort()).toEqual(directories.sort())
  const names = topics.map(({ name }) => name).sort()
  expect(await tree.children('/brokers/topics')).toEqual(names)
  expect(await tree.children('/config/topics')).toEqual(names)
  expect(await tree.children('/admin/delete_topics')).toEqual([])
  return new Map(topics.map(({ name, partitions }) => [name, partitions.length]))
}

const sorted = (expected: Expected) => [...expected].sort()

/** Runs the commands until the power goes; says how many writes there were. */
async function runWithFault(commands: readonly Command[], fault: Fault): Promise<number> {
  const world = newWorld()
  let sure: Expected = new Map()
  let maybe: Expected | undefined
  let running: Running | undefined
  try {
    running = await boot(world, { fault })
    for (const command of commands) {
      maybe = after(sure, command)
      await perform(running, command)
      sure = maybe
    }
    maybe = undefined
  } catch (error) {
    expect(String(error)).toMatch(/power/)
  }
  const writes = world.disk.writes
  const restarted = await boot(world)
  const found = sorted(await checkComplete(world, restarted))
  expect([sorted(sure), ...(maybe === undefined ? [] : [sorted(maybe)])]).toContainEqual(found)
  const [again] = await restarted.controller.createTopics({
    topics: [creation('afterwards')],
    timeoutMs: 60_000,
    validateOnly: false
  })
  expect(again?.error).toBe('NONE')
  return writes
}

const story: readonly Command[] = [
  { kind: 'create', name: 'a', partitions: 2 },
  { kind: 'create', name: 'b', partitions: 1 },
  { kind: 'grow', name: 'a', partitions: 4 },
  { kind: 'delete', name: 'a' },
  { kind: 'create', name: 'a', partitions: 3 },
  { kind: 'delete', name: 'b' }
]

for (const keep of [0, 0.5, 1]) {
  test(`a fixed story survives a power loss in any of its writes (${keep * 100}% of the write kept)`, async () => {
    let atWrite = 1
    for (;;) {
      const writes = await runWithFault(story, { atWrite, keep })
      if (writes < atWrite) break
      atWrite += 1
    }
    // Pinned: 24 writes of the whole story, and one round in which no fault came.
    expect(atWrite).toBe(25)
  })
}

test('a power loss while the start repairs the last one is repaired by the next start', async () => {
  for (let first = 1; first < 30; first += 1) {
    for (let second = 1; second < 12; second += 1) {
      const world = newWorld()
      await (async () => {
        const running = await boot(world, { fault: { atWrite: first, keep: 1 } })
        for (const command of story) await perform(running, command)
      })().catch(() => undefined)
      await boot(world, { fault: { atWrite: world.disk.writes + second, keep: second % 2 } }).catch(
        () => undefined
      )
      await checkComplete(world, await boot(world))
    }
  }
})

test('random commands survive a power loss in a random write', async () => {
  const name = fc.constantFrom('a', 'b', 'c')
  const partitions = fc.integer({ min: 1, max: 4 })
  const command: fc.Arbitrary<Command> = fc.oneof(
    fc.record({ kind: fc.constant('create' as const), name, partitions }),
    fc.record({ kind: fc.constant('grow' as const), name, partitions }),
    fc.record({ kind: fc.constant('delete' as const), name })
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(command, { minLength: 3, maxLength: 12 }),
      fc.integer({ min: 1, max: 45 }),
      fc.constantFrom(0, 0.5, 1),
      async (commands, atWrite, keep) => {
        await runWithFault(commands, { atWrite, keep })
      }
    ),
    { numRuns: 200 }
  )
})

test('a directory of a topic that the tree does not know is set aside and not adopted', async () => {
  const world = newWorld()
  const first = await boot(world)
  await perform(first, { kind: 'create', name: 'a', partitions: 1 })
  world.directories.set('stranger-0', 'id of a stranger')
  world.directories.set('a-7', 'id of a stranger')
  const second = await boot(world)
  expect(second.stray).toEqual(['stranger-0', 'a-7'])
  expect([...second.image().topics.keys()]).toEqual(['a'])
})

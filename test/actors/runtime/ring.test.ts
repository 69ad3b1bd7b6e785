// Goal: no message lost, none twice, order kept per producer, whatever the capacity and wherever positions wrap.
// Method: a model in one thread (fast-check), then real worker threads on both ends, and one that dies in the middle.
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRing, positionsOf, Ring, type SharedRing } from '../../../src/actors/runtime/ring.js'
import { startRole } from './worker.js'

const slot = { ints: 2, floats: 1 }
const push = (ring: Ring, value: number): boolean =>
  ring.tryPush((ints, i, floats, f) => {
    ints[i] = value
    floats[f] = value / 2
  })
function pop(ring: Ring): number | undefined {
  let value: number | undefined
  ring.tryPop((ints, i, floats, f) => {
    value = (ints[i] ?? 0) / 2 === floats[f] ? ints[i] : -1
  })
  return value
}

test('a ring behaves as a bounded queue for every capacity, also across the wrap of its positions', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 7 }),
      fc.nat(12),
      fc.array(fc.boolean(), { maxLength: 60 }),
      (capacity, back, ops) => {
        const ring = new Ring(createRing('test', capacity, slot, positionsOf(capacity) - back))
        const model: number[] = []
        ops.forEach((pushes, value) => {
          if (pushes) {
            expect(push(ring, value)).toBe(model.length < capacity)
            if (model.length < capacity) model.push(value)
          } else expect(pop(ring)).toBe(model.shift())
          expect(ring.depth).toBe(model.length)
        })
      }
    )
  )
})

interface Outcome {
  readonly perConsumer: number[][][]
}

/** What each consumer saw: pairs of producer and number, in order. */
async function exchange(
  shared: SharedRing,
  producers: number,
  consumers: number,
  count: number,
  pauseEvery = 0
): Promise<Outcome> {
  const total = producers * count
  const taken = new SharedArrayBuffer(4)
  const seen = Array.from({ length: consumers }, () => new SharedArrayBuffer(4 + 8 * total))
  const roles = [
    ...seen.map(notes => startRole('ringConsumer', { ring: shared, seen: notes, taken, total, pauseEvery })),
    ...Array.from({ length: producers }, (_, producer) =>
      startRole('ringProducer', { ring: shared, producer, count })
    )
  ]
  await Promise.all(roles.map(({ done }) => done))
  return { perConsumer: seen.map(notesOf) }
}

function notesOf(memory: SharedArrayBuffer): number[][] {
  const notes = new Int32Array(memory)
  return Array.from({ length: notes[0] ?? 0 }, (_, i) => [notes[1 + 2 * i] ?? -1, notes[2 + 2 * i] ?? -1])
}

function expectExactlyOnceInOrder({ perConsumer }: Outcome, producers: number, count: number): void {
  const all = perConsumer.flat()
  expect(all.length).toBe(producers * count)
  expect(new Set(all.map(([producer, n]) => `${producer}/${n}`)).size).toBe(producers * count)
  for (const notes of perConsumer) {
    const last = new Map<number, number>()
    for (const [producer = -1, n = -1] of notes) {
      expect(n).toBeGreaterThan(last.get(producer) ?? -1)
      last.set(producer, n)
    }
  }
}

test.each([
  { capacity: 1, pauseEvery: 0 },
  { capacity: 3, pauseEvery: 0 },
  { capacity: 500, pauseEvery: 0 },
  { capacity: 16, pauseEvery: 7 }
])(
  'two producer and two consumer threads lose nothing over capacity $capacity (pause every $pauseEvery)',
  async ({ capacity, pauseEvery }) => {
    const count = capacity === 1 ? 2000 : 20_000
    const ring = createRing('test', capacity, slot, positionsOf(capacity) - 100)
    expectExactlyOnceInOrder(await exchange(ring, 2, 2, count, pauseEvery), 2, count)
  }
)

test('a consumer that dies leaves the ring readable, and nobody waits for it', async () => {
  const shared = createRing('test', 8, slot)
  const ring = new Ring(shared)
  const memory = { seen: new SharedArrayBuffer(4 + 8 * 1e6), taken: new SharedArrayBuffer(4) }
  const victim = startRole('ringConsumer', { ring: shared, ...memory, total: 1e6 })
  const producer = startRole('ringProducer', { ring: shared, producer: 0, count: 1e6 })
  await Promise.all([victim.up, producer.up])
  await sleep(50)
  await victim.worker.terminate()
  await sleep(50)
  await producer.worker.terminate()
  expect(ring.depth).toBeLessThanOrEqual(8)
  const left: number[] = []
  // Every call returns; where the dead thread had claimed a slot it is an empty ring from there on.
  for (let value = pop(ring); value !== undefined; value = pop(ring)) left.push(value)
  expect(left.length).toBeLessThanOrEqual(8)
  expect(notesOf(memory.seen).every(([, n], i) => n === i)).toBe(true)
})

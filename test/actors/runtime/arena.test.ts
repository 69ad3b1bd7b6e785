// Goal: blocks never overlap, every byte comes back, the pool overdraws by one request at most, and a waiting owner is
// woken. Method: a model in one thread (fast-check); then a worker thread that checks and releases what the owner fills.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Arena, type Block, createArena, largestBlock } from '../../../src/actors/runtime/arena.js'
import { createDoorbells, Doorbell } from '../../../src/actors/runtime/doorbell.js'
import { createRing, Ring } from '../../../src/actors/runtime/ring.js'
import { yieldToLoop } from '../../../src/actors/runtime/timers.js'
import { startRole } from './worker.js'

function oneArena(poolBytes: number, regionBytes?: number): Arena {
  const doorbells = createDoorbells(1)
  const options = { poolBytes, networkThreads: [0], ...(regionBytes === undefined ? {} : { regionBytes }) }
  return new Arena(createArena(options), 0, doorbells, new Doorbell(doorbells, 0))
}

const sizes = fc.oneof(fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 60_000, max: 1_200_000 }))

test('live blocks keep their bytes whatever is allocated and released around them', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(sizes, fc.nat(20)), { maxLength: 60 }), steps => {
      const arena = oneArena(4 * 1024 * 1024, 1024 * 1024)
      const live: Array<{ block: Block; mark: number }> = []
      steps.forEach(([bytes, victim], mark) => {
        const before = arena.available
        const block = arena.allocate(bytes)
        expect(block === undefined).toBe(before <= 0)
        if (block !== undefined) {
          expect(block.view.length).toBe(bytes)
          block.view.fill(mark)
          live.push({ block, mark })
        }
        const released = victim < live.length ? live.splice(victim, 1)[0] : undefined
        released?.block.release()
        released?.block.release()
        for (const { block, mark } of live)
          expect(block.view[0] === mark && block.view.at(-1) === mark).toBe(true)
      })
      for (const { block } of live) block.release()
      expect(arena.used).toBe(0)
    }),
    { numRuns: 50 }
  )
})

test('the pool grants while any byte is free, then refuses until memory comes back', async () => {
  const arena = oneArena(100_000)
  const small = arena.allocate(90_000)
  const large = arena.allocate(largestBlock + 1)
  expect(large).toBeDefined()
  expect(arena.available).toBeLessThan(0)
  expect(arena.allocate(1)).toBeUndefined()
  let woken = 0
  arena.onAvailable(() => void woken++)
  small?.release()
  await yieldToLoop()
  await yieldToLoop()
  large?.release()
  for (let i = 0; i < 5; i++) await yieldToLoop()
  expect(woken).toBe(1)
  expect(arena.allocate(1)).toBeDefined()
  arena.close()
})

test('a late second release does not free the next use of the block', () => {
  const arena = oneArena(-1)
  const first = arena.allocate(5000)
  first?.release()
  const second = arena.allocate(5000)
  expect(second?.ref.block).toBe(first?.ref.block)
  expect(first === undefined ? undefined : arena.release(first.ref)).toBe(false)
  expect(arena.used).toBeGreaterThan(0)
})

test('an oversize block is its own memory and reaches another thread by reference', () => {
  const doorbells = createDoorbells(2)
  const shared = createArena({ poolBytes: -1, networkThreads: [0] })
  const owner = new Arena(shared, 0, doorbells)
  const other = new Arena(shared, 1, doorbells)
  const block = owner.allocate(3 * 1024 * 1024)
  if (block === undefined) throw new Error('refused')
  block.view.write('hello')
  expect(() => other.view(block.ref)).toThrow('adopted')
  const memory = owner.memoryOf(block.ref)
  if (memory === undefined) throw new Error('no memory')
  other.adopt(block.ref, memory)
  expect(other.view(block.ref).toString('latin1', 0, 5)).toBe('hello')
  expect(other.release(block.ref)).toBe(true)
  expect(owner.release(block.ref)).toBe(false)
  expect(owner.used).toBe(0)
})

test('a block that another thread releases comes back to the owner, who is woken when the pool was empty', async () => {
  const doorbells = createDoorbells(3)
  const arena = createArena({ poolBytes: 200_000, networkThreads: [0] })
  const ring = createRing('blocks', 16, { ints: 5, floats: 0 })
  const faults = new SharedArrayBuffer(8)
  const total = 20_000
  const releasers = [1, 2].map(thread =>
    startRole('arenaReleaser', { arena, doorbells, ring, total, thread, faults })
  )
  await Promise.all(releasers.map(({ up }) => up))
  const bell = new Doorbell(doorbells, 0)
  const owner = new Arena(arena, 0, doorbells, bell)
  const queue = new Ring(ring)
  let waits = 0
  for (let n = 0; n < total; n++) {
    const bytes = 1 + ((n * 7919) % 30_000)
    let block = owner.allocate(bytes)
    while (block === undefined) {
      waits++
      await new Promise<void>(resolve => owner.onAvailable(resolve))
      block = owner.allocate(bytes)
    }
    const { ref, view } = block
    view[0] = ref.generation
    view[view.length - 1] = ref.generation
    const write = (ints: Int32Array, i: number): void => {
      ints.set([ref.region, ref.block, ref.generation, ref.offset, ref.bytes], i)
    }
    while (!queue.tryPush(write)) await yieldToLoop()
  }
  await Promise.all(releasers.map(({ done }) => done))
  expect([...new Int32Array(faults)]).toEqual([0, total])
  expect(owner.used).toBe(0)
  expect(waits).toBeGreaterThan(0)
  owner.close()
})

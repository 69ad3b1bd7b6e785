// Goal: memory for reads is used again, and never by two at once, whoever gives back what and how often. Method: random
// sequences of lending and giving back, with each lender's bytes checked; single cases for what is not taken back.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ReadMemory } from '../../src/storage/read-memory.js'

const kilobyte = 1024
const megabyte = 1024 * kilobyte

test('memory that was given back is lent again, the newest first', () => {
  const memory = new ReadMemory()
  const [first, second] = [memory.lend(megabyte), memory.lend(megabyte)]
  const [one, two] = [first.buffer, second.buffer]
  memory.giveBack(first)
  memory.giveBack(second)
  expect(memory.idleBytes).toBe(2 * megabyte)
  expect(memory.lend(megabyte - 5).buffer).toBe(two)
  expect(memory.lend(600 * kilobyte).buffer).toBe(one)
  expect(memory.idleBytes).toBe(0)
})

test('a buffer is exactly as long as asked for', () => {
  const memory = new ReadMemory()
  for (const bytes of [0, 1, 16 * kilobyte, 16 * kilobyte + 1, megabyte, megabyte + 1, 9 * megabyte]) {
    expect(memory.lend(bytes).length).toBe(bytes)
  }
})

test('what was given back before, a part, a stranger, and what is very small or large are not taken', () => {
  const memory = new ReadMemory()
  const lent = memory.lend(megabyte)
  memory.giveBack(lent.subarray(0, 10))
  memory.giveBack(Buffer.alloc(megabyte))
  memory.giveBack(memory.lend(kilobyte))
  memory.giveBack(memory.lend(9 * megabyte))
  expect(memory.idleBytes).toBe(0)
  memory.giveBack(lent)
  const next = memory.lend(megabyte)
  memory.giveBack(lent)
  expect(memory.idleBytes).toBe(0)
  expect(memory.lend(megabyte).buffer).not.toBe(next.buffer)
})

test('not more than 16 MB are kept while nobody needs them', () => {
  const memory = new ReadMemory()
  const lent = Array.from({ length: 40 }, () => memory.lend(megabyte))
  for (const buffer of lent) memory.giveBack(buffer)
  expect(memory.idleBytes).toBe(16 * megabyte)
})

test('nobody ever writes into what another one has', () => {
  const step = fc.record({
    give: fc.boolean(),
    bytes: fc.integer({ min: 10 * kilobyte, max: 70 * kilobyte }),
    pick: fc.nat()
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const memory = new ReadMemory()
      const held: { buffer: Buffer; mark: number }[] = []
      const gone: Buffer[] = []
      steps.forEach(({ give, bytes, pick }, i) => {
        if (give && held.length > 0) {
          const [one] = held.splice(pick % held.length, 1)
          if (one !== undefined) gone.push(one.buffer)
          // Whoever gave something back may do so again, much later.
          for (const buffer of gone) memory.giveBack(buffer)
        } else {
          const buffer = memory.lend(bytes).fill(i)
          held.push({ buffer, mark: i })
        }
        for (const { buffer, mark } of held) expect(buffer.every(byte => byte === mark)).toBe(true)
      })
    }),
    { numRuns: 40 }
  )
})

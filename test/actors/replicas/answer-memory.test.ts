// Goal: memory for answers to other threads is used again, never by two at once, and never kept for an answer that nobody ever is
// done with. Method: single cases; random sequences in which every borrower's bytes are checked.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AnswerMemory } from '../../../src/actors/replicas/answer-memory.js'

const kilobyte = 1024
const megabyte = 1024 * kilobyte

test('memory that is done with is lent again, and once', () => {
  const memories = new AnswerMemory()
  const first = memories.lend(megabyte)
  memories.doneWith(first.id)
  memories.doneWith(first.id)
  const second = memories.lend(600 * kilobyte)
  expect(second.memory).toBe(first.memory)
  memories.doneWith(first.id)
  expect(memories.lend(megabyte).memory).not.toBe(first.memory)
})

test('very large answers and names that nobody was given are nothing', () => {
  const memories = new AnswerMemory()
  const large = memories.lend(9 * megabyte)
  expect(large.memory.byteLength).toBe(9 * megabyte)
  memories.doneWith(large.id)
  memories.doneWith(4711)
  expect([memories.idleBytes, memories.lent]).toEqual([0, 0])
})

test('not more than 32 MB are kept while nobody needs them, nor more than 256 answers remembered', () => {
  const memories = new AnswerMemory()
  const lent = Array.from({ length: 300 }, () => memories.lend(megabyte))
  expect(memories.lent).toBe(256)
  for (const { id } of lent) memories.doneWith(id)
  expect([memories.idleBytes, memories.lent]).toEqual([32 * megabyte, 0])
})

test('nobody ever writes into what another one reads', () => {
  const step = fc.record({
    give: fc.boolean(),
    bytes: fc.integer({ min: 1, max: 70 * kilobyte }),
    pick: fc.nat()
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const memories = new AnswerMemory()
      const held: { id: number; bytes: Uint8Array; mark: number }[] = []
      const gone: number[] = []
      steps.forEach(({ give, bytes, pick }, mark) => {
        if (give && held.length > 0) {
          for (const { id } of held.splice(pick % held.length, 1)) gone.push(id)
          for (const id of gone) memories.doneWith(id)
        } else {
          const { id, memory } = memories.lend(bytes)
          expect(memory.byteLength).toBeGreaterThanOrEqual(bytes)
          held.push({ id, bytes: new Uint8Array(memory, 0, bytes).fill(mark), mark })
        }
        for (const one of held) expect(one.bytes.every(byte => byte === one.mark)).toBe(true)
      })
    }),
    { numRuns: 40 }
  )
})

// Goal: no edge is lost, and an idle thread is woken. Method: ping-pong with a worker, where one lost ring stops the game.
import { expect, test } from 'vitest'
import { createDoorbells, Doorbell } from '../../../src/actors/runtime/doorbell.js'
import { yieldToLoop } from '../../../src/actors/runtime/timers.js'
import { startRole } from './worker.js'

test('every ring reaches the other thread over thousands of turns', async () => {
  const doorbells = createDoorbells(2)
  const word = new SharedArrayBuffer(8)
  const words = new Int32Array(word)
  const echo = startRole('bellEcho', { doorbells, word })
  await echo.up
  const mine = new Doorbell(doorbells, 0)
  const other = new Doorbell(doorbells, 1)
  const turns = 5000
  await new Promise<void>(resolve => {
    const cancel = mine.onRing(() => {
      const answered = Atomics.load(words, 1)
      if (answered < Atomics.load(words, 0)) return
      if (answered === turns) {
        cancel()
        resolve()
        return
      }
      Atomics.store(words, 0, answered + 1)
      other.ring()
    })
    Atomics.store(words, 0, 1)
    other.ring()
  })
  Atomics.store(words, 0, -1)
  other.ring()
  await echo.done
  expect(words[1]).toBe(turns)
})

test('rings that come before the owner looks are one call', async () => {
  const bell = new Doorbell(createDoorbells(1), 0)
  let calls = 0
  bell.ring()
  bell.ring()
  const cancel = bell.onRing(() => void calls++)
  expect(calls).toBe(1)
  bell.ring()
  bell.ring()
  await yieldToLoop()
  await yieldToLoop()
  expect(calls).toBe(2)
  cancel()
  await yieldToLoop()
  bell.ring()
  await yieldToLoop()
  await yieldToLoop()
  expect(calls).toBe(2)
})

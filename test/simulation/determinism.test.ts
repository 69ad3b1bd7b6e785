// Goal: a seed is a run: the same events in the same order, the same bytes, the same times. Method: fifty seeds twice, one
// of them with a reader of the trace; the number that stands for all events has to be the same, and another seed has another.
import { expect, it } from 'vitest'
import { simulate } from '../../src/simulation/simulation.js'

const seeds = Array.from({ length: 50 }, (_, i) => 7_000 + i)

it('the same seed gives the same run, event for event', { timeout: 60_000 }, async () => {
  const hashes = new Set<string>()
  for (const seed of seeds) {
    const first = await simulate(seed)
    const second = await simulate(seed)
    expect({ ...second, seen: [...second.seen] }).toEqual({ ...first, seen: [...first.seen] })
    hashes.add(first.hash)
  }
  expect(hashes.size).toBe(seeds.length)
})

it('reading along does not change what happens', async () => {
  const lines: string[] = []
  const read = await simulate(7_003, { onLine: line => lines.push(line) })
  const unread = await simulate(7_003)
  expect(read.hash).toBe(unread.hash)
  expect(lines.some(line => line.includes('starting.requestProcessing --stepDone--> running'))).toBe(true)
})

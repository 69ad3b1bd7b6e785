// Goal: whatever the schedule, the faults and the ends of a broker's lives, what was promised to clients holds and nothing
// is left open. Method: 1,000 whole runs in a simulated world, one a seed; what a run has to come across is counted, so
// that runs that quietly stopped to do anything are noticed.
import { describe, expect, it } from 'vitest'
import { addTo, emptyTally } from '../../src/simulation/many.js'
import { simulate } from '../../src/simulation/simulation.js'

const portions = [0, 250, 500, 750]
const seedsEach = 250

/** What happens in a thousand runs, or they have lost their point; at least so often. */
const expected: Readonly<Record<string, number>> = {
  'acknowledged batches': 1000,
  connections: 1000,
  'cut off while stopping': 10,
  'ends by failingDisk': 20,
  'ends by fatal': 20,
  'ends by halt': 20,
  'ends by kill': 50,
  'ends by powerLoss': 50,
  'ends by powerLossAtStop': 20,
  'ends by stop': 50,
  'frames in two parts': 100,
  'garbage frames': 50,
  'half-closes': 100,
  'producer ids': 100,
  'produces without an answer': 100,
  'records read': 1000,
  resets: 100,
  retries: 20,
  settled: 30,
  'slow readers': 100,
  'topics created': 500
}

describe('whole runs of the broker in a simulated world', () => {
  const all = emptyTally()

  it.each(portions)('keep every promise with the seeds from %i on', { timeout: 120_000 }, async from => {
    const broken: string[] = []
    for (let seed = from; seed < from + seedsEach; seed++) {
      const verdict = await simulate(seed)
      addTo(all, verdict)
      if (verdict.broken !== undefined)
        broken.push(`npm run simulate -- --seed ${seed} --trace: ${verdict.broken}`)
    }
    expect(broken).toEqual([])
  })

  it('come across everything that they are there for', () => {
    const rare = Object.entries(expected).filter(([what, least]) => (all.seen.get(what) ?? 0) < least)
    expect(rare).toEqual([])
  })
})

// Goal: a log can tell of each remembered offset when it was appended and which flush brought it to the disk, and never names
// a wrong one. Method: appends and flushes in any order from fast-check against a plain list of all of them.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FlushFigures, LogHistory } from '../../src/storage/log-history.js'

test('appends and flushes are told as they were, or not at all', () => {
  const step = fc.record({
    records: fc.integer({ min: 1, max: 5 }),
    ms: fc.double({ min: 0, max: 3, noNaN: true }),
    flush: fc.constantFrom('none', 'none', 'reached', 'failed')
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 3000, size: 'max' }), steps => {
      const figures = new FlushFigures(0)
      const history = new LogHistory(figures)
      const appendedMs: number[] = []
      const syncedMs: number[] = []
      let now = 1
      for (const { records, ms, flush } of steps) {
        now += ms
        const base = appendedMs.length
        for (let i = 0; i < records; i++) appendedMs.push(now)
        history.appended(base, base + records - 1, now)
        if (flush === 'none') continue
        history.flushBegins(appendedMs.length, 'count', now)
        now += 1
        history.flushEnds(flush === 'reached', now)
        if (flush === 'reached') while (syncedMs.length < appendedMs.length) syncedMs.push(now)
      }
      for (let offset = 0; offset < appendedMs.length; offset += 7) {
        const append = history.appendOf(offset)
        const truth = appendedMs[offset] ?? 0
        // Appends of one millisecond are one entry, with the time of the first.
        if (append !== undefined) {
          expect(append.baseOffset <= offset && offset <= append.lastOffset).toBe(true)
          expect(truth - append.appendedMs).toBeGreaterThanOrEqual(0)
          expect(truth - append.appendedMs).toBeLessThan(1)
        }
        const flush = history.flushOf(offset)
        if (flush !== undefined) expect(flush.endedMs).toBe(syncedMs[offset])
      }
      const newest = appendedMs.length - 1
      if (newest >= 0) expect(history.appendOf(newest)).toBeDefined()
      expect(history.unsyncedSinceMs === undefined).toBe(syncedMs.length === appendedMs.length)
      expect(figures.running).toBe(0)
    }),
    { numRuns: 60 }
  )
})

test('the time that bytes lay in memory only is counted once, when they are on the disk', () => {
  const figures = new FlushFigures(0)
  const history = new LogHistory(figures)
  history.appended(0, 0, 100)
  history.appended(1, 1, 150)
  history.flushBegins(1, 'roll', 200)
  history.flushEnds(true, 210)
  expect([figures.lag.count, figures.lag.sum]).toEqual([1, 110])
  expect(history.unsyncedSinceMs).toBe(150)
  history.flushBegins(2, 'interval', 300)
  expect(history.flushRunningSinceMs).toBe(300)
  history.flushEnds(true, 350)
  expect([figures.lag.count, figures.lag.sum, figures.times.sum]).toEqual([2, 310, 60])
  expect(history.unsyncedSinceMs).toBeUndefined()
  expect(history.flushOf(0)).toMatchObject({ cause: 'roll', startedMs: 200, endedMs: 210 })
})

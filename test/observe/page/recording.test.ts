// Goal: at any time of the recorded window each actor is where it was then. Method: traces of two threads, made by hand.
import { describe, expect, it } from 'vitest'
import { missingTrace, packTrace, type TraceEntry } from '../../../src/actors/runtime/trace.js'
import { recordingOf } from '../../../src/observe/page/recording.js'

const entry = (
  number: number,
  atMs: number,
  name: string,
  event: string,
  from: string,
  to: string
): Omit<TraceEntry, 'thread'> => ({
  number,
  atMs,
  actor: actors[name] ?? { machine: 'handler', name, number: 9, level: 'all' },
  step: { event, from, to, actions: ['deed'] },
  data: undefined,
  context: undefined
})
const actors: Record<string, TraceEntry['actor']> = {
  'handler.10': { machine: 'handler', name: 'handler.10', number: 1, level: 'all' },
  'handler.9': { machine: 'handler', name: 'handler.9', number: 2, level: 'all' }
}

const recording = recordingOf(
  [
    packTrace(
      1,
      [
        entry(7, 100, 'handler.10', 'xstate.init', '', 'waiting'),
        entry(8, 200, 'handler.10', 'requestTaken', 'waiting', 'handling'),
        entry(9, 250, 'handler.9', 'handled', 'handling', 'waiting'),
        entry(10, 300, 'handler.10', 'handled', 'handling', 'waiting')
      ],
      { lifecycle: 0, all: 6 }
    ),
    missingTrace(2, 'died')
  ],
  0
)
const statesAt = (atMs: number): string[] =>
  recording.actorsAt(atMs).map(({ name, state }) => `${name} ${state}`)

describe('a recording', () => {
  it('knows its window, what is missing and what was overwritten', () => {
    expect([recording.fromMs, recording.toMs]).toEqual([100, 300])
    expect(recording.missing).toEqual(['thread 2 died'])
    expect(recording.overwritten).toBe(6)
  })

  it('shows each actor in its state of the time, in the order of their numbers', () => {
    expect(statesAt(50)).toEqual(['handler.9 handling'])
    expect(statesAt(100)).toEqual(['handler.9 handling', 'handler.10 waiting'])
    expect(statesAt(299)).toEqual(['handler.9 waiting', 'handler.10 handling'])
    expect(statesAt(300)).toEqual(['handler.9 waiting', 'handler.10 waiting'])
  })

  it('tells times by the wall clock', () => {
    const { fromMs, toMs } = recordingOf(
      [packTrace(1, [entry(1, 5, 'handler.9', 'x', '', 'y')], { lifecycle: 0, all: 0 })],
      1000
    )
    expect([fromMs, toMs]).toEqual([1005, 1005])
  })

  it('lists the last steps up to a time', () => {
    const steps = recording.stepsOf({ thread: 1, name: 'handler.10' }, 299, 1)
    expect(steps).toEqual([
      { atMs: 200, event: 'requestTaken', from: 'waiting', to: 'handling', actions: ['deed'] }
    ])
    expect(recording.stepsOf({ thread: 1, name: 'nobody' }, 299, 1)).toEqual([])
  })

  it('leads to the steps before and after, of one actor or of any', () => {
    expect(recording.around({ thread: 1, name: 'handler.10' }, 250)).toEqual({ before: 200, after: 300 })
    expect(recording.around(undefined, 250)).toEqual({ before: 200, after: 300 })
    expect(recording.around(undefined, 300)).toEqual({ before: 250 })
  })
})

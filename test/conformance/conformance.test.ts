// Goal: what a running broker does is what its machines say, in every placement, whatever happens to it. Method: whole days of
// brokers with real clients are recorded and replayed; how much of each machine was seen is printed, and asserted from below.
import { afterAll, describe, expect, test } from 'vitest'
import type { ThreadTrace } from '../../src/actors/runtime/trace.js'
import { divergenceText, type ReplayReport, replay } from '../../src/verify/replay.js'
import { coverageText } from '../../src/verify/replay-coverage.js'
import {
  brokenDay,
  busyDay,
  closedDay,
  crowdedDay,
  type Day,
  fatalDay,
  hurriedDay,
  lastDay,
  type Placement,
  shortDay,
  threeDays
} from './days.js'
import { groupDay } from './group-day.js'
import { reachableJointStates } from './reachable-joint-states.js'

const all: ThreadTrace[] = []

/** Replays a day; nothing but what `allowed` says may be missing from its trace. */
function conforms({ traces }: Day, allowed: readonly string[] = []): ReplayReport {
  all.push(...traces)
  const report = replay(traces)
  expect(report.divergences.map(divergenceText)).toEqual([])
  expect(report.illegal).toEqual([])
  expect(report.gaps.map(({ why }) => why)).toEqual(allowed)
  expect(report).toMatchObject({ resumed: 0, unchecked: 0 })
  return report
}

let whole: ReplayReport | undefined
/** Of all days together, once they are over. */
const allDays = (): ReplayReport => {
  whole ??= replay(all)
  return whole
}

const placements: readonly Placement[] = ['inline', 'networkOnMain', 'perCore']

describe.each(placements)('a broker placed %s', placement => {
  test('does what its machines say on a busy day', async () => {
    const day = await busyDay(placement)
    expect(day.state).toBe('stopped')
    expect(day.traces).toHaveLength(placement === 'inline' ? 1 : 3)
    const report = conforms(day)
    expect(report.entries).toBeGreaterThan(2_000)
    expect(report.actors).toBeGreaterThan(150)
  }, 40_000)

  test('does what its machines say when too many come too fast', async () => {
    const { coverage } = conforms(await crowdedDay(placement))
    expect(coverage.get('acceptor')?.seen.length).toBeGreaterThan(7)
  })

  test('does what its machines say when they come faster than they may', async () => {
    const { coverage } = conforms(await hurriedDay(placement))
    expect(coverage.get('acceptor')?.seen).toContain('listening tooFast')
  })

  test.each([1, 25])('does what its machines say when it is stopped after %d ms', async afterMs => {
    conforms(await shortDay(placement, afterMs))
  })

  test('does what its machines say when it cannot start or go on', async () => {
    conforms(await closedDay(placement))
    const { state, traces } = await fatalDay(placement)
    expect(state).toBe('failed')
    conforms({ state, traces })
  })

  test('does what its machines say when consumers share a topic', async () => {
    const { coverage } = conforms(await groupDay(placement))
    const seen = coverage.get('groups.classicGroup')?.seen ?? []
    expect(seen).toEqual(expect.arrayContaining(['completing assigned', 'storing stored', 'stable changed']))
    expect(coverage.get('groups.classicMember')?.seen).toEqual(
      expect.arrayContaining([
        'joining admit',
        'syncing share',
        'settled recall',
        'summoned join',
        'rejoining admit'
      ])
    )
  }, 40_000)

  test('does what its machines say when its disks are lost', async () => {
    const day = await brokenDay(placement)
    expect(day.state).toBe('failed')
    expect(conforms(day).coverage.get('partitionLog')?.seen).toContain('open ioFailed')
  })

  test.runIf(placement !== 'inline')('leaves the traces of the others when a worker dies', async () => {
    if (placement === 'inline') return
    const { state, traces } = await lastDay(placement)
    expect(state).toBe('failed')
    conforms({ state, traces }, ['died'])
    expect(traces.filter(({ numbers }) => numbers.length > 0)).toHaveLength(2)
  })
})

test('a broker that is started again and again does what its machines say', async () => {
  const [first, second, third] = (await threeDays('inline')).map(day => conforms(day))
  expect(first?.coverage.get('logDir')?.seen).not.toContain('inService.clean load')
  expect(second?.coverage.get('logDir')?.seen).toContain('inService.clean load')
  expect(third?.coverage.get('logDir')?.seen).toContain('inService.unclean load')
})

/** What those days have to show of each machine, in transitions. What no client can bring about is in its model. */
const least: Readonly<Record<string, number>> = {
  acceptor: 13,
  channel: 11,
  channelMute: 4,
  connectionCount: 5,
  delayedOperation: 5,
  exchange: 10,
  handler: 5,
  handlerPool: 6,
  processor: 5,
  requestChannel: 8
}

test.each(Object.entries(least))('enough of the machine %s is seen', (machine, count) => {
  const { seen = [] } = allDays().coverage.get(machine) ?? {}
  expect(seen.length, seen.join(', ')).toBeGreaterThanOrEqual(count)
})

test('a connection is seen in every state that its clients can bring it to', () => {
  expect([...allDays().joint.keys()]).toEqual(
    expect.arrayContaining([
      'open|notMuted|idle',
      'open|muted|waitingForRoom',
      'open|mutedAndResponsePending|handling',
      'open|mutedAndResponsePending|writing',
      'halfClosed|mutedAndResponsePending|handling',
      'halfClosed|mutedAndResponsePending|writing',
      'expired|mutedAndResponsePending|orphaned',
      'closed|notMuted|over',
      'shed|notMuted|over'
    ])
  )
})

test('a connection is seen in no state that the composed model does not reach', () => {
  const reachable = reachableJointStates()
  expect([...replay(all).joint.keys()].filter(state => !reachable.has(state))).toEqual([])
}, 120_000)

afterAll(() => {
  const { coverage, joint, entries, actors } = allDays()
  const states = [...joint].map(
    ([key, { times, longestMs }]) => `${key}: ${times}, ${longestMs.toFixed(1)} ms`
  )
  console.log(
    `${entries} entries of ${actors} actors\n${coverageText(coverage)}\n${states.sort().join('\n')}`
  )
})

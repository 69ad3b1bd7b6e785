// Goal: a member gives up before it is given, and reaches the target's epoch only then; a group is called what its members make
// of it. Method: events replayed on the pure machines.
import { describe, expect, test } from 'vitest'
import { initialTransition, transition } from 'xstate'
import {
  type ConsumerGroupEvent,
  consumerGroupMachine
} from '../../../../src/actors/groups/consumer/consumer-group.machine.js'
import { type MemberEvent, memberMachine } from '../../../../src/actors/groups/consumer/member.machine.js'

const nothing = { isBehind: false, holdsRevoked: false, mustRevoke: false, waitsForOthers: false }
const heard = (facts: Partial<typeof nothing> = {}): MemberEvent => ({
  type: 'reconcile',
  ...nothing,
  ...facts
})
const behind = (facts: Partial<typeof nothing> = {}): MemberEvent => heard({ isBehind: true, ...facts })

/** State, and what the last event makes the coordinator do. */
function outcome(...events: MemberEvent[]): [string, string[]] {
  let [state] = initialTransition(memberMachine)
  let deeds: string[] = []
  for (const event of events) {
    const [next, actions] = transition(memberMachine, state, event)
    state = next
    deeds = actions.map(({ type }) => type)
  }
  return [String(state.value), deeds]
}

describe('a member', () => {
  test('at the epoch of the target has nothing to do', () => {
    expect(outcome(heard({ mustRevoke: true, waitsForOthers: true }))).toEqual(['stable', []])
  })

  test('behind the target is given what is free', () => {
    expect(outcome(behind())).toEqual(['stable', ['moveToTarget']])
  })

  test('that holds what is no longer its own is asked to give it up, whatever else it could be given', () => {
    expect(outcome(behind({ mustRevoke: true, waitsForOthers: true }))).toEqual([
      'unrevokedPartitions',
      ['askToRevoke']
    ])
  })

  test('that has not said that it gave up stays where it is, though the target has changed', () => {
    const asked = behind({ mustRevoke: true })
    expect(outcome(asked, behind({ holdsRevoked: true, mustRevoke: true }))).toEqual([
      'unrevokedPartitions',
      []
    ])
  })

  test('that has given up is at the target, or is asked once more where that has changed', () => {
    const asked = behind({ mustRevoke: true })
    expect(outcome(asked, behind())).toEqual(['stable', ['release', 'moveToTarget']])
    expect(outcome(asked, behind({ waitsForOthers: true }))).toEqual([
      'unreleasedPartitions',
      ['release', 'moveToTarget']
    ])
    expect(outcome(asked, behind({ mustRevoke: true }))).toEqual([
      'unrevokedPartitions',
      ['release', 'askToRevoke']
    ])
  })

  test('that waits for others is looked at again, at whatever epoch', () => {
    const waiting = behind({ waitsForOthers: true })
    expect(outcome(waiting, heard({ waitsForOthers: true }))).toEqual([
      'unreleasedPartitions',
      ['moveToTarget']
    ])
    expect(outcome(waiting, heard())).toEqual(['stable', ['moveToTarget']])
    expect(outcome(waiting, behind({ mustRevoke: true }))).toEqual(['unrevokedPartitions', ['askToRevoke']])
  })

  test('in a state that a newer broker wrote is fenced as long as it may hold anything', () => {
    const unknown: MemberEvent = { type: 'recordedUnknown' }
    expect(outcome(unknown, behind({ mustRevoke: true }))).toEqual(['unknown', ['fence']])
    expect(outcome(unknown, behind())).toEqual(['stable', ['moveToTarget']])
  })

  test('is where the log says', () => {
    expect(outcome({ type: 'recordedUnrevoked' })).toEqual(['unrevokedPartitions', []])
    expect(outcome({ type: 'recordedUnreleased' }, { type: 'recordedStable' })).toEqual(['stable', []])
  })

  test('that is gone does not come back', () => {
    expect(outcome({ type: 'removed' }, behind())).toEqual(['gone', []])
  })
})

describe('a group', () => {
  const changed = (hasMembers: boolean, hasTarget: boolean, isReconciled: boolean): ConsumerGroupEvent => ({
    ...{ type: 'changed', hasMembers, hasTarget, isReconciled }
  })
  const stateAfter = (...events: ConsumerGroupEvent[]): unknown =>
    events.reduce(
      (state, event) => transition(consumerGroupMachine, state, event)[0],
      initialTransition(consumerGroupMachine)[0]
    ).value

  test.each([
    [changed(false, false, true), 'empty'],
    [changed(true, false, true), 'assigning'],
    [changed(true, true, false), 'reconciling'],
    [changed(true, true, true), 'stable']
  ])('after %j is %s, wherever it was', (event, name) => {
    expect(stateAfter(event)).toBe(name)
    expect(stateAfter(changed(true, true, true), event)).toBe(name)
    expect(stateAfter(changed(true, false, false), event)).toBe(name)
  })

  test('that has ended stays dead', () => {
    expect(stateAfter({ type: 'ended' }, changed(true, true, true))).toBe('dead')
  })
})

// Goal: a topic never skips a durable step and every state can be left. Method: replay events on the pure machine.
import { expect, test } from 'vitest'
import { initialTransition, transition } from 'xstate'
import { type TopicEvent, topicMachine } from '../../../src/actors/controller/topic.machine.js'

function after(...types: TopicEvent['type'][]): { state: unknown; actions: string[] } {
  let snapshot = initialTransition(topicMachine)[0]
  const actions: string[] = []
  for (const type of types) {
    const [next, done] = transition(topicMachine, snapshot, { type })
    snapshot = next
    actions.push(...done.map(action => action.type))
  }
  return { state: snapshot.value, actions }
}

test('a new topic is recorded, gets its logs and is shown, in this order', () => {
  expect(after('create', 'done', 'done', 'done')).toEqual({
    state: 'online',
    actions: ['recordTopic', 'createLogs', 'publish']
  })
})

test('a topic that the tree refuses never gets a log', () => {
  expect(after('create', 'refused')).toEqual({ state: 'gone', actions: ['recordTopic'] })
})

test('a deleted topic is marked, hidden, removed from disk and only then forgotten', () => {
  expect(after('resume', 'done', 'done', 'delete', 'done', 'done', 'done', 'done')).toEqual({
    state: 'gone',
    actions: ['createLogs', 'publish', 'markDeletion', 'publishDeletion', 'deleteLogs', 'forgetTopic']
  })
})

test('a deletion that a crash interrupted goes on without being marked again', () => {
  expect(after('resumeDeletion', 'done', 'done', 'done').actions).toEqual([
    'publishDeletion',
    'deleteLogs',
    'forgetTopic'
  ])
})

test('a deletion that a disk holds up can be asked for again', () => {
  expect(after('resumeDeletion', 'done', 'refused').state).toBe('deletionBlocked')
  expect(after('resumeDeletion', 'done', 'refused', 'delete', 'done', 'done').state).toBe('gone')
})

test('added partitions are recorded before their logs exist and shown last', () => {
  expect(after('resume', 'done', 'done', 'grow', 'done', 'done', 'done').actions.slice(2)).toEqual([
    'recordPartitions',
    'createLogs',
    'publish'
  ])
  expect(after('resume', 'done', 'done', 'grow', 'refused').state).toBe('online')
})

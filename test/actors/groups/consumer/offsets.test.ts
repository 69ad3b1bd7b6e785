// Goal: members of a consumer group commit and fetch offsets at their epoch, tools without one, as in Kafka 4.0. Method: a group
// in a world with simulated time is asked what it allows.
import { beforeEach, expect, it } from 'vitest'
import { ConsumerWorld } from './consumer-world.js'

let world: ConsumerWorld
beforeEach(() => {
  world = new ConsumerWorld()
  world.topic('t', 4)
})

const commit = { memberId: 'a', groupInstanceId: null, apiVersion: 9, isTransactional: false }

it('a member commits at its epoch', () => {
  const a = world.member('a', ['t']).join()
  const { group } = world
  expect(group.mayCommit({ ...commit, generationOrEpoch: a.epoch })).toBe('NONE')
  expect(group.mayCommit({ ...commit, generationOrEpoch: a.epoch - 1 })).toBe('STALE_MEMBER_EPOCH')
  expect(group.mayCommit({ ...commit, generationOrEpoch: 1, memberId: 'x' })).toBe('UNKNOWN_MEMBER_ID')
  expect(group.mayCommit({ ...commit, generationOrEpoch: 1, apiVersion: 8 })).toBe('UNSUPPORTED_VERSION')
  expect(group.mayCommit({ ...commit, generationOrEpoch: -1, memberId: '' })).toBe('UNKNOWN_MEMBER_ID')
})

it('tools commit for a group without members', () => {
  const a = world.member('a', ['t']).join()
  a.leave()
  expect(world.group.mayCommit({ ...commit, generationOrEpoch: -1, memberId: '' })).toBe('NONE')
})

it('a member fetches at its epoch, tools without one', () => {
  const a = world.member('a', ['t']).join()
  expect(world.group.mayFetch('a', a.epoch)).toBe('NONE')
  expect(world.group.mayFetch('a', 7)).toBe('STALE_MEMBER_EPOCH')
  expect(world.group.mayFetch('b', 1)).toBe('UNKNOWN_MEMBER_ID')
  expect(world.group.mayFetch(null, -1)).toBe('NONE')
})

it('offsets of topics that a member subscribes to stay', () => {
  world.member('a', ['t']).join()
  expect(world.group.subscribesTo('t')).toBe(true)
  expect(world.group.subscribesTo('u')).toBe(false)
})

// What members subscribe to, by name and by pattern, and which of it exists. Patterns are matched anew whenever topics come
// and go: what matches is part of the group's recorded subscription, not of the member's.
import type { Uuid } from '../../../protocol/schema.js'
import type { MetadataImage } from '../../controller/metadata-image.js'
import type { GroupRecord } from '../group-record.js'
import type { Member } from './member.js'
import { compilePattern } from './topic-pattern.js'

export interface SubscribedTopic {
  readonly topicId: Uuid
  readonly partitionCount: number
}

/** By name; only topics that exist. */
export type Subscription = ReadonlyMap<string, SubscribedTopic>

type Subscriber = Pick<Member, 'subscribedTopicNames' | 'subscribedTopicRegex'>

export function subscriptionOf(members: Iterable<Subscriber>, image: MetadataImage): Subscription {
  const subscription = new Map<string, SubscribedTopic>()
  for (const member of members) {
    for (const name of namesOf(member, image)) {
      const topic = image.topics.get(name)
      if (topic === undefined || subscription.has(name)) continue
      subscription.set(name, { topicId: topic.id, partitionCount: topic.partitions.length })
    }
  }
  return subscription
}

/** Names as subscribed, whether or not they exist, and those that its pattern matches. */
export function namesOf(member: Subscriber, image: MetadataImage): ReadonlySet<string> {
  const names = new Set(member.subscribedTopicNames)
  const regex = member.subscribedTopicRegex
  const matches = regex === null || regex === '' ? '' : compilePattern(regex)
  if (typeof matches === 'function') {
    for (const { name } of image.topics.values()) if (matches(name)) names.add(name)
  }
  return names
}

export function isSameSubscriptionOf(one: Subscription, other: Subscription): boolean {
  if (one.size !== other.size) return false
  for (const [name, { topicId, partitionCount }] of one) {
    const theirs = other.get(name)
    if (theirs?.topicId !== topicId || theirs.partitionCount !== partitionCount) return false
  }
  return true
}

export function subscriptionRecord(groupId: string, subscription: Subscription): GroupRecord {
  return {
    kind: 'consumerGroupPartitionMetadata',
    key: { groupId },
    value: {
      topics: [...subscription].map(([topicName, { topicId, partitionCount }]) => ({
        topicId,
        topicName,
        numPartitions: partitionCount,
        partitionMetadata: []
      }))
    }
  }
}

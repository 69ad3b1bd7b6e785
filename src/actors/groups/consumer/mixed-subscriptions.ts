// The uniform assignor where members subscribe to different topics. Everybody keeps what it had and may have; what is free
// goes to the subscriber with least; then topic by topic partitions move from those with most to those with least, until no
// move makes the subscribers of a topic more even. Overlapping subscriptions may end slightly uneven, as in Kafka.
import type { Uuid } from '../../../protocol/schema.js'
import type { Assignable, AssignedMember, Assignments } from './assignable.js'

/** Each round roughly halves what is uneven. */
const roundsMost = 16

interface Holder {
  readonly memberId: string
  /** Place among the members: who comes first is given first. */
  readonly index: number
  readonly partitions: Map<Uuid, Set<number>>
  size: number
}

interface Subscribed {
  readonly topicId: Uuid
  readonly partitionCount: number
  readonly holders: readonly Holder[]
  /** By partition; undefined: free. */
  readonly owners: (Holder | undefined)[]
}

export function assignMixedSubscriptions({ members, partitionCounts }: Assignable): Assignments {
  const holders = members.map(
    ({ memberId }, index): Holder => ({ memberId, index, partitions: new Map(), size: 0 })
  )
  const topics = [...partitionCounts]
    .map(([topicId, partitionCount]) => subscribed(topicId, partitionCount, members, holders))
    .sort(mostPartitionsEachFirst)
  for (const topic of topics) keepPrevious(topic, members)
  for (const topic of topics) {
    for (let partition = 0; partition < topic.partitionCount; partition++) {
      if (topic.owners[partition] === undefined) move(topic, partition, least(topic.holders))
    }
  }
  const uneven = topics.filter(topic => topic.holders.length > 1)
  for (let round = 0; round < roundsMost; round++) {
    const moved = uneven.reduce((sum, topic) => sum + even(topic), 0)
    if (moved === 0) break
  }
  return new Map(holders.map(({ memberId, partitions }) => [memberId, partitions]))
}

function subscribed(
  topicId: Uuid,
  partitionCount: number,
  members: readonly AssignedMember[],
  holders: readonly Holder[]
): Subscribed {
  return {
    topicId,
    partitionCount,
    holders: holders.filter(({ index }) => members[index]?.topics.has(topicId) === true),
    owners: Array.from({ length: partitionCount }, () => undefined)
  }
}

/** Topics that leave least choice come first. */
function mostPartitionsEachFirst(one: Subscribed, other: Subscribed): number {
  const each = ({ partitionCount, holders }: Subscribed): number => partitionCount / holders.length
  return (
    each(other) - each(one) ||
    one.holders.length - other.holders.length ||
    (one.topicId < other.topicId ? -1 : 1)
  )
}

function keepPrevious(topic: Subscribed, members: readonly AssignedMember[]): void {
  for (const holder of topic.holders) {
    for (const partition of members[holder.index]?.previous.get(topic.topicId) ?? []) {
      if (partition < topic.partitionCount && topic.owners[partition] === undefined) {
        move(topic, partition, holder)
      }
    }
  }
}

/** Gives it away as long as the one with most has two more than the one with least. Answers how many were moved. */
function even(topic: Subscribed): number {
  let moved = 0
  for (;;) {
    const to = least(topic.holders)
    const from = most(topic)
    if (from === undefined || from.size - to.size <= 1) return moved
    const mine = from.partitions.get(topic.topicId)
    if (mine === undefined) return moved
    move(topic, Math.max(...mine), to)
    moved++
  }
}

const least = (holders: readonly Holder[]): Holder =>
  holders.reduce((lightest, holder) => (holder.size < lightest.size ? holder : lightest))

/** Among those that have something of this topic to give. */
function most({ topicId, holders }: Subscribed): Holder | undefined {
  return holders
    .filter(({ partitions }) => partitions.has(topicId))
    .reduce<Holder | undefined>(
      (heaviest, holder) => (heaviest === undefined || holder.size > heaviest.size ? holder : heaviest),
      undefined
    )
}

function move({ topicId, owners }: Subscribed, partition: number, to: Holder): void {
  const from = owners[partition]
  const given = from?.partitions.get(topicId)
  if (from !== undefined && given !== undefined) {
    given.delete(partition)
    if (given.size === 0) from.partitions.delete(topicId)
    from.size--
  }
  const mine = to.partitions.get(topicId)
  if (mine === undefined) to.partitions.set(topicId, new Set([partition]))
  else mine.add(partition)
  to.size++
  owners[partition] = to
}

// Sets of partitions by topic id, and their algebra: what targets, assignments and revocations are made of. Values: nothing
// here changes what it is given, and no topic stands in one with an empty set.
import type { Uuid } from '../../../protocol/schema.js'

export type Assignment = ReadonlyMap<Uuid, ReadonlySet<number>>

/** As on the wire and in records. */
export interface TopicPartitions {
  readonly topicId: Uuid
  readonly partitions: readonly number[]
}

export const nothing: Assignment = new Map()

export function fromTopicPartitions(list: readonly TopicPartitions[]): Assignment {
  const assignment = new Map<Uuid, Set<number>>()
  for (const { topicId, partitions } of list) {
    if (partitions.length === 0) continue
    const known = assignment.get(topicId)
    if (known === undefined) assignment.set(topicId, new Set(partitions))
    else for (const partition of partitions) known.add(partition)
  }
  return assignment
}

/** Partitions in ascending order. */
export function toTopicPartitions(assignment: Assignment): TopicPartitions[] {
  return [...assignment].map(([topicId, partitions]) => ({
    topicId,
    partitions: [...partitions].sort((a, b) => a - b)
  }))
}

export function holds(assignment: Assignment, topicId: Uuid, partition: number): boolean {
  return assignment.get(topicId)?.has(partition) === true
}

/** The partitions for which `isKept` holds. */
export function filtered(
  assignment: Assignment,
  isKept: (topicId: Uuid, partition: number) => boolean
): Assignment {
  const kept = new Map<Uuid, ReadonlySet<number>>()
  for (const [topicId, partitions] of assignment) {
    const some = [...partitions].filter(partition => isKept(topicId, partition))
    if (some.length > 0) kept.set(topicId, new Set(some))
  }
  return kept
}

export const common = (one: Assignment, other: Assignment): Assignment =>
  filtered(one, (topicId, partition) => holds(other, topicId, partition))

export const without = (one: Assignment, other: Assignment): Assignment =>
  filtered(one, (topicId, partition) => !holds(other, topicId, partition))

export function union(one: Assignment, other: Assignment): Assignment {
  if (other.size === 0) return one
  const all = new Map(one)
  for (const [topicId, partitions] of other) {
    all.set(topicId, new Set([...(one.get(topicId) ?? []), ...partitions]))
  }
  return all
}

export function isSubset(one: Assignment, other: Assignment): boolean {
  for (const [topicId, partitions] of one) {
    for (const partition of partitions) if (!holds(other, topicId, partition)) return false
  }
  return true
}

export function isSame(one: Assignment, other: Assignment): boolean {
  if (one.size !== other.size) return false
  for (const [topicId, partitions] of one) {
    if (other.get(topicId)?.size !== partitions.size) return false
  }
  return isSubset(one, other)
}

/** Of all topics together. */
export function sizeOf(assignment: Assignment): number {
  let size = 0
  for (const partitions of assignment.values()) size += partitions.size
  return size
}

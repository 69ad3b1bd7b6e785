// The range assignor: of each topic, each of its subscribers gets one run of neighbouring partitions, in the order of the
// members, so that topics with equally many partitions are split alike: what joins over two topics need.
import type { Uuid } from '../../../protocol/schema.js'
import type { Assignable, AssignedMember, Assignments } from './assignable.js'
import type { Assignment } from './assignment.js'

export function assignRanges({ members, partitionCounts }: Assignable): Assignments {
  const inOrder = [...members].sort(byInstanceThenMember)
  const assigned = new Map(inOrder.map(({ memberId }) => [memberId, new Map<Uuid, ReadonlySet<number>>()]))
  for (const [topicId, partitionCount] of partitionCounts) {
    const subscribers = inOrder.filter(({ topics }) => topics.has(topicId))
    const each = Math.floor(partitionCount / subscribers.length)
    const withOneMore = partitionCount % subscribers.length
    let next = 0
    subscribers.forEach(({ memberId }, index) => {
      const size = index < withOneMore ? each + 1 : each
      if (size > 0) assigned.get(memberId)?.set(topicId, run(next, size))
      next += size
    })
  }
  return assigned satisfies ReadonlyMap<string, Assignment>
}

const run = (first: number, size: number): ReadonlySet<number> =>
  new Set(Array.from({ length: size }, (_, index) => first + index))

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** Static members first, and by their instance, so that they keep their place when they come back under another id. */
function byInstanceThenMember(one: AssignedMember, other: AssignedMember): number {
  if (one.instanceId !== null && other.instanceId !== null) return compare(one.instanceId, other.instanceId)
  if (one.instanceId !== null) return -1
  if (other.instanceId !== null) return 1
  return compare(one.memberId, other.memberId)
}

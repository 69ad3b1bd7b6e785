// The uniform assignor: as even as subscriptions allow, and each member keeps what it had as far as that is even. Where all
// members subscribe to the same topics sizes differ by one at most and no more partitions move than that needs.
import type { Uuid } from '../../../protocol/schema.js'
import type { Assignable, Assignments } from './assignable.js'
import type { Assignment } from './assignment.js'
import { assignMixedSubscriptions } from './mixed-subscriptions.js'

export function assignUniformly(assignable: Assignable): Assignments {
  if (assignable.members.length === 0 || assignable.partitionCounts.size === 0) return new Map()
  return isHomogeneous(assignable) ? assignAlike(assignable) : assignMixedSubscriptions(assignable)
}

/** Whether all members subscribe to the same topics. */
function isHomogeneous({ members, partitionCounts }: Assignable): boolean {
  return members.every(({ topics }) => topics.size === partitionCounts.size)
}

interface Share {
  readonly memberId: string
  readonly partitions: Map<Uuid, Set<number>>
  /** How many more it takes. */
  room: number
}

function assignAlike({ members, partitionCounts }: Assignable): Assignments {
  const total = [...partitionCounts.values()].reduce((sum, count) => sum + count, 0)
  const each = Math.floor(total / members.length)
  const taken = new Map([...partitionCounts.keys()].map(topicId => [topicId, new Set<number>()]))
  // Those who had more than their even share keep one more, as far as there are such places: fewer partitions move.
  const places = placesWithOneMore(members, partitionCounts, each, total % members.length)
  const shares = members.map(({ memberId, previous }): Share => {
    const share: Share = { memberId, partitions: new Map(), room: each + (places.has(memberId) ? 1 : 0) }
    for (const [topicId, partitions] of previous) {
      const count = partitionCounts.get(topicId) ?? 0
      for (const partition of partitions) {
        if (partition < count && taken.get(topicId)?.has(partition) === false) {
          if (share.room > 0) give(share, taken, topicId, partition)
        }
      }
    }
    return share
  })
  const takers = shares.filter(({ room }) => room > 0)
  let taker = 0
  for (const [topicId, count] of partitionCounts) {
    for (let partition = 0; partition < count; partition++) {
      if (taken.get(topicId)?.has(partition) === true) continue
      while ((takers[taker]?.room ?? 1) === 0) taker++
      const share = takers[taker]
      if (share !== undefined) give(share, taken, topicId, partition)
    }
  }
  return new Map(shares.map(({ memberId, partitions }) => [memberId, partitions satisfies Assignment]))
}

function give(share: Share, taken: Map<Uuid, Set<number>>, topicId: Uuid, partition: number): void {
  taken.get(topicId)?.add(partition)
  const mine = share.partitions.get(topicId)
  if (mine === undefined) share.partitions.set(topicId, new Set([partition]))
  else mine.add(partition)
  share.room--
}

function placesWithOneMore(
  members: Assignable['members'],
  partitionCounts: ReadonlyMap<Uuid, number>,
  each: number,
  places: number
): ReadonlySet<string> {
  const had = (previous: Assignment): number => {
    let size = 0
    for (const [topicId, partitions] of previous) {
      const count = partitionCounts.get(topicId) ?? 0
      for (const partition of partitions) if (partition < count) size++
    }
    return size
  }
  const hadMore = members.filter(({ previous }) => had(previous) > each)
  const others = members.filter(({ previous }) => had(previous) <= each)
  return new Set([...hadMore, ...others].slice(0, places).map(({ memberId }) => memberId))
}

// When a member's time is over: a session that is not renewed, a revocation that takes too long, and the two steps of a
// classic rebalance. Each is started after what it follows from was written.
import type { ConsumerGroup } from './consumer-group.js'
import { sessionTimeoutMs } from './consumer-settings.js'
import { expire } from './fencing.js'
import type { Member } from './member.js'

/** It was heard of: its session begins anew. */
export function renewSession(group: ConsumerGroup, { memberId, classic }: Member): void {
  const delayMs = classic?.sessionTimeoutMs ?? sessionTimeoutMs(group.home, group.groupId)
  group.timers.start('session', memberId, delayMs, () =>
    expire(group, memberId, `nothing was heard of it for ${delayMs} ms`)
  )
}

/** A member that was told to give up partitions has its rebalance timeout for it; one that did has no deadline. */
export function limitRevocation(group: ConsumerGroup, member: Member): void {
  const { memberId, epoch, state, classic, rebalanceTimeoutMs } = member
  if (classic !== null) return
  if (state !== 'unrevokedPartitions') {
    group.timers.cancel('rebalance', memberId)
    return
  }
  group.timers.start('rebalance', memberId, rebalanceTimeoutMs, () => {
    if (group.members.get(memberId)?.epoch !== epoch) return
    expire(group, memberId, `it did not come from epoch ${epoch} to the next within ${rebalanceTimeoutMs} ms`)
  })
}

/** A classic member was told to rejoin. */
export function limitJoin(group: ConsumerGroup, { memberId, rebalanceTimeoutMs }: Member): void {
  if (group.timers.isRunning('join', memberId)) return
  group.timers.start('join', memberId, rebalanceTimeoutMs, () =>
    expire(group, memberId, `it did not rejoin within ${rebalanceTimeoutMs} ms`)
  )
}

/** A classic member rejoined, and has to collect what it was assigned. */
export function limitSync(group: ConsumerGroup, { memberId, rebalanceTimeoutMs }: Member): void {
  group.timers.start('sync', memberId, rebalanceTimeoutMs, () =>
    expire(group, memberId, `it did not sync within ${rebalanceTimeoutMs} ms`)
  )
}

/** Of a member that was loaded: as if it was heard of just now. */
export function beginDeadlines(group: ConsumerGroup, member: Member): void {
  renewSession(group, member)
  limitRevocation(group, member)
}

// Ends the membership of members, because they left or were not heard of in time: their tombstones, and a new epoch of the
// group, at which the next heartbeat of any other member computes the target without them.
import type { ErrorName } from '../../../protocol/error-codes.js'
import type { Eventually } from '../../replicas/partition-commands.js'
import type { GroupRecord } from '../group-record.js'
import { epochRecord } from './advance.js'
import type { ConsumerGroup } from './consumer-group.js'
import { downgradeWithout } from './downgrade.js'
import { type Member, memberTombstones } from './member.js'
import { isSameSubscriptionOf, subscriptionOf, subscriptionRecord } from './subscriptions.js'

/** How long to wait before trying again what the log did not take. */
const againMs = 500

export function removeMembers(group: ConsumerGroup, gone: readonly Member[]): Eventually<ErrorName> {
  if (gone.length === 0) return 'NONE'
  const downgraded = downgradeWithout(group, gone)
  if (downgraded !== undefined) return downgraded
  const { groupId, home } = group
  const ids = new Set(gone.map(({ memberId }) => memberId))
  const records: GroupRecord[] = [...ids].flatMap(memberId => memberTombstones(groupId, memberId))
  const others = [...group.members.values()].filter(({ memberId }) => !ids.has(memberId))
  const subscription = subscriptionOf(others, home.metadata())
  if (!isSameSubscriptionOf(subscription, group.subscription)) {
    records.push(subscriptionRecord(groupId, subscription))
  }
  records.push(epochRecord(groupId, group.epoch + 1))
  const written = group.write(records)
  if (written === 'NONE' || written instanceof Promise) for (const id of ids) group.timers.cancelAll(id)
  return written
}

/** For timers: nobody waits for an answer, and what cannot be written now has to be written later. */
export function expire(group: ConsumerGroup, memberId: string, reason: string): void {
  const member = group.members.get(memberId)
  if (member === undefined || group.home.groups.get(group.groupId) !== group) return
  const { logger } = group.home
  logger.info(`member ${memberId} is removed from group ${group.groupId}: ${reason}`)
  const written = removeMembers(group, [member])
  if (written instanceof Promise) written.catch(() => {})
  else if (written !== 'NONE') {
    group.timers.start('session', memberId, againMs, () => expire(group, memberId, reason))
  }
}

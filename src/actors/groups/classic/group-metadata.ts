// Between a classic group and its record in the log, which holds one protocol of each member: that of the generation.
import type { GroupMetadataValue } from '../../../protocol/messages/group-metadata.js'
import type { Member, MemberDetails } from './member.js'
import type { Members } from './members.js'

interface Recorded {
  readonly protocolType: string
  readonly generation: number
  readonly protocol: string | null
  readonly members: Members
}

/** `stateSinceMs`: wall clock. */
export function groupRecord(
  { protocolType, generation, protocol, members }: Recorded,
  stateSinceMs: number,
  assignmentOf: (member: Member) => Buffer
): GroupMetadataValue {
  return {
    protocolType,
    generation,
    protocol,
    leader: members.leaderId === '' ? null : members.leaderId,
    currentStateTimestamp: BigInt(stateSinceMs),
    members: [...members].map(member => ({
      memberId: member.id,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeout: member.rebalanceTimeoutMs,
      sessionTimeout: member.sessionTimeoutMs,
      subscription: member.metadataOf(protocol),
      assignment: assignmentOf(member)
    }))
  }
}

/** Version 0 of the record has no rebalance timeout. */
export function detailsIn(
  { sessionTimeout, rebalanceTimeout, subscription, ...rest }: GroupMetadataValue['members'][number],
  protocol: string | null
): MemberDetails {
  return {
    memberId: rest.memberId,
    groupInstanceId: rest.groupInstanceId,
    clientId: rest.clientId,
    clientHost: rest.clientHost,
    sessionTimeoutMs: sessionTimeout,
    rebalanceTimeoutMs: rebalanceTimeout < 0 ? sessionTimeout : rebalanceTimeout,
    protocols: protocol === null ? [] : [{ name: protocol, metadata: subscription }]
  }
}

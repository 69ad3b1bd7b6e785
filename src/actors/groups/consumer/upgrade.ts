// Classic group to consumer group, when a member of the new protocol joins it: its members stay with what they were assigned,
// speak the classic protocol on, and are members of a consumer group. One batch ends the one group and begins the other.

import { ClassicGroup } from '../classic/classic-group.js'
import { consumerProtocolType, type Group, type GroupHome } from '../group.js'
import type { GroupRecord } from '../group-record.js'
import { epochRecord } from './advance.js'
import { nothing } from './assignment.js'
import type { ConsumerGroup } from './consumer-group.js'
import { readAssignment, readSubscription } from './consumer-protocol.js'
import { renewSession } from './deadlines.js'
import type { Place } from './find-group.js'
import { assignmentRecord, type Member, metadataRecord } from './member.js'
import { type Refusal, refused } from './refusal.js'
import { targetRecord } from './target-assignment.js'

type Create = (home: GroupHome, groupId: string) => ConsumerGroup

export function upgradeOf(home: GroupHome, classic: Group, create: Create): Place | Refusal {
  const { groupId } = classic
  const { migrationPolicy, maxSize } = home.settings.consumer
  if (!(classic instanceof ClassicGroup) || !['upgrade', 'bidirectional'].includes(migrationPolicy)) {
    return refused('GROUP_ID_NOT_FOUND', `Group ${groupId} is not a consumer group.`)
  }
  const { generation } = classic
  const fits = classic.protocolType === consumerProtocolType && classic.members.size <= maxSize
  const members = fits ? membersOf(classic, home) : undefined
  if (members === undefined) {
    const why = 'its members do not use the consumer protocol, or are too many'
    return refused('GROUP_ID_NOT_FOUND', `Cannot upgrade the classic group ${groupId}: ${why}.`)
  }
  const records = [
    ...members.map(member => metadataRecord(groupId, member)),
    epochRecord(groupId, generation),
    ...members.map(({ memberId, assigned }) => targetRecord(groupId, memberId, assigned)),
    {
      kind: 'consumerGroupTargetAssignmentMetadata',
      key: { groupId },
      value: { assignmentEpoch: generation }
    } as const,
    ...members.map(member => assignmentRecord(groupId, member))
  ]
  return placeOf(home, classic, create(home, groupId), records)
}

/** The group knows its members before the join is looked at; nothing of it is so until the batch is written. */
function placeOf(
  home: GroupHome,
  classic: Group,
  group: ConsumerGroup,
  records: readonly GroupRecord[]
): Place {
  for (const record of records) group.replay(record)
  return {
    group,
    write(joining) {
      const written = home.append([...classic.tombstones(), ...records, ...joining])
      if (written === 'NONE' || written instanceof Promise) {
        home.logger.info(`group ${group.groupId} is a consumer group from now on`)
        // Whoever waits in a join or a sync rejoins, and is a member of this group then.
        classic.unload('REBALANCE_IN_PROGRESS')
        home.groups.set(group.groupId, group)
        group.apply(joining)
        for (const member of group.members.values()) if (member.classic !== null) renewSession(group, member)
      } else group.unload()
      return written
    }
  }
}

/** Undefined: what one of them said cannot be read. */
function membersOf(classic: ClassicGroup, home: GroupHome): Member[] | undefined {
  const image = home.metadata()
  const members: Member[] = []
  for (const each of classic.members) {
    // Before the first generation nothing is agreed on: what a member likes best says what it subscribes to.
    const subscription = readSubscription(
      each.metadataOf(classic.protocol ?? each.protocols[0]?.name ?? null)
    )
    const assigned = readAssignment(each.assignment, image)
    if (subscription === undefined || assigned === undefined) return undefined
    members.push({
      memberId: each.id,
      instanceId: each.groupInstanceId,
      rackId: subscription.rackId,
      clientId: each.clientId,
      clientHost: each.clientHost,
      rebalanceTimeoutMs: each.rebalanceTimeoutMs,
      subscribedTopicNames: [...new Set(subscription.topics)].sort(),
      subscribedTopicRegex: null,
      serverAssignor: null,
      classic: { sessionTimeoutMs: each.sessionTimeoutMs, supportedProtocols: [...each.protocols] },
      epoch: classic.generation,
      previousEpoch: classic.generation,
      state: 'stable',
      assigned,
      pendingRevocation: nothing
    })
  }
  return members
}

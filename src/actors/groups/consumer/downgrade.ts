// Consumer group to classic group, when its last member of the new protocol goes and only classic ones are left: they are told
// to rejoin, and choose a leader that assigns. One batch ends the one group and begins the other.

import type { ErrorName } from '../../../protocol/error-codes.js'
import type { GroupMetadataValue } from '../../../protocol/messages/group-metadata.js'
import type { Eventually } from '../../replicas/partition-commands.js'
import { ClassicGroup } from '../classic/classic-group.js'
import { consumerProtocolType } from '../group.js'
import type { ConsumerGroup } from './consumer-group.js'
import { writeAssignment } from './consumer-protocol.js'
import type { ClassicMetadata, Member } from './member.js'

interface ClassicMember extends Member {
  readonly classic: ClassicMetadata
}

/** Undefined: it stays a consumer group. */
export function downgradeWithout(
  group: ConsumerGroup,
  gone: readonly Member[]
): Eventually<ErrorName> | undefined {
  const left = membersAfter(group, gone)
  return left === undefined ? undefined : downgrade(group, left)
}

/** The classic members that would be alone, and may be a classic group; undefined where not so. */
function membersAfter(group: ConsumerGroup, gone: readonly Member[]): ClassicMember[] | undefined {
  const { maxSize } = group.home.settings
  if (!isAllowed(group)) return undefined
  if (gone.every(({ classic }) => classic !== null)) return undefined
  const left = [...group.members.values()].filter(
    ({ memberId }) => !gone.some(member => member.memberId === memberId)
  )
  if (left.length === 0 || left.length > maxSize || !left.every(isClassic)) return undefined
  return left
}

/** A member of the classic protocol takes the place of its last one of the other: also where nobody else is left. */
export function mayDowngrade(group: ConsumerGroup, former: Member): boolean {
  return (
    isAllowed(group) && [...group.members.values()].every(member => member === former || isClassic(member))
  )
}

function isAllowed({ home }: ConsumerGroup): boolean {
  return ['downgrade', 'bidirectional'].includes(home.settings.consumer.migrationPolicy)
}

const isClassic = (member: Member): member is ClassicMember => member.classic !== null

function downgrade(group: ConsumerGroup, members: readonly ClassicMember[]): Eventually<ErrorName> {
  const { groupId, home } = group
  const value = recordOf(group, members)
  const written = home.append([
    ...group.tombstones(),
    { kind: 'groupMetadata', key: { group: groupId }, value }
  ])
  if (written !== 'NONE' && !(written instanceof Promise)) return written
  home.logger.info(`group ${groupId} is a classic group from now on, with ${members.length} members`)
  group.unload()
  const classic = ClassicGroup.fromRecord(home, groupId, value)
  home.groups.set(groupId, classic)
  classic.changed()
  return written
}

function recordOf(group: ConsumerGroup, members: readonly ClassicMember[]): GroupMetadataValue {
  const { home, epoch } = group
  const protocol = commonProtocol(members)
  return {
    protocolType: consumerProtocolType,
    generation: epoch,
    protocol,
    leader: members[0]?.memberId ?? null,
    currentStateTimestamp: BigInt(home.nowMs()),
    members: members.map(({ memberId, instanceId, clientId, clientHost, rebalanceTimeoutMs, classic }) => {
      const { name: _, metadata } = classic.supportedProtocols.find(({ name }) => name === protocol) ?? {
        name: protocol,
        metadata: Buffer.alloc(0)
      }
      return {
        memberId,
        groupInstanceId: instanceId,
        clientId,
        clientHost,
        rebalanceTimeout: rebalanceTimeoutMs,
        sessionTimeout: classic.sessionTimeoutMs,
        subscription: metadata,
        assignment: writeAssignment(group.targetOf(memberId), metadata, home.metadata())
      }
    })
  }
}

/** The first of somebody's that all support. They rejoin with all that they support. */
function commonProtocol(members: readonly ClassicMember[]): string {
  const names = members[0]?.classic.supportedProtocols.map(({ name }) => name) ?? []
  const isCommon = (wanted: string): boolean =>
    members.every(({ classic }) => classic.supportedProtocols.some(({ name }) => name === wanted))
  return names.find(isCommon) ?? names[0] ?? ''
}

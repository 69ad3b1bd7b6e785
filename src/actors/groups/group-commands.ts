// DescribeGroups and DeleteGroups of one group, and what ListGroups tells of it, whatever kind of group it is.
import { errorCode } from '../../protocol/error-codes.js'
import type { Eventually } from '../replicas/partition-commands.js'
import { groupErrorOf } from './group-log.js'
import type { Operations } from './group-operations.js'
import { offsetKeysOf, offsetTombstones } from './offset-commands.js'
import type { OffsetsHome } from './offsets-home.js'

/** A group that nobody knows is Dead, without an error. */
export function describeGroup(
  { groups }: OffsetsHome,
  { groupId }: Operations['describeGroup']['request']
): Operations['describeGroup']['answer'] {
  const known = groups.get(groupId)
  const { state, protocolType, protocol, members } =
    known === undefined ? { state: 'Dead', protocolType: '', protocol: '', members: [] } : known.describe()
  return {
    errorCode: errorCode('NONE'),
    groupId,
    groupState: state,
    protocolType,
    protocolData: protocol,
    members,
    authorizedOperations: notAsked
  }
}

/** Of authorized operations. */
const notAsked = -2147483648

/** Tombstones of its offsets and of itself in one batch: it is gone as a whole or not at all. */
export function deleteGroup(
  home: OffsetsHome,
  { groupId }: Operations['deleteGroup']['request']
): Eventually<Operations['deleteGroup']['answer']> {
  const group = home.groups.get(groupId)
  const refusal = group?.mayDelete() ?? 'GROUP_ID_NOT_FOUND'
  if (group === undefined || refusal !== 'NONE') return { error: refusal }
  const written = home.write([...offsetTombstones(offsetKeysOf(home, groupId)), ...group.tombstones()])
  // The log has it: a commit that comes while the disk is waited for makes a new group.
  if (written instanceof Promise || written.error === 'NONE') forget(home, groupId)
  return written instanceof Promise
    ? written.then(({ error }) => ({ error: groupErrorOf(error) }))
    : { error: groupErrorOf(written.error) }
}

function forget(home: OffsetsHome, groupId: string): void {
  home.groups.get(groupId)?.unload('UNKNOWN_MEMBER_ID')
  home.groups.delete(groupId)
  home.offsets.removeGroup(groupId)
}

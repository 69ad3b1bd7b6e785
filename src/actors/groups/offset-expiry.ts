// When committed offsets end (KIP-211): a retention after their group became empty, or after the commit where nobody says
// since when the group is empty or where a live member no longer subscribes to the topic. A group ends with its last offset.
import type { CommittedOffset, OffsetKey } from './committed-offsets.js'
import type { Group } from './group.js'
import { offsetKeysOf, removeOffsets } from './offset-commands.js'
import type { OffsetsHome } from './offsets-home.js'

export async function expireOffsets(home: OffsetsHome): Promise<void> {
  // A snapshot: groups go while it runs.
  for (const group of [...home.groups.values()]) {
    if (!home.isCurrent) return
    const expired = expiredOffsets(home, group)
    if (expired.length > 0) {
      home.counts.expired += expired.length
      await removeOffsets(home, expired)
    }
    if (home.isCurrent && isOver(home, group)) await endGroup(home, group)
  }
}

function expiredOffsets(home: OffsetsHome, group: Group): OffsetKey[] {
  const { offsets, settings, inFlight } = home
  const baseOf = expiryBase(group)
  if (baseOf === undefined) return []
  const now = home.nowMs()
  const expired: OffsetKey[] = []
  for (const [topic, partitions] of offsets.ofGroup(group.groupId) ?? []) {
    if (!group.isEmpty && group.subscribesTo(topic)) continue
    for (const [partition, committed] of partitions) {
      const atMs =
        committed.expireTimestampMs >= 0
          ? committed.expireTimestampMs
          : baseOf(committed) + settings.offsetsRetentionMs
      const key = { group: group.groupId, topic, partition }
      if (now >= atMs && !offsets.hasPending(key) && !inFlight.has(key)) expired.push(key)
    }
  }
  return expired
}

/** From when the retention counts; undefined: nothing of the group expires now. */
function expiryBase(group: Group): ((committed: CommittedOffset) => number) | undefined {
  const sinceCommit = ({ commitTimestampMs }: CommittedOffset): number => commitTimestampMs
  if (group.kind === 'consumer' || group.protocolType === '') return sinceCommit
  if (group.isEmpty) {
    const { emptySinceMs } = group
    return emptySinceMs >= 0 ? () => emptySinceMs : sinceCommit
  }
  // A group that rebalances may be about to subscribe to what it does not subscribe to now.
  return group.protocolType === 'consumer' && group.state === 'Stable' ? sinceCommit : undefined
}

function isOver(home: OffsetsHome, group: Group): boolean {
  const { groupId } = group
  const { offsets, inFlight } = home
  const hasOffsets =
    offsets.has(groupId) || offsets.hasPendingOf(groupId) || inFlight.ofGroup(groupId).length > 0
  return group.isEmpty && !hasOffsets && home.groups.get(groupId) === group
}

async function endGroup(home: OffsetsHome, group: Group): Promise<void> {
  const tombstones = group.tombstones()
  home.groups.delete(group.groupId)
  group.unload('UNKNOWN_MEMBER_ID')
  const error = await home.append(tombstones)
  if (error !== 'NONE') home.logger.warn(`group ${group.groupId} ended, which is not in the log: ${error}`)
}

/** Offsets of topics that are deleted, in every group. */
export async function removeOffsetsOfTopics(home: OffsetsHome, topics: readonly string[]): Promise<void> {
  const gone = new Set(topics)
  const groups = new Set([...home.offsets.groupIds(), ...home.inFlight.groupIds()])
  const keys = [...groups].flatMap(group => offsetKeysOf(home, group)).filter(({ topic }) => gone.has(topic))
  if (keys.length === 0) return
  const error = await removeOffsets(home, keys)
  if (error !== 'NONE') home.logger.warn(`offsets of ${topics.join(', ')} are not removed: ${error}`)
}

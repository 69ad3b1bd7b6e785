// When committed offsets end (KIP-211): a retention after their group became empty, or after the commit where nobody says
// since when the group is empty or where a live member no longer subscribes to the topic. A group ends with its last offset.
import { systemClock } from '../runtime/clock.js'
import { yieldToLoop } from '../runtime/timers.js'
import type { CommittedOffset, OffsetKey } from './committed-offsets.js'
import { consumerProtocolType, type Group } from './group.js'
import { removeOffsets } from './offset-commands.js'
import type { OffsetsHome } from './offsets-home.js'

/** Tombstones of one batch. */
const removedAtOnce = 1000

export async function expireOffsets(home: OffsetsHome): Promise<void> {
  const pace = new Slices()
  // A snapshot: groups go while it runs.
  for (const group of [...home.groups.values()]) {
    if (pace.isOver) await pace.next()
    if (!(await expireGroup(home, group, pace))) return
  }
}

/** False: the partition is not owned any more, or its log takes nothing. */
async function expireGroup(home: OffsetsHome, group: Group, pace: Slices): Promise<boolean> {
  for (;;) {
    if (!home.isCurrent) return false
    // What is found is written in the same turn: a commit or a join that comes between would not be seen.
    const expired = expiredOffsets(home, group)
    if (expired.length === 0) break
    if ((await removeOffsets(home, expired)) !== 'NONE') return false
    home.counts.expired += expired.length
    if (pace.isOver) await pace.next()
  }
  if (isOver(home, group)) await endGroup(home, group)
  return true
}

/** A thread has others to serve: after a slice of 2 ms they have their turn. */
class Slices {
  #endMs = systemClock.monotonicMs() + 2

  get isOver(): boolean {
    return systemClock.monotonicMs() >= this.#endMs
  }

  async next(): Promise<void> {
    await yieldToLoop()
    this.#endMs = systemClock.monotonicMs() + 2
  }
}

/** At most as many as are removed at once. */
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
      if (expired.length === removedAtOnce) return expired
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
  return group.protocolType === consumerProtocolType && group.state === 'Stable' ? sinceCommit : undefined
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
  const pace = new Slices()
  const keys: OffsetKey[] = []
  const remove = async (): Promise<void> => {
    const error = await removeOffsets(home, keys.splice(0))
    if (error !== 'NONE') home.logger.warn(`offsets of ${topics.join(', ')} are not removed: ${error}`)
  }
  for (const group of new Set([...home.offsets.groupIds(), ...home.inFlight.groupIds()])) {
    // One of that name may be there again.
    const gone = topics.filter(topic => !home.metadata().topics.has(topic))
    keys.push(...keysOfTopics(home, group, gone))
    if (keys.length >= removedAtOnce || pace.isOver) await remove()
    if (pace.isOver) await pace.next()
  }
  await remove()
}

function keysOfTopics(
  { offsets, inFlight }: OffsetsHome,
  group: string,
  topics: readonly string[]
): OffsetKey[] {
  const committed = offsets.ofGroup(group)
  const keys = topics.flatMap(topic =>
    [...(committed?.get(topic)?.keys() ?? [])].map(partition => ({ group, topic, partition }))
  )
  const coming = inFlight
    .ofGroup(group)
    .filter(key => topics.includes(key.topic) && offsets.find(key) === undefined)
  return [...keys, ...coming]
}

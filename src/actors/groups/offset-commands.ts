// OffsetCommit, OffsetFetch and OffsetDelete of one group, at its coordinator. A commit is in the log before it is in memory,
// and in memory before it is answered: what was acknowledged is what a fetch tells, and what a restart finds.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import type { OffsetCommitRequest, OffsetCommitResponse } from '../../protocol/messages/offset-commit.js'
import type { OffsetDeleteRequest } from '../../protocol/messages/offset-delete.js'
import type { Eventually } from '../replicas/partition-commands.js'
import type { CommittedOffset, OffsetKey } from './committed-offsets.js'
import { consumerProtocolType, type Group, type GroupCaller } from './group.js'
import { type Appended, commitErrorOf } from './group-log.js'
import type { Operations } from './group-operations.js'
import type { GroupRecord } from './group-record.js'
import type { OffsetsHome } from './offsets-home.js'

type CommitAnswer = Operations['commitOffsets']['answer']
type FetchAnswer = Operations['fetchOffsets']['answer']
type DeleteAnswer = Operations['deleteOffsets']['answer']
type CommitRecord = GroupRecord & { readonly kind: 'offsetCommit' }

/** From v9 on a client of a group that does not exist is told so. */
const memberEpochVersion = 9

export function commitOffsets(
  home: OffsetsHome,
  request: OffsetCommitRequest,
  { apiVersion }: GroupCaller
): Eventually<CommitAnswer> {
  const known = home.groups.get(request.groupId)
  const refusal = commitRefusal(known, request, apiVersion)
  if (refusal !== 'NONE') return commitAnswer(request, () => refusal)
  const group = known ?? home.kinds.simple(home, request.groupId)
  if (known === undefined) home.groups.set(request.groupId, group)
  const limit = home.settings.offsetMetadataMaxBytes
  const records: CommitRecord[] = []
  const isTooLong = (metadata: string | null): boolean => (metadata?.length ?? 0) > limit
  for (const { name, partitions } of request.topics) {
    for (const partition of partitions) {
      if (!isTooLong(partition.committedMetadata)) {
        records.push(commitRecord(home, request, name, partition))
      }
    }
  }
  const written = home.write(records)
  const answer = (appended: Appended): CommitAnswer => {
    const error = commitErrorOf(appended.error)
    if (error === 'NONE') apply(home, group, records, appended.firstOffset)
    else forgetUnused(home, group, known)
    return commitAnswer(request, metadata => (isTooLong(metadata) ? 'OFFSET_METADATA_TOO_LARGE' : error))
  }
  if (!(written instanceof Promise)) return answer(written)
  const keys = records.map(({ key }) => key)
  home.inFlight.begin(keys)
  return written.then(appended => {
    home.inFlight.end(keys)
    return answer(appended)
  })
}

function commitRefusal(
  group: Group | undefined,
  { memberId, groupInstanceId, generationIdOrMemberEpoch }: OffsetCommitRequest,
  apiVersion: number
): ErrorName {
  if (group !== undefined) {
    return group.mayCommit({
      memberId,
      groupInstanceId,
      generationOrEpoch: generationIdOrMemberEpoch,
      apiVersion,
      isTransactional: false
    })
  }
  if (generationIdOrMemberEpoch < 0) return 'NONE'
  return apiVersion >= memberEpochVersion ? 'GROUP_ID_NOT_FOUND' : 'ILLEGAL_GENERATION'
}

function commitRecord(
  home: OffsetsHome,
  { groupId, retentionTimeMs }: OffsetCommitRequest,
  topic: string,
  partition: OffsetCommitRequest['topics'][number]['partitions'][number]
): CommitRecord {
  const nowMs = BigInt(home.nowMs())
  const { partitionIndex, committedOffset, committedLeaderEpoch, commitTimestamp, committedMetadata } =
    partition
  return {
    kind: 'offsetCommit',
    key: { group: groupId, topic, partition: partitionIndex },
    value: {
      offset: committedOffset,
      leaderEpoch: committedLeaderEpoch,
      metadata: committedMetadata ?? '',
      commitTimestamp: commitTimestamp < 0n ? nowMs : commitTimestamp,
      expireTimestamp: retentionTimeMs < 0n ? -1n : nowMs + retentionTimeMs
    }
  }
}

/** The group may have been deleted while the records were on their way to the disk. */
function apply(home: OffsetsHome, group: Group, records: readonly CommitRecord[], firstOffset: number): void {
  if (home.groups.get(group.groupId) !== group) return
  home.counts.committed += records.length
  records.forEach(({ key, value }, i) => {
    if (value === null) return
    home.offsets.put(key, {
      offset: value.offset,
      leaderEpoch: value.leaderEpoch,
      metadata: value.metadata,
      commitTimestampMs: Number(value.commitTimestamp),
      expireTimestampMs: Number(value.expireTimestamp),
      recordOffset: firstOffset + i
    })
  })
}

/** A group that came to be with a commit that failed. */
function forgetUnused(home: OffsetsHome, group: Group, known: Group | undefined): void {
  const { groupId } = group
  if (
    known === undefined &&
    home.groups.get(groupId) === group &&
    !home.offsets.has(groupId) &&
    group.isEmpty
  )
    home.groups.delete(groupId)
}

function commitAnswer(
  { topics }: OffsetCommitRequest,
  errorOf: (metadata: string | null) => ErrorName
): CommitAnswer & Pick<OffsetCommitResponse, 'topics'> {
  return {
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, committedMetadata }) => ({
        partitionIndex,
        errorCode: errorCode(errorOf(committedMetadata))
      }))
    }))
  }
}

export function fetchOffsets(
  { groups, offsets }: OffsetsHome,
  { groupId, memberId, memberEpoch, topics, requireStable }: Operations['fetchOffsets']['request']
): FetchAnswer {
  const error = groups.get(groupId)?.mayFetch(memberId, memberEpoch) ?? 'NONE'
  if (error !== 'NONE') return { groupId, errorCode: errorCode(error), topics: [] }
  const one = (key: OffsetKey) => {
    const unstable = requireStable && offsets.hasPending(key)
    return partitionAnswer(key.partition, unstable ? undefined : offsets.find(key), unstable)
  }
  if (topics !== null) {
    return {
      groupId,
      errorCode: 0,
      topics: topics.map(({ name: topic, partitionIndexes }) => ({
        name: topic,
        partitions: partitionIndexes.map(partition => one({ group: groupId, topic, partition }))
      }))
    }
  }
  const all = [...(offsets.ofGroup(groupId) ?? [])].map(([topic, partitions]) => ({
    name: topic,
    partitions: [...partitions.keys()].map(partition => one({ group: groupId, topic, partition }))
  }))
  return { groupId, errorCode: 0, topics: all }
}

function partitionAnswer(
  partitionIndex: number,
  committed: CommittedOffset | undefined,
  unstable: boolean
): FetchAnswer['topics'][number]['partitions'][number] {
  return {
    partitionIndex,
    committedOffset: committed?.offset ?? -1n,
    committedLeaderEpoch: committed?.leaderEpoch ?? -1,
    metadata: committed?.metadata ?? '',
    errorCode: errorCode(unstable ? 'UNSTABLE_OFFSET_COMMIT' : 'NONE')
  }
}

export function deleteOffsets(
  home: OffsetsHome,
  { groupId, topics }: OffsetDeleteRequest
): Eventually<DeleteAnswer> {
  const group = home.groups.get(groupId)
  const refused = (error: ErrorName): DeleteAnswer => ({ errorCode: errorCode(error), topics: [] })
  if (group === undefined || group.state === 'Dead') return refused('GROUP_ID_NOT_FOUND')
  // Only a consumer's subscription says which topics are in use.
  if (!group.isEmpty && group.protocolType !== consumerProtocolType) return refused('NON_EMPTY_GROUP')
  const isInUse = (topic: string): boolean => group.subscribesTo(topic)
  const keys = topics
    .filter(({ name }) => !isInUse(name))
    .flatMap(({ name: topic, partitions }) =>
      partitions.map(({ partitionIndex }) => ({ group: groupId, topic, partition: partitionIndex }))
    )
    .filter(key => home.offsets.find(key) !== undefined || home.inFlight.has(key))
  const answer = (error: ErrorName): DeleteAnswer => ({
    errorCode: 0,
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: errorCode(isInUse(name) ? 'GROUP_SUBSCRIBED_TO_TOPIC' : error)
      }))
    }))
  })
  const removed = removeOffsets(home, keys)
  home.counts.deleted += keys.length
  return removed instanceof Promise ? removed.then(answer) : answer(removed)
}

/** Tombstones for each, and, once they are in the log, no longer in memory. NONE, or why they stay. */
export function removeOffsets(home: OffsetsHome, keys: readonly OffsetKey[]): Eventually<ErrorName> {
  const written = home.write(offsetTombstones(keys))
  const removed = ({ error, firstOffset }: Appended): ErrorName => {
    if (error !== 'NONE') return commitErrorOf(error)
    keys.forEach((key, i) => {
      const committed = home.offsets.find(key)
      // One that was committed after the tombstone stays.
      if (committed !== undefined && committed.recordOffset < firstOffset + i) home.offsets.remove(key)
    })
    return 'NONE'
  }
  return written instanceof Promise ? written.then(removed) : removed(written)
}

export function offsetTombstones(keys: readonly OffsetKey[]): CommitRecord[] {
  return keys.map(key => ({ kind: 'offsetCommit', key, value: null }))
}

/** Of one group: those that are committed, and those that are about to be. */
export function offsetKeysOf({ offsets, inFlight }: OffsetsHome, group: string): OffsetKey[] {
  const committed = [...(offsets.ofGroup(group) ?? [])].flatMap(([topic, partitions]) =>
    [...partitions.keys()].map(partition => ({ group, topic, partition }))
  )
  return [...committed, ...inFlight.ofGroup(group).filter(key => offsets.find(key) === undefined)]
}

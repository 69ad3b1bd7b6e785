// Results of a fetch in the shape of its response: grouped by topic without changing the order.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import type { fetchResponse } from '../../protocol/messages/fetch.js'
import type { InputOf, Uuid } from '../../protocol/schema.js'
import type { MetadataImage } from '../controller/metadata-image.js'
import type { SessionPartition } from '../replicas/fetch-session.js'
import type { FetchResult } from '../replicas/replica-access.js'
import { type CurrentLeader, currentLeader, leaderEndpoints } from './listener-view.js'

type Answer = InputOf<typeof fetchResponse>
type TopicAnswer = NonNullable<Answer['responses']>[number]
type PartitionAnswer = NonNullable<TopicAnswer['partitions']>[number]

export interface FetchAnswered {
  readonly asked: SessionPartition
  readonly result: FetchResult
}

export interface AnswerOptions {
  readonly version: number
  readonly sessionId: number
  readonly image?: MetadataImage
  readonly listener?: string
}

export function answerOf(answered: readonly FetchAnswered[], options: AnswerOptions): Answer {
  const { version, sessionId, image, listener } = options
  const responses: { topic: string; topicId: Uuid; partitions: PartitionAnswer[] }[] = []
  const leaders: CurrentLeader[] = []
  let last: (typeof responses)[number] | undefined
  for (const { asked, result } of answered) {
    const { topic, topicId, partition } = asked
    if (last === undefined || last.topic !== topic || last.topicId !== topicId) {
      last = { topic, topicId, partitions: [] }
      responses.push(last)
    }
    const leader = version >= 16 && image !== undefined ? newLeader(result, asked, image) : undefined
    if (leader !== undefined) leaders.push(leader)
    last.partitions.push(partitionAnswer(partition, result, version, leader))
  }
  const byKind = responses.map(({ topic, topicId, partitions }) =>
    version >= 13 ? { topicId, partitions } : { topic, partitions }
  )
  if (leaders.length === 0 || image === undefined || listener === undefined) {
    return version >= 7 ? { sessionId, responses: byKind } : { responses: byKind }
  }
  return { sessionId, responses: byKind, nodeEndpoints: leaderEndpoints(image, listener, leaders) }
}

function newLeader(
  result: FetchResult,
  asked: SessionPartition,
  image: MetadataImage
): CurrentLeader | undefined {
  if (result.kind !== 'refused') return undefined
  if (result.error !== 'NOT_LEADER_OR_FOLLOWER' && result.error !== 'FENCED_LEADER_EPOCH') return undefined
  const name = image.topicNames.get(asked.topicId)
  return name === undefined ? undefined : currentLeader(image.topics.get(name), asked.partition)
}

function partitionAnswer(
  partitionIndex: number,
  result: FetchResult,
  version: number,
  leader: CurrentLeader | undefined
): PartitionAnswer {
  if (result.kind === 'refused') {
    const refused = {
      partitionIndex,
      errorCode: errorCode(shown(result.error, version)),
      highWatermark: -1n,
      lastStableOffset: -1n,
      logStartOffset: -1n,
      abortedTransactions: version >= 4 ? [] : null,
      records: Buffer.alloc(0)
    }
    return leader === undefined ? refused : { ...refused, currentLeader: leader }
  }
  const answer = {
    partitionIndex,
    errorCode: 0,
    highWatermark: BigInt(result.highWatermark),
    lastStableOffset: BigInt(result.lastStableOffset),
    logStartOffset: BigInt(result.logStartOffset),
    abortedTransactions: result.abortedTransactions,
    records: result.records
  }
  if (result.diverging === undefined) return answer
  const { epoch, endOffset } = result.diverging
  return { ...answer, divergingEpoch: { epoch, endOffset: BigInt(endOffset) } }
}

/** Clients of v5 and below do not know KAFKA_STORAGE_ERROR: they are to look for another leader. */
function shown(error: ErrorName, version: number): ErrorName {
  return error === 'KAFKA_STORAGE_ERROR' && version <= 5 ? 'NOT_LEADER_OR_FOLLOWER' : error
}

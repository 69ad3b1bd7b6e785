// Produce. Behaviour: per partition the first refusal wins (topic, shape of the records, then what the leader says);
// the rest is appended, and answered when acks says so. Versions: 3 magic 2 only, 7 zstd, 8 record errors, 9 flexible,
// 10 the leader that the client should have asked.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import { type ProduceRequest, produceRequest, produceResponse } from '../../protocol/messages/produce.js'
import type { InputOf } from '../../protocol/schema.js'
import type { MetadataImage } from '../controller/metadata-image.js'
import type { StageStamps } from '../network/request.js'
import type { ProducePartition, ProduceResult } from '../replicas/replica-access.js'
import { loop } from '../runtime/loop.js'
import { defineApi, type Outcome, type RequestContext, respondWhen } from './api.js'
import { type CurrentLeader, currentLeader, leaderEndpoints } from './listener-view.js'
import { isTransactional, shapeRefusal } from './produce-shape.js'
import { isInternalTopic } from './topic-names.js'

type Answer = InputOf<typeof produceResponse>
type PartitionAnswer = NonNullable<NonNullable<Answer['responses']>[number]['partitionResponses']>[number]
type Refused = Extract<ProduceResult, { kind: 'refused' }>

const adminClient = '__admin_client'

interface Plan {
  /** One a partition, in request order: undefined where the leader is asked. */
  readonly refusals: (Refused | undefined)[]
  readonly asked: ProducePartition[]
}

export const produce = defineApi({
  key: 0,
  name: 'Produce',
  versions: [0, 11],
  request: produceRequest,
  response: produceResponse,
  needs: ['metadata', 'replicas'],
  keepsRequest: true,
  handle(request, context, { metadata, replicas }) {
    const { nowMs, frame, stamps, apiVersion: requestVersion } = context
    const image = metadata()
    const plan = planOf(request, context, image)
    notePlan(request, plan, stamps)
    if (plan.asked.length === 0) return outcomeOf(request, context, image, plan.refusals as Refused[])
    const { timeoutMs } = request
    const acks = request.acks as -1 | 0 | 1
    const partitions = plan.asked
    const results = replicas.produce({ partitions, acks, timeoutMs, requestVersion, nowMs, frame, stamps })
    return respondWhen(results, told => outcomeOf(request, context, image, merge(plan, told)))
  },
  errorResponse: (request, error) =>
    request.acks === 0 ? undefined : answerOf(request, (_, index) => partitionAnswer(refusal(error), index))
})

function planOf(request: ProduceRequest, context: RequestContext, image: MetadataImage): Plan {
  const plan: Plan = { refusals: [], asked: [] }
  for (const { name, partitionData } of request.topicData) {
    const topic = image.topics.get(name)
    for (const { index, records } of partitionData) {
      const early =
        topic === undefined || topic.partitions[index] === undefined
          ? refusal('UNKNOWN_TOPIC_OR_PARTITION')
          : refusalOf(request, name, records, context)
      plan.refusals.push(early)
      if (early !== undefined || topic === undefined) continue
      plan.asked.push({
        topic: name,
        topicId: topic.id,
        partition: index,
        records: records ?? Buffer.alloc(0)
      })
    }
  }
  return plan
}

function refusalOf(
  { acks }: ProduceRequest,
  topic: string,
  records: Buffer | null,
  { apiVersion, clientId }: RequestContext
): Refused | undefined {
  const shape = shapeRefusal(records, apiVersion)
  if (shape !== undefined) return refusal(shape.error, shape.message)
  // No transaction can be open as long as no transaction coordinator is served.
  if (isTransactional(records))
    return refusal(apiVersion >= 11 ? 'TRANSACTION_ABORTABLE' : 'INVALID_TXN_STATE')
  if (acks !== -1 && acks !== 0 && acks !== 1) return refusal('INVALID_REQUIRED_ACKS')
  if (clientId !== adminClient && isInternalTopic(topic)) return refusal('INVALID_TOPIC_EXCEPTION')
  return undefined
}

function refusal(error: ErrorName, message: string | null = null): Refused {
  return { kind: 'refused', error, message, logStartOffset: -1, recordErrors: [] }
}

function merge({ refusals }: Plan, told: readonly ProduceResult[]): readonly ProduceResult[] {
  if (told.length === refusals.length) return told
  let next = 0
  return refusals.map(early => early ?? told[next++] ?? refusal('UNKNOWN_SERVER_ERROR'))
}

function outcomeOf(
  request: ProduceRequest,
  context: RequestContext,
  image: MetadataImage,
  results: readonly ProduceResult[]
): Outcome<Answer> {
  noteResults(results, context.stamps)
  if (request.acks === 0) return outcomeWithoutAnswer(results)
  const leaders: CurrentLeader[] = []
  const response = answerOf(request, (topic, index, place) => {
    const result = results[place] ?? refusal('UNKNOWN_SERVER_ERROR')
    const answer = partitionAnswer(result, index)
    if (context.apiVersion < 10 || result.kind !== 'refused' || result.error !== 'NOT_LEADER_OR_FOLLOWER') {
      return answer
    }
    const leader = currentLeader(image.topics.get(topic), index)
    if (leader === undefined) return answer
    leaders.push(leader)
    return { ...answer, currentLeader: leader }
  })
  if (leaders.length === 0) return { kind: 'respond', response }
  const nodeEndpoints = leaderEndpoints(image, context.connection.listener, leaders)
  return { kind: 'respond', response: { ...response, nodeEndpoints } }
}

function notePlan({ topicData }: ProduceRequest, { refusals }: Plan, stamps: StageStamps): void {
  stamps.decidedMs = loop().stampMs()
  stamps.topic = topicData[0]?.name ?? ''
  stamps.partition = topicData[0]?.partitionData[0]?.index ?? -1
  stamps.partitions = refusals.length
}

function noteResults(results: readonly ProduceResult[], stamps: StageStamps): void {
  const [first] = results
  if (first?.kind === 'appended' || first?.kind === 'duplicate') {
    stamps.baseOffset = first.baseOffset
    stamps.lastOffset = first.lastOffset
  }
  for (const result of results) {
    if (result.kind !== 'refused') continue
    stamps.errorCode = errorCode(result.error)
    return
  }
}

/** acks=0: the client learns of a failure only by losing its connection. */
function outcomeWithoutAnswer(results: readonly ProduceResult[]): Outcome<Answer> {
  for (const result of results) {
    if (result.kind === 'refused') {
      return {
        kind: 'close',
        reason: `produce with acks=0 failed: ${result.error} ${result.message ?? ''}`.trimEnd()
      }
    }
  }
  return { kind: 'respondNothing' }
}

function answerOf(
  { topicData }: ProduceRequest,
  partitionOf: (topic: string, index: number, place: number) => PartitionAnswer
): Answer {
  let place = 0
  const responses = topicData.map(({ name, partitionData }) => ({
    name,
    partitionResponses: partitionData.map(({ index }) => partitionOf(name, index, place++))
  }))
  return { responses }
}

function partitionAnswer(result: ProduceResult, index: number): PartitionAnswer {
  if (result.kind === 'refused') {
    const recordErrors = result.recordErrors.map(({ batchIndex, message }) => ({
      batchIndex,
      batchIndexErrorMessage: message
    }))
    return {
      index,
      errorCode: errorCode(result.error),
      baseOffset: -1n,
      logAppendTimeMs: -1n,
      logStartOffset: BigInt(result.logStartOffset),
      recordErrors,
      errorMessage: result.message
    }
  }
  return {
    index,
    errorCode: 0,
    baseOffset: result.kind === 'nothing' ? -1n : BigInt(result.baseOffset),
    logAppendTimeMs: result.kind === 'nothing' ? -1n : BigInt(result.logAppendTimeMs),
    logStartOffset: result.kind === 'nothing' ? -1n : BigInt(result.logStartOffset)
  }
}

// Fetch. Behaviour: the session says what is asked, the leaders answer (waiting for min bytes), the session says what of
// it is news. Versions: 3 max bytes of the whole, 4 read_committed, 7 sessions, 12 flexible and epochs, 13 topic ids,
// 16 endpoints of new leaders. Below 4 the records are converted to the old formats.

import { topicValue } from '../../config/topic-config.js'
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import { type FetchRequest, fetchRequest, fetchResponse } from '../../protocol/messages/fetch.js'
import { type InputOf, ZERO_UUID } from '../../protocol/schema.js'
import type { MetadataImage } from '../controller/metadata-image.js'
import type { FetchContext, SessionPartition } from '../replicas/fetch-session.js'
import type { FetchCommand, FetchResult } from '../replicas/replica-access.js'
import { loop } from '../runtime/loop.js'
import { defineApi, type Outcome, type RequestContext, respondWhen } from './api.js'
import { answerOf, type FetchAnswered } from './fetch-answer.js'
import { downConverted } from './fetch-conversion.js'
import { isFollower, partitionsOf, sessionRequestOf } from './fetch-request.js'
import type { ApiNeeds } from './needs.js'

type Answer = InputOf<typeof fetchResponse>
type FetchNeeds = Pick<ApiNeeds, 'metadata' | 'replicas' | 'fetchSessions' | 'config'>

export const fetch = defineApi({
  key: 1,
  name: 'Fetch',
  versions: [0, 17],
  request: fetchRequest,
  response: fetchResponse,
  needs: ['metadata', 'replicas', 'fetchSessions', 'config'],
  handle(request, context, needs) {
    const { apiVersion } = context
    if (apiVersion < 7) {
      const session = { kind: 'full', wantsSession: false, partitions: partitionsOf(request) } as const
      return serve(request, context, needs, session)
    }
    const begun = needs.fetchSessions.begin(sessionRequestOf(request, apiVersion))
    if (!(begun instanceof Promise)) return serve(request, context, needs, begun)
    return {
      kind: 'park',
      completion: begun.then(session => serve(request, context, needs, session))
    } satisfies Outcome<Answer>
  },
  errorResponse(request, error, version) {
    const result: FetchResult = { kind: 'refused', error }
    const answered = partitionsOf(request).map(asked => ({ asked, result }))
    return answerOf(answered, { version, sessionId: request.sessionId })
  }
})

function serve(
  request: FetchRequest,
  context: RequestContext,
  needs: FetchNeeds,
  session: FetchContext
): Outcome<Answer> {
  if (session.kind === 'refused') {
    return { kind: 'respond', response: { errorCode: errorCode(session.error), sessionId: 0, responses: [] } }
  }
  const image = needs.metadata()
  noteAsked(session.partitions, context, image)
  const refusals = session.partitions.map(asked => refusalOf(asked, context.apiVersion, image))
  const command = commandOf(request, context.apiVersion, needs, { session, refusals, image })
  return respondWhen(needs.replicas.fetch(command), results => {
    const answered = merge(session, refusals, results)
    noteErrors(answered, context)
    const converted = downConverted(answered, {
      version: context.apiVersion,
      refusalFor: topic => conversionRefusal(topic, image, needs.config)
    })
    return respondWhen(converted, ready => ({
      kind: 'respond',
      response: told(request, context, needs, { session, answered: ready, image }),
      taken: () => needs.replicas.giveBack(results)
    }))
  })
}

function noteAsked(
  partitions: readonly SessionPartition[],
  { apiVersion, stamps }: RequestContext,
  image: MetadataImage
): void {
  const [first] = partitions
  stamps.decidedMs = loop().stampMs()
  stamps.partitions = partitions.length
  if (first === undefined) return
  stamps.topic = apiVersion >= 13 ? (image.topicNames.get(first.topicId) ?? '') : first.topic
  stamps.partition = first.partition
}

function noteErrors(answered: readonly FetchAnswered[], { stamps }: RequestContext): void {
  for (const { result } of answered) {
    if (result.kind !== 'refused') continue
    stamps.errorCode = errorCode(result.error)
    return
  }
}

function refusalOf(asked: SessionPartition, version: number, image: MetadataImage): ErrorName | undefined {
  const name = version >= 13 ? image.topicNames.get(asked.topicId) : asked.topic
  if (name === undefined) return 'UNKNOWN_TOPIC_ID'
  const topic = image.topics.get(name)
  return topic?.partitions[asked.partition] === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : undefined
}

interface Asked {
  readonly session: Exclude<FetchContext, { kind: 'refused' }>
  readonly refusals: readonly (ErrorName | undefined)[]
  readonly image: MetadataImage
}

function commandOf(
  request: FetchRequest,
  version: number,
  { config }: FetchNeeds,
  { session, refusals, image }: Asked
): FetchCommand {
  const partitions = session.partitions.flatMap((asked, i) => {
    if (refusals[i] !== undefined) return []
    const topic = version >= 13 ? (image.topicNames.get(asked.topicId) ?? '') : asked.topic
    const topicId = version >= 13 ? asked.topicId : (image.topics.get(topic)?.id ?? ZERO_UUID)
    const { partition, fetchOffset, maxBytes, currentLeaderEpoch, lastFetchedEpoch } = asked
    return { topic, topicId, partition, fetchOffset, maxBytes, currentLeaderEpoch, lastFetchedEpoch }
  })
  const isAnyRefused = refusals.some(refusal => refusal !== undefined)
  const upTo = isFollower(request) ? 'logEnd' : request.isolationLevel === 1 ? 'lastStable' : 'highWatermark'
  return {
    partitions,
    minBytes: request.minBytes,
    maxBytes: Math.min(request.maxBytes, config.get('fetch.max.bytes')),
    maxWaitMs: isAnyRefused ? 0 : request.maxWaitMs,
    upTo,
    hardMaxBytes: version < 3
  }
}

/** Good ones first, in their order; what was refused before anything was read comes last. */
function merge(
  session: Asked['session'],
  refusals: Asked['refusals'],
  results: readonly FetchResult[]
): FetchAnswered[] {
  const good: FetchAnswered[] = []
  const bad: FetchAnswered[] = []
  session.partitions.forEach((asked, i) => {
    const error = refusals[i]
    if (error !== undefined) bad.push({ asked, result: { kind: 'refused', error } })
    else
      good.push({ asked, result: results[good.length] ?? { kind: 'refused', error: 'UNKNOWN_SERVER_ERROR' } })
  })
  return bad.length === 0 ? good : [...good, ...bad]
}

interface Finished {
  readonly session: Asked['session']
  readonly answered: readonly FetchAnswered[]
  readonly image: MetadataImage
}

function told(
  request: FetchRequest,
  { apiVersion: version, connection }: RequestContext,
  { fetchSessions }: FetchNeeds,
  { session, answered, image }: Finished
): Answer {
  const isIncremental = session.kind === 'incremental'
  const news = isIncremental ? answered.filter(isNews) : answered
  let sessionId = 0
  if (isIncremental) {
    sessionId = session.sessionId
    fetchSessions.told(sessionId, news.map(toldOf))
  } else if (session.wantsSession && version >= 7) {
    sessionId = fetchSessions.open(sessionRequestOf(request, version), news.map(toldOf))
  }
  return answerOf(news, { version, sessionId, image, listener: connection.listener })
}

/** Old clients of a topic that forbids conversion, or stores what they cannot have, get an error instead. */
function conversionRefusal(
  topic: string,
  image: MetadataImage,
  config: FetchNeeds['config']
): ErrorName | undefined {
  const overrides = image.topics.get(topic)?.configs ?? {}
  if (!topicValue(config, overrides, 'message.downconversion.enable')) return 'UNSUPPORTED_VERSION'
  const isZstd = topicValue(config, overrides, 'compression.type') === 'zstd'
  return isZstd ? 'UNSUPPORTED_COMPRESSION_TYPE' : undefined
}

function isNews({ asked, result }: FetchAnswered): boolean {
  if (result.kind === 'refused' || result.bytes > 0 || result.diverging !== undefined) return true
  return (
    result.highWatermark !== asked.toldHighWatermark || result.logStartOffset !== asked.toldLogStartOffset
  )
}

function toldOf({ asked, result }: FetchAnswered) {
  const { topic, topicId, partition } = asked
  // An error is told again and again: whatever comes after it is news.
  if (result.kind === 'refused') {
    return { topic, topicId, partition, highWatermark: -1, logStartOffset: -1, hadRecords: false }
  }
  const { highWatermark, logStartOffset, bytes } = result
  return { topic, topicId, partition, highWatermark, logStartOffset, hadRecords: bytes > 0 }
}

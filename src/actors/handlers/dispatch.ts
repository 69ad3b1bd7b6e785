// From a request to its one response: find the API, check the version, decode, let it handle, encode, hand over. What a
// handler throws is answered in the request's own shape; what a peer gets wrong costs it its connection.

import { codecOf } from '../../protocol/codec.js'
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import { encodeResponse } from '../../protocol/header.js'
import { ProtocolError } from '../../protocol/protocol-error.js'
import type { InputOf, MessageSchema, ValueOf } from '../../protocol/schema.js'
import { advertisedOf } from '../apis/advertised.js'
import type { Api, Outcome } from '../apis/api.js'
import { unsupportedApiVersions } from '../apis/api-versions.js'
import { apis as registered } from '../apis/index.js'
import type { ApiNeeds } from '../apis/needs.js'
import type { Request, Response } from '../network/request.js'
import type { Clock } from '../runtime/clock.js'
import type { Logger } from '../runtime/log.js'

/** The side of the request channel that answers. */
export interface ResponseChannel {
  sendResponse(request: Request, response: Response): void
}

export interface DispatcherOptions {
  /** `advertised` may be left out: it follows from the list of APIs. */
  readonly needs: Omit<ApiNeeds, 'advertised'> & Partial<Pick<ApiNeeds, 'advertised'>>
  readonly channel: ResponseChannel
  readonly logger: Logger
  readonly clock: Clock
  /** What is served; all of KafkaApis when left out. */
  readonly apis?: readonly Api[]
}

/**
 * Handles one request; every request gets exactly one response, at once or later. The promise, when there is one, is
 * that of a handler that is still busy; a parked request leaves its handler free and is answered by whoever completes it.
 */
export type Dispatch = (request: Request) => void | Promise<void>

/** A handler may throw this to be answered with the named error. */
export class HandlerFailure extends Error {
  override readonly name = 'HandlerFailure'
  constructor(
    readonly error: ErrorName,
    message: string
  ) {
    super(message)
  }
}

type Body = ValueOf<MessageSchema>
type Answer = InputOf<MessageSchema>

export function createDispatcher(options: DispatcherOptions): Dispatch {
  const list = options.apis ?? registered
  const advertised = advertisedOf(list)
  const byKey: (Api | undefined)[] = []
  for (const api of list) byKey[api.key] = api
  const needs: ApiNeeds = { advertised: () => advertised, ...options.needs }
  const answer = answering(options)
  return request => {
    const api = byKey[request.apiKey]
    const isServed =
      api !== undefined && request.apiVersion >= api.versions[0] && request.apiVersion <= api.versions[1]
    if (!isServed) return answer.unserved(request, api, advertised)
    return handleWith(api, request, { needs, answer, options })
  }
}

interface Handling {
  readonly needs: ApiNeeds
  readonly answer: ReturnType<typeof answering>
  readonly options: DispatcherOptions
}

function handleWith(api: Api, request: Request, { needs, answer, options }: Handling): void | Promise<void> {
  const bytes = api.copiesRequest === true ? Buffer.from(request.body) : request.body
  const decoded = codecOf(api.request, request.apiVersion).decode(bytes)
  if (decoded instanceof ProtocolError) {
    options.logger.warn(`closing ${request.connection.id}: ${decoded.reason}`)
    return answer.close(request, decoded.reason)
  }
  const body = decoded.value
  if (api.keepsRequest !== true) request.release()
  const { apiVersion, clientId, connection, frame, stamps } = request
  const context = { apiVersion, clientId, connection, frame, stamps, nowMs: options.clock.nowMs() }
  try {
    const outcome = api.handle(body, context, needs)
    if (outcome instanceof Promise) {
      return outcome.then(
        late => answer.outcome(api, request, body, late),
        error => answer.failure(api, request, body, error)
      )
    }
    answer.outcome(api, request, body, outcome)
  } catch (error) {
    answer.failure(api, request, body, error)
  }
}

function answering({ channel, logger, clock }: DispatcherOptions) {
  const send = (request: Request, response: Response): void => {
    const { stamps } = request
    stamps.responseCompleteMs = clock.monotonicMs()
    // Encoding is the handler's work, unless it has let go of the request before.
    if (stamps.localCompleteMs === 0) stamps.localCompleteMs = stamps.responseCompleteMs
    request.release()
    channel.sendResponse(request, response)
  }
  const close = (request: Request, reason: string): void => send(request, { kind: 'closeConnection', reason })

  function encoded(api: Api, request: Request, version: number, body: Answer, taken?: () => void): Response {
    const chunks = codecOf(api.response, version).encode(body)
    const whole = encodeResponse(request.apiKey, version, request.correlationId, chunks)
    return { kind: 'send', chunks: whole, taken }
  }

  /** May throw while encoding; nothing was sent then. */
  function settle(api: Api, request: Request, body: Body, outcome: Outcome<Answer>): void {
    const { stamps } = request
    if (stamps.decidedMs === 0) stamps.decidedMs = clock.monotonicMs()
    switch (outcome.kind) {
      case 'respond':
        noteAnswer(stamps, outcome)
        send(request, encoded(api, request, request.apiVersion, outcome.response, outcome.taken))
        break
      case 'respondNothing':
        send(request, { kind: 'noOp' })
        break
      case 'close':
        logger.info(`closing ${request.connection.id}: ${outcome.reason}`)
        close(request, outcome.reason)
        break
      case 'park':
        if (stamps.localCompleteMs === 0) stamps.localCompleteMs = clock.monotonicMs()
        outcome.completion.then(
          late => {
            stamps.completedMs = clock.monotonicMs()
            answer.outcome(api, request, body, late)
          },
          error => answer.failure(api, request, body, error)
        )
    }
  }

  const answer = {
    close,
    /** A version from the future gets an answer only from ApiVersions, which is how clients find ours. */
    unserved(
      request: Request,
      api: Api | undefined,
      advertised: Parameters<typeof unsupportedApiVersions>[0]
    ) {
      const known = `${api?.name ?? `API key ${request.apiKey}`} version ${request.apiVersion}`
      if (api?.name !== 'ApiVersions') {
        logger.warn(`closing ${request.connection.id}: ${known} is not served`)
        return close(request, `${known} is not served`)
      }
      send(request, encoded(api, request, 0, unsupportedApiVersions(advertised)))
    },
    outcome(api: Api, request: Request, body: Body, outcome: Outcome<Answer>): void {
      try {
        settle(api, request, body, outcome)
      } catch (error) {
        answer.failure(api, request, body, error)
      }
    },
    failure(api: Api, request: Request, body: Body, error: unknown): void {
      logger.error(`${api.name} v${request.apiVersion} of ${request.connection.id} failed`, error)
      const name = error instanceof HandlerFailure ? error.error : 'UNKNOWN_SERVER_ERROR'
      request.stamps.errorCode = errorCode(name)
      let response: Response = { kind: 'closeConnection', reason: `${api.name} failed and expects no answer` }
      try {
        const inItsShape = api.errorResponse(body, name, request.apiVersion)
        if (inItsShape !== undefined) response = encoded(api, request, request.apiVersion, inItsShape)
      } catch (second) {
        logger.error(`${api.name} could not be answered with ${name}`, second)
      }
      send(request, response)
    }
  }
  return answer
}

/** What every API's answer may say of itself; those that answer per partition note the first error themselves. */
function noteAnswer(
  stamps: Request['stamps'],
  { response, throttleTimeMs = 0 }: Extract<Outcome<Answer>, { kind: 'respond' }>
): void {
  stamps.throttleMs = throttleTimeMs
  const { errorCode: told } = response as { readonly errorCode?: unknown }
  if (typeof told === 'number' && stamps.errorCode === 0) stamps.errorCode = told
}

// What an API is: a key, the versions it serves, its schemas, what it needs, and a handler that returns an outcome.

import type { ErrorName } from '../../protocol/error-codes.js'
import type { InputOf, MessageSchema, ValueOf } from '../../protocol/schema.js'
import type { ConnectionInfo, StageStamps } from '../network/request.js'
import type { BlockRef } from '../runtime/arena.js'
import type { ApiNeeds } from './needs.js'

/** What a handler may say. There is no null with a meaning. */
export type Outcome<Response> =
  | {
      readonly kind: 'respond'
      readonly response: Response
      readonly throttleTimeMs?: number
      /** The peer's kernel has the whole response, or a copy of it was made; not called when the connection ended. */
      readonly taken?: () => void
    }
  /** Produce with acks=0. */
  | { readonly kind: 'respondNothing' }
  /** The peer broke the protocol, or failed with acks=0. */
  | { readonly kind: 'close'; readonly reason: string }
  /** Answered later, exactly once, by whoever completes the operation (see lifecycle of delayed operations). */
  | { readonly kind: 'park'; readonly completion: Promise<Outcome<Response>> }

export interface RequestContext {
  readonly apiVersion: number
  readonly clientId: string | null
  readonly connection: ConnectionInfo
  /** Wall clock of this request's handling, ms since epoch. */
  readonly nowMs: number
  /** Where the request's bytes lie. */
  readonly frame: BlockRef
  readonly stamps: StageStamps
}

type Needs<K extends keyof ApiNeeds> = Pick<ApiNeeds, K>

export interface ApiDefinition<
  Req extends MessageSchema,
  Res extends MessageSchema,
  K extends keyof ApiNeeds = keyof ApiNeeds
> {
  readonly key: number
  readonly name: string
  /** The versions served, both ends included; ApiVersions advertises exactly these. */
  readonly versions: readonly [min: number, max: number]
  readonly request: Req
  readonly response: Res
  readonly needs: readonly K[]
  /** The handler uses views of the request's memory until it has answered; otherwise it is given back after decoding. */
  readonly keepsRequest?: true
  /** Byte fields of the request outlive it: it is decoded from a copy, and its memory is given back at once. */
  readonly copiesRequest?: true
  handle(
    request: ValueOf<Req>,
    context: RequestContext,
    needs: Needs<K>
  ): Outcome<InputOf<Res>> | Promise<Outcome<InputOf<Res>>>
  /**
   * The answer in the request's own shape when the handler throws (all partitions get the code); undefined when the
   * client expects no answer: then its connection is closed.
   */
  errorResponse(request: ValueOf<Req>, error: ErrorName, version: number): InputOf<Res> | undefined
}

/** An API whose message types are forgotten, as dispatch sees it. */
export type Api = ApiDefinition<MessageSchema, MessageSchema>

export function defineApi<Req extends MessageSchema, Res extends MessageSchema, K extends keyof ApiNeeds>(
  definition: ApiDefinition<Req, Res, K>
): ApiDefinition<Req, Res, K> {
  return definition
}

export function respond<Response>(response: Response, throttleTimeMs = 0): Outcome<Response> {
  return { kind: 'respond', response, throttleTimeMs }
}

/** An answer that may have to wait: parked then, so that the handler can take the next request meanwhile. */
export function respondWhen<T, Response>(
  value: T | Promise<T>,
  next: (value: T) => Outcome<Response>
): Outcome<Response> {
  return value instanceof Promise ? { kind: 'park', completion: value.then(next) } : next(value)
}

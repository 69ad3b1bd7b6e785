// What an API is: a key, the versions it serves, its schemas, what it needs, and a handler that returns an outcome.
import type { MessageSchema, InputOf, ValueOf } from '../../protocol/schema.js'
import type { ErrorName } from '../../protocol/error-codes.js'
import type { ConnectionInfo } from '../network/request.js'
import type { ApiNeeds } from './needs.js'

/** What a handler may say. There is no null with a meaning. */
export type Outcome<Response> =
  | { readonly kind: 'respond'; readonly response: Response; readonly throttleTimeMs?: number }
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
  /** Gives the request's memory back early; the decoded bytes fields must not be used afterwards. */
  releaseRequest(): void
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
  handle(
    request: ValueOf<Req>,
    context: RequestContext,
    needs: Needs<K>
  ): Outcome<InputOf<Res>> | Promise<Outcome<InputOf<Res>>>
  /** The answer in the request's own shape when the handler throws (all partitions get the code). */
  errorResponse(request: ValueOf<Req>, error: ErrorName, version: number): InputOf<Res> | undefined
}

export function respond<Response>(response: Response, throttleTimeMs = 0): Outcome<Response> {
  return { kind: 'respond', response, throttleTimeMs }
}

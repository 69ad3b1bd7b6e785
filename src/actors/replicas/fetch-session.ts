// Fetch sessions (KIP-227): the broker remembers what a consumer reads, so that its next requests and answers carry only
// what changed. A session lives on one thread, which its id names; other threads ask for it.

import type { ErrorName } from '../../protocol/error-codes.js'
import type { Uuid } from '../../protocol/schema.js'
import { asking, type Mesh, type ThreadId } from '../runtime/mesh.js'
import {
  FetchSessionCache,
  type FetchSessionCacheOptions,
  type FetchSessionFigures
} from './fetch-session-cache.js'
import type { Eventually } from './partition-commands.js'

/** A partition as the client asked for it; `topic` is '' in requests by id, `topicId` ZERO_UUID in requests by name. */
export interface SessionPartition {
  readonly topic: string
  readonly topicId: Uuid
  readonly partition: number
  readonly fetchOffset: number
  readonly maxBytes: number
  readonly currentLeaderEpoch: number
  readonly lastFetchedEpoch: number
  /** What the client was told last; -1 before. An answer is left out when nothing of it has changed. */
  readonly toldHighWatermark: number
  readonly toldLogStartOffset: number
}

export interface FetchSessionRequest {
  readonly sessionId: number
  readonly epoch: number
  /** v13+ */
  readonly usesIds: boolean
  readonly isFollower: boolean
  readonly partitions: readonly SessionPartition[]
  readonly forgotten: readonly Pick<SessionPartition, 'topic' | 'topicId' | 'partition'>[]
}

export type FetchContext =
  | { readonly kind: 'refused'; readonly error: ErrorName }
  /** Every partition is answered; `wantsSession`: then `open` one for the following requests. */
  | {
      readonly kind: 'full'
      readonly wantsSession: boolean
      readonly partitions: readonly SessionPartition[]
    }
  /** Only partitions with news are answered; then `told`. */
  | {
      readonly kind: 'incremental'
      readonly sessionId: number
      readonly partitions: readonly SessionPartition[]
    }

/** What one partition's answer told the client. */
export interface Told {
  readonly topic: string
  readonly topicId: Uuid
  readonly partition: number
  readonly highWatermark: number
  readonly logStartOffset: number
  /** Served partitions go to the end of the order. */
  readonly hadRecords: boolean
}

export interface FetchSessions {
  begin(request: FetchSessionRequest): Eventually<FetchContext>
  /** After a full answer: the new session's id, or 0 when there is no room for it. */
  open(request: FetchSessionRequest, told: readonly Told[]): number
  /** After an incremental answer. */
  told(sessionId: number, told: readonly Told[]): void
}

export interface FetchSessionsOfThread extends FetchSessions {
  readonly figures: FetchSessionFigures
}

const actor = 'replicas.fetch-sessions'
type SessionMessage =
  | { readonly kind: 'begin'; readonly request: FetchSessionRequest }
  | { readonly kind: 'told'; readonly sessionId: number; readonly told: readonly Told[] }

export function createFetchSessions(mesh: Mesh, options: FetchSessionCacheOptions): FetchSessionsOfThread {
  const threads = mesh.threads.length
  const ownerOf = (sessionId: number): ThreadId => mesh.threads[sessionId % threads] ?? mesh.self
  const cache = new FetchSessionCache({
    ...options,
    idOf: id => id - (id % threads) + mesh.threads.indexOf(mesh.self)
  })
  asking(mesh).answer(actor, raw => {
    const message = raw as SessionMessage
    if (message.kind === 'begin') return cache.begin(message.request)
    cache.told(message.sessionId, message.told)
    return undefined
  })
  return {
    get figures() {
      return cache.figures
    },
    begin(request) {
      const owner = ownerOf(request.sessionId)
      if (request.sessionId === 0 || owner === mesh.self) return cache.begin(request)
      return asking(mesh).ask<FetchContext>(owner, actor, { kind: 'begin', request } satisfies SessionMessage)
    },
    open: (request, told) => cache.open(request, told),
    told(sessionId, told) {
      const owner = ownerOf(sessionId)
      if (owner === mesh.self) cache.told(sessionId, told)
      else void asking(mesh).ask(owner, actor, { kind: 'told', sessionId, told } satisfies SessionMessage)
    }
  }
}

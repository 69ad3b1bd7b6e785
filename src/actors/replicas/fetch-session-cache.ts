// The sessions of one thread: lookup by id and epoch, incremental updates, and who has to go when all slots are taken.
import { randomBelow } from '../runtime/randomness.js'
import type { FetchContext, FetchSessionRequest, SessionPartition, Told } from './fetch-session.js'

const FINAL_EPOCH = -1
const INITIAL_EPOCH = 0

export interface FetchSessionCacheOptions {
  /** max.incremental.fetch.session.cache.slots of this thread; 0: no sessions. */
  readonly slots: number
  readonly monotonicMs: () => number
}

interface Session {
  readonly id: number
  readonly usesIds: boolean
  readonly isPrivileged: boolean
  readonly createdMs: number
  lastUsedMs: number
  /** The epoch that the next request must have. */
  epoch: number
  /** In the order in which they are served. */
  readonly partitions: Map<string, SessionPartition>
}

/** A session that was idle, or that existed, for so long may be evicted (3.9: min.incremental.fetch.session.eviction.ms). */
export const evictionMs = 120_000
const lastEpoch = 2_147_483_647

type Key = Pick<SessionPartition, 'topic' | 'topicId' | 'partition'>

/** What is kept now; `evictions` since the start. */
export interface FetchSessionFigures {
  readonly sessions: number
  readonly partitions: number
  readonly evictions: number
}

export class FetchSessionCache {
  readonly #options: FetchSessionCacheOptions & { idOf: (random: number) => number }
  readonly #sessions = new Map<number, Session>()
  #evictions = 0

  constructor(options: FetchSessionCacheOptions & { idOf: (random: number) => number }) {
    this.#options = options
  }

  get size(): number {
    return this.#sessions.size
  }

  get figures(): FetchSessionFigures {
    let partitions = 0
    for (const session of this.#sessions.values()) partitions += session.partitions.size
    return { sessions: this.#sessions.size, partitions, evictions: this.#evictions }
  }

  begin(request: FetchSessionRequest): FetchContext {
    const { sessionId, epoch, partitions } = request
    if (epoch === FINAL_EPOCH || epoch === INITIAL_EPOCH) {
      if (sessionId !== 0) this.#sessions.delete(sessionId)
      return { kind: 'full', wantsSession: epoch === INITIAL_EPOCH, partitions }
    }
    const session = this.#sessions.get(sessionId)
    if (session === undefined) return { kind: 'refused', error: 'FETCH_SESSION_ID_NOT_FOUND' }
    if (session.epoch !== epoch) return { kind: 'refused', error: 'INVALID_FETCH_SESSION_EPOCH' }
    if (session.usesIds !== request.usesIds) return { kind: 'refused', error: 'FETCH_SESSION_TOPIC_ID_ERROR' }
    this.#update(session, request)
    if (session.partitions.size === 0) {
      this.#sessions.delete(sessionId)
      return { kind: 'full', wantsSession: false, partitions: [] }
    }
    session.epoch = epoch === lastEpoch ? 1 : epoch + 1
    session.lastUsedMs = this.#options.monotonicMs()
    return { kind: 'incremental', sessionId, partitions: [...session.partitions.values()] }
  }

  #update(session: Session, { partitions, forgotten }: FetchSessionRequest): void {
    for (const gone of forgotten) session.partitions.delete(keyOf(session, gone))
    for (const partition of partitions) {
      const key = keyOf(session, partition)
      const known = session.partitions.get(key)
      const { toldHighWatermark, toldLogStartOffset } = known ?? partition
      session.partitions.set(key, { ...partition, toldHighWatermark, toldLogStartOffset })
    }
  }

  open(request: FetchSessionRequest, told: readonly Told[]): number {
    const now = this.#options.monotonicMs()
    if (!this.#makeRoom(request, now)) return 0
    const session: Session = {
      id: this.#freshId(),
      usesIds: request.usesIds,
      isPrivileged: request.isFollower,
      createdMs: now,
      lastUsedMs: now,
      epoch: 1,
      partitions: new Map()
    }
    this.#update(session, { ...request, forgotten: [] })
    this.#sessions.set(session.id, session)
    this.#remember(session, told)
    return session.id
  }

  told(sessionId: number, told: readonly Told[]): void {
    const session = this.#sessions.get(sessionId)
    if (session !== undefined) this.#remember(session, told)
  }

  #remember(session: Session, told: readonly Told[]): void {
    for (const answer of told) {
      const key = keyOf(session, answer)
      const known = session.partitions.get(key)
      if (known === undefined) continue
      const { highWatermark: toldHighWatermark, logStartOffset: toldLogStartOffset } = answer
      if (answer.hadRecords) session.partitions.delete(key)
      session.partitions.set(key, { ...known, toldHighWatermark, toldLogStartOffset })
    }
  }

  #freshId(): number {
    for (;;) {
      const id = this.#options.idOf(1_000_000 + randomBelow(lastEpoch - 2_000_000))
      if (!this.#sessions.has(id)) return id
    }
  }

  /** Evicts at most one session; whether there is a slot then. */
  #makeRoom(request: FetchSessionRequest, now: number): boolean {
    if (request.partitions.length === 0) return false
    if (this.#sessions.size < this.#options.slots) return true
    const victim = this.#victimFor(request, now)
    if (victim === undefined) return false
    this.#sessions.delete(victim.id)
    this.#evictions++
    return true
  }

  #victimFor({ isFollower, partitions }: FetchSessionRequest, now: number): Session | undefined {
    let stalest: Session | undefined
    let smallest: Session | undefined
    for (const session of this.#sessions.values()) {
      if (stalest === undefined || session.lastUsedMs < stalest.lastUsedMs) stalest = session
      const mayGo = isFollower ? !session.isPrivileged : now - session.createdMs > evictionMs
      if (!mayGo || (session.isPrivileged && !isFollower)) continue
      if (smallest === undefined || session.partitions.size < smallest.partitions.size) smallest = session
    }
    if (stalest !== undefined && now - stalest.lastUsedMs > evictionMs) return stalest
    if (smallest === undefined) return undefined
    return isFollower || smallest.partitions.size < partitions.length ? smallest : undefined
  }
}

function keyOf({ usesIds }: Session, { topic, topicId, partition }: Key): string {
  return `${usesIds ? topicId : topic}-${partition}`
}

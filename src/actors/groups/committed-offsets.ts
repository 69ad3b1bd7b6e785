// The committed offsets of the groups of one offsets partition, and those of transactions that have not ended: what the log
// says, last value per key. Offsets here are what a consumer reads next, as the wire has them.

export interface CommittedOffset {
  readonly offset: bigint
  /** -1 unknown. */
  readonly leaderEpoch: number
  readonly metadata: string
  /** ms since the epoch. */
  readonly commitTimestampMs: number
  /** Set by clients of v2 to v4 that asked for a retention of their own; -1: offsets.retention.minutes counts. */
  readonly expireTimestampMs: number
  /** Where in __consumer_offsets it stands: the later one counts. */
  readonly recordOffset: number
}

export type OffsetsByTopic = ReadonlyMap<string, ReadonlyMap<number, CommittedOffset>>

type Topics = Map<string, Map<number, CommittedOffset>>

export interface OffsetKey {
  readonly group: string
  readonly topic: string
  readonly partition: number
}

export class CommittedOffsets {
  readonly #groups = new Map<string, Topics>()
  /** By producer id, then as above. */
  readonly #pending = new Map<bigint, Map<string, Topics>>()
  #size = 0

  /** Of all groups together. */
  get size(): number {
    return this.#size
  }

  groupIds(): Iterable<string> {
    return this.#groups.keys()
  }

  ofGroup(group: string): OffsetsByTopic | undefined {
    return this.#groups.get(group)
  }

  find({ group, topic, partition }: OffsetKey): CommittedOffset | undefined {
    return this.#groups.get(group)?.get(topic)?.get(partition)
  }

  has(group: string): boolean {
    return this.#groups.has(group)
  }

  /** An older record than the one that is known changes nothing. */
  put({ group, topic, partition }: OffsetKey, committed: CommittedOffset): void {
    const offsets = offsetsOf(topicsOf(this.#groups, group), topic)
    const known = offsets.get(partition)
    if (known === undefined) this.#size++
    else if (known.recordOffset > committed.recordOffset) return
    offsets.set(partition, committed)
  }

  remove({ group, topic, partition }: OffsetKey): void {
    const topics = this.#groups.get(group)
    const offsets = topics?.get(topic)
    if (topics === undefined || offsets === undefined || !offsets.delete(partition)) return
    this.#size--
    if (offsets.size === 0) topics.delete(topic)
    if (topics.size === 0) this.#groups.delete(group)
  }

  /** Pending ones of transactions as well. */
  removeGroup(group: string): void {
    for (const offsets of this.#groups.get(group)?.values() ?? []) this.#size -= offsets.size
    this.#groups.delete(group)
    for (const groups of this.#pending.values()) groups.delete(group)
  }

  /** Committed within a transaction: counts when its marker says so. */
  putPending(producerId: bigint, { group, topic, partition }: OffsetKey, committed: CommittedOffset): void {
    const groups = this.#pending.get(producerId) ?? new Map<string, Topics>()
    this.#pending.set(producerId, groups)
    offsetsOf(topicsOf(groups, group), topic).set(partition, committed)
  }

  hasPending({ group, topic, partition }: OffsetKey): boolean {
    for (const groups of this.#pending.values()) {
      if (groups.get(group)?.get(topic)?.has(partition) === true) return true
    }
    return false
  }

  /** Whether a transaction that has not ended commits for the group. */
  hasPendingOf(group: string): boolean {
    for (const groups of this.#pending.values()) if (groups.has(group)) return true
    return false
  }

  pendingGroups(): Iterable<string> {
    return new Set([...this.#pending.values()].flatMap(groups => [...groups.keys()]))
  }

  /** The marker of the producer's transaction is in the log. */
  endTransaction(producerId: bigint, how: 'commit' | 'abort'): void {
    const groups = this.#pending.get(producerId)
    this.#pending.delete(producerId)
    if (groups === undefined || how === 'abort') return
    for (const [group, topics] of groups) {
      for (const [topic, offsets] of topics) {
        for (const [partition, committed] of offsets) this.put({ group, topic, partition }, committed)
      }
    }
  }
}

function topicsOf(groups: Map<string, Topics>, group: string): Topics {
  const known = groups.get(group)
  if (known !== undefined) return known
  const topics: Topics = new Map()
  groups.set(group, topics)
  return topics
}

function offsetsOf(topics: Topics, topic: string): Map<number, CommittedOffset> {
  const known = topics.get(topic)
  if (known !== undefined) return known
  const offsets = new Map<number, CommittedOffset>()
  topics.set(topic, offsets)
  return offsets
}

// What the clients of a simulated world know: what they sent, what was promised to them, and what they have read. At the
// end the logs are held against it.
import type { ReadRecord } from './requests.js'

export interface Batch {
  readonly topic: string
  readonly partition: number
  /** Unique over the whole run. */
  readonly values: readonly string[]
  /** Sent again, it may be appended once all the same. */
  readonly idempotent: boolean
  sends: number
  /** When it was made, its topic had been acknowledged. */
  readonly topicWasKnown: boolean
  /** 'open': nobody knows whether it was appended. */
  fate: 'open' | 'acknowledged' | 'refused'
  baseOffset: number
  /** A power loss may not take it any more. */
  promise: 'none' | 'process' | 'power'
}

export interface ReadFact {
  readonly value: string
  promise: 'process' | 'power'
}

export const partitionName = (topic: string, partition: number): string => `${topic}-${partition}`

export class Ledger {
  readonly batches: Batch[] = []
  readonly #byValue = new Map<string, Batch>()
  /** By partition, by offset. */
  readonly #facts = new Map<string, Map<number, ReadFact>>()
  /** Topics whose creation was acknowledged, with the number of their partitions. */
  readonly topics = new Map<string, number>()
  readonly #onBroken: (sentence: string) => void
  /** What the seeds came to, for the test that they come to something. */
  readonly seen = new Map<string, number>()
  /** An acknowledgement waits for the disk (log.flush.acks). */
  readonly #flushesAcks: boolean

  readonly #note: (line: string) => void

  constructor(flushesAcks: boolean, onBroken: (sentence: string) => void, note: (line: string) => void) {
    this.#note = note
    this.#flushesAcks = flushesAcks
    this.#onBroken = onBroken
  }

  count(what: string, by = 1): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + by)
  }

  sent(batch: Batch): void {
    this.#note(`    a batch from ${batch.values[0]} on for ${partitionName(batch.topic, batch.partition)}`)
    if (batch.sends++ > 0) return
    this.batches.push(batch)
    for (const value of batch.values) this.#byValue.set(value, batch)
  }

  acknowledged(batch: Batch, baseOffset: number): void {
    const before = batch.baseOffset
    if (batch.fate === 'acknowledged' && before !== baseOffset && before >= 0 && baseOffset >= 0) {
      this.#onBroken(`${batch.values[0]} was acknowledged at ${before} and then at ${baseOffset}`)
    }
    this.#note(`    ${batch.values[0]} is acknowledged at ${baseOffset}`)
    batch.fate = 'acknowledged'
    batch.baseOffset = baseOffset
    if (batch.promise === 'none') batch.promise = this.#flushesAcks ? 'power' : 'process'
    this.count('acknowledged batches')
  }

  /** A consumer was given these: from now on they may not be others. */
  read(topic: string, partition: number, records: readonly ReadRecord[]): void {
    const name = partitionName(topic, partition)
    let facts = this.#facts.get(name)
    if (facts === undefined) {
      facts = new Map()
      this.#facts.set(name, facts)
    }
    this.count('records read', records.length)
    for (const { offset, value } of records) {
      const known = facts.get(offset)
      if (known === undefined) facts.set(offset, { value, promise: 'process' })
      else if (known.value !== value)
        this.#onBroken(`offset ${offset} of ${name} was ${known.value} and is ${value}`)
    }
  }

  /** The broker has said that it stopped in order: all is on the disk. */
  stoppedInOrder(): void {
    for (const batch of this.batches) if (batch.promise === 'process') batch.promise = 'power'
    for (const facts of this.#facts.values()) for (const fact of facts.values()) fact.promise = 'power'
  }

  lostPower(): void {
    for (const batch of this.batches) {
      if (batch.promise === 'power') continue
      // It may be there all the same, or half of it went with what came before.
      batch.promise = 'none'
      if (batch.fate === 'acknowledged') batch.fate = 'open'
      batch.baseOffset = -1
    }
    for (const facts of this.#facts.values()) {
      for (const [offset, fact] of facts) if (fact.promise !== 'power') facts.delete(offset)
    }
  }

  /** Holds all records of a partition against what is known. */
  check(topic: string, partition: number, records: readonly ReadRecord[]): void {
    const name = partitionName(topic, partition)
    const broken = (what: string): void => this.#onBroken(`${name}: ${what}`)
    const places = new Map<string, number[]>()
    const start = records[0]?.offset ?? 0
    records.forEach(({ offset, value }, i) => {
      if (offset !== start + i) broken(`a gap: offset ${offset} where ${start + i} is expected`)
      const known = places.get(value)
      if (known === undefined) places.set(value, [offset])
      else known.push(offset)
      const batch = this.#byValue.get(value)
      if (batch === undefined || partitionName(batch.topic, batch.partition) !== name)
        broken(`${value} at ${offset} was never sent there`)
    })
    for (const batch of this.batches) {
      if (partitionName(batch.topic, batch.partition) === name) checkBatch(batch, places, broken)
    }
    for (const [offset, { value }] of this.#facts.get(name) ?? []) {
      const now = records[offset - start]?.value
      if (now !== value) broken(`offset ${offset} was read as ${value} and is ${now ?? 'gone'}`)
    }
  }
}

function checkBatch(
  batch: Batch,
  places: ReadonlyMap<string, readonly number[]>,
  broken: (what: string) => void
): void {
  const { values, idempotent, sends, fate, baseOffset } = batch
  const most = idempotent ? 1 : sends
  values.forEach((value, i) => {
    const at = places.get(value) ?? []
    if (at.length > most) broken(`${value} is there ${at.length} times, at ${at.join(', ')}`)
    if (fate === 'refused' && at.length > 0) broken(`${value} was refused and is at ${at.join(', ')}`)
    if (fate !== 'acknowledged') return
    if (at.length === 0) broken(`${value} was acknowledged and is lost`)
    else if (baseOffset >= 0 && !at.includes(baseOffset + i))
      broken(`${value} was acknowledged at ${baseOffset + i} and is at ${at.join(', ')}`)
  })
  const first = places.get(values[0] ?? '')
  for (const place of first ?? []) {
    const isWhole = values.every((value, i) => places.get(value)?.includes(place + i) === true)
    if (!isWhole) broken(`the batch of ${values[0]} at ${place} is not whole`)
  }
}

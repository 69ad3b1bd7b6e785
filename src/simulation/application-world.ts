// What simulated clients have in common: the topics they use, the world around them, and how they make a batch.
import { buildBatch } from '../protocol/records/build-batch.js'
import type { WireWorld } from './client.js'
import type { Ledger } from './ledger.js'

export interface Place {
  readonly topic: string
  readonly partition: number
}

export const topics: Readonly<Record<string, number>> = { orders: 1, events: 2 }
export const places: readonly Place[] = Object.entries(topics).flatMap(([topic, count]) =>
  Array.from({ length: count }, (_, partition) => ({ topic, partition }))
)

export interface ApplicationWorld extends WireWorld {
  readonly ledger: Ledger
  /** Whether the disk has been made to fail: answers may say so. */
  readonly diskFails: () => boolean
  /** Whether power was lost: offsets may have gone. */
  readonly powerWasLost: () => boolean
}

export function recordBatch(
  values: readonly string[],
  atMs: number,
  producer: { producerId?: bigint; producerEpoch?: number; baseSequence?: number } = {}
): Buffer {
  const timestamp = BigInt(1_760_000_000_000 + Math.floor(atMs))
  return buildBatch(
    values.map((value, offset) => ({
      offset,
      timestamp,
      key: null,
      value: Buffer.from(value, 'latin1'),
      headers: []
    })),
    producer
  )
}

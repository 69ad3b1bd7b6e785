// Topics and records over the wire client, for tests of a whole broker.
import { apiVersionsRequest, apiVersionsResponse } from '../../src/protocol/messages/api-versions.js'
import { createTopicsRequest, createTopicsResponse } from '../../src/protocol/messages/create-topics.js'
import { fetchRequest, fetchResponse } from '../../src/protocol/messages/fetch.js'
import { listOffsetsRequest, listOffsetsResponse } from '../../src/protocol/messages/list-offsets.js'
import { metadataRequest, metadataResponse } from '../../src/protocol/messages/metadata.js'
import { produceRequest, produceResponse } from '../../src/protocol/messages/produce.js'
import { BatchCursor } from '../../src/protocol/records/batch.js'
import { buildBatch } from '../../src/protocol/records/build-batch.js'
import { RecordCursor } from '../../src/protocol/records/record-cursor.js'
import type { WireClient } from '../support/wire-client.js'

export const metadata = [metadataRequest, metadataResponse] as const
export const produce = [produceRequest, produceResponse] as const
export const fetch = [fetchRequest, fetchResponse] as const
export const createTopics = [createTopicsRequest, createTopicsResponse] as const
export const listOffsets = [listOffsetsRequest, listOffsetsResponse] as const
export const apiVersions = [apiVersionsRequest, apiVersionsResponse] as const

export async function createTopic(client: WireClient, name: string, numPartitions = 1): Promise<void> {
  const { topics } = await client.request(createTopics, 5, {
    topics: [{ name, numPartitions, replicationFactor: 1 }],
    timeoutMs: 10_000
  })
  const code = topics[0]?.errorCode
  if (code !== 0 && code !== 36) throw new Error(`CreateTopics ${name}: ${code}`)
}

export function batchOf(values: readonly string[]): Buffer {
  return buildBatch(
    values.map((value, offset) => ({
      offset,
      timestamp: BigInt(Date.now()),
      key: null,
      value: Buffer.from(value),
      headers: []
    }))
  )
}

/** Appends to one partition; the base offset, or throws with the error code. */
export async function append(
  client: WireClient,
  topic: string,
  partition: number,
  values: readonly string[],
  acks = -1
): Promise<number> {
  const { responses } = await client.request(produce, 9, {
    acks,
    timeoutMs: 10_000,
    topicData: [{ name: topic, partitionData: [{ index: partition, records: batchOf(values) }] }]
  })
  const answer = responses[0]?.partitionResponses[0]
  if (answer?.errorCode !== 0) throw new Error(`Produce: error ${answer?.errorCode}`)
  return Number(answer.baseOffset)
}

export interface ReadRecord {
  readonly offset: number
  readonly value: string
}

/** Everything from `from` on, checking that offsets have no gap. */
export async function readAll(
  client: WireClient,
  topic: string,
  partition: number,
  from = 0
): Promise<ReadRecord[]> {
  const all: ReadRecord[] = []
  let next = from
  for (;;) {
    const { responses } = await client.request(fetch, 11, {
      replicaId: -1,
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 50_000_000,
      sessionEpoch: -1,
      topics: [
        { topic, partitions: [{ partition, fetchOffset: BigInt(next), partitionMaxBytes: 10_000_000 }] }
      ]
    })
    const answer = responses[0]?.partitions[0]
    if (answer?.errorCode !== 0) throw new Error(`Fetch: error ${answer?.errorCode}`)
    const before = next
    const cursor = new BatchCursor(answer.records ?? Buffer.alloc(0))
    const records = new RecordCursor()
    while (cursor.next()) {
      if (!cursor.checksumHolds) throw new Error(`batch at ${cursor.offsetField} is corrupt`)
      records.reset(cursor.view(), 61, cursor.bytes, cursor.count)
      while (records.next()) {
        const offset = cursor.offsetField + records.offsetDelta
        if (offset < next) continue
        if (offset !== next) throw new Error(`gap: ${offset} after ${next - 1}`)
        const value = records.buffer.toString('utf8', records.valueAt, records.valueAt + records.valueLength)
        all.push({ offset, value })
        next++
      }
    }
    if (next === before) return all
  }
}

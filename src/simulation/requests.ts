// The requests that simulated clients send, as bytes, and what comes back.
import { apiKey } from '../protocol/api-keys.js'
import { codecOf } from '../protocol/codec.js'
import { apiVersionsRequest, apiVersionsResponse } from '../protocol/messages/api-versions.js'
import { createTopicsRequest, createTopicsResponse } from '../protocol/messages/create-topics.js'
import { fetchRequest, fetchResponse } from '../protocol/messages/fetch.js'
import { initProducerIdRequest, initProducerIdResponse } from '../protocol/messages/init-producer-id.js'
import { listOffsetsRequest, listOffsetsResponse } from '../protocol/messages/list-offsets.js'
import { metadataRequest, metadataResponse } from '../protocol/messages/metadata.js'
import { produceRequest, produceResponse } from '../protocol/messages/produce.js'
import { ProtocolError } from '../protocol/protocol-error.js'
import { BatchCursor } from '../protocol/records/batch.js'
import { RecordCursor } from '../protocol/records/record-cursor.js'
import type { InputOf, MessageSchema, ValueOf } from '../protocol/schema.js'

/** A request, its response, and the version that is spoken. */
export interface Call<Q extends MessageSchema, R extends MessageSchema> {
  readonly request: Q
  readonly response: R
  readonly version: number
}

const call = <Q extends MessageSchema, R extends MessageSchema>(
  request: Q,
  response: R,
  version: number
): Call<Q, R> => ({ request, response, version })

export const apiVersions = call(apiVersionsRequest, apiVersionsResponse, 3)
export const metadata = call(metadataRequest, metadataResponse, 9)
export const createTopics = call(createTopicsRequest, createTopicsResponse, 5)
export const produce = call(produceRequest, produceResponse, 9)
export const fetch = call(fetchRequest, fetchResponse, 11)
export const listOffsets = call(listOffsetsRequest, listOffsetsResponse, 5)
export const initProducerId = call(initProducerIdRequest, initProducerIdResponse, 2)

const isFlexible = (key: number, version: number): boolean => {
  const first = apiKey(key)?.firstFlexible
  return first !== undefined && version >= first
}

const clientId = Buffer.from('simulated')

/** The whole frame, with its length in front. */
export function frameOf<Q extends MessageSchema, R extends MessageSchema>(
  { request, version }: Call<Q, R>,
  correlationId: number,
  body: InputOf<Q>
): Buffer {
  const key = request.key ?? -1
  const header = Buffer.alloc(14 + clientId.length + (isFlexible(key, version) ? 1 : 0))
  header.writeInt16BE(key, 4)
  header.writeInt16BE(version, 6)
  header.writeInt32BE(correlationId, 8)
  header.writeInt16BE(clientId.length, 12)
  clientId.copy(header, 14)
  const frame = Buffer.concat([header, ...codecOf(request, version).encode(body)])
  frame.writeInt32BE(frame.length - 4, 0)
  return frame
}

/** `frame`: from the correlation id on. */
export function decodeResponse<Q extends MessageSchema, R extends MessageSchema>(
  { request, response, version }: Call<Q, R>,
  frame: Buffer
): ValueOf<R> | ProtocolError {
  const key = request.key ?? -1
  // ApiVersions keeps the old header, so that any client can read it.
  const at = isFlexible(key, version) && key !== 18 ? 5 : 4
  const decoded = codecOf(response, version).decode(frame, at)
  return decoded instanceof ProtocolError ? decoded : decoded.value
}

export interface ReadRecord {
  readonly offset: number
  readonly value: string
}

/** The records at and above `from`; a string says what is wrong with them. The last batch may be cut. */
export function recordsOf(bytes: Buffer, from: number): ReadRecord[] | string {
  const found: ReadRecord[] = []
  const cursor = new BatchCursor(bytes)
  const records = new RecordCursor()
  while (cursor.next()) {
    if (!cursor.checksumHolds) return `the batch at ${cursor.offsetField} is corrupt`
    records.reset(cursor.view(), 61, cursor.bytes, cursor.count)
    while (records.next()) {
      const offset = cursor.offsetField + records.offsetDelta
      if (offset < from) continue
      const { buffer, valueAt, valueLength } = records
      found.push({ offset, value: buffer.toString('latin1', valueAt, valueAt + valueLength) })
    }
  }
  return found
}

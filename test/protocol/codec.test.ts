// Goal: the codec keeps its promises beyond Kafka's bytes: limits, defaults, chunks. Method: small messages built by hand.
import { describe, expect, test } from 'vitest'
import { Bug } from '../../src/errors.js'
import { codecOf } from '../../src/protocol/codec.js'
import { ERRORS } from '../../src/protocol/error-codes.js'
import { checkGoldenLine } from '../../src/protocol/golden-line.js'
import { readRequestHeader } from '../../src/protocol/header.js'
import { fetchRequest } from '../../src/protocol/messages/fetch.js'
import { findCoordinatorRequest } from '../../src/protocol/messages/find-coordinator.js'
import { allMessages } from '../../src/protocol/messages/index.js'
import { metadataRequest } from '../../src/protocol/messages/metadata.js'
import { produceRequest, produceResponse } from '../../src/protocol/messages/produce.js'
import { ProtocolError } from '../../src/protocol/protocol-error.js'
import { elementsMax, stringBytesMax, unknownFieldsMax } from '../../src/protocol/reader.js'

function decodedBy<Value>(result: { readonly value: Value } | ProtocolError): Value {
  if (result instanceof ProtocolError) throw new Error(result.reason)
  return result.value
}

function uvarint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80)
  return Buffer.from([...bytes, rest])
}

const keyOf = (bytes: number): Buffer =>
  Buffer.concat([uvarint(bytes + 1), Buffer.alloc(bytes, 'a'), Buffer.from([0, 0])])

describe('decoding', () => {
  test('takes strings as long as Kafka does and no longer', () => {
    const codec = codecOf(findCoordinatorRequest, 3)
    expect(decodedBy(codec.decode(keyOf(stringBytesMax))).key).toHaveLength(stringBytesMax)
    expect(codec.decode(keyOf(stringBytesMax + 1))).toBeInstanceOf(ProtocolError)
  })

  test('refuses a string that no JavaScript string could hold', () => {
    const frame = Buffer.alloc(0x2000_0010)
    uvarint(frame.length - 9).copy(frame)
    expect(codecOf(findCoordinatorRequest, 3).decode(frame)).toBeInstanceOf(ProtocolError)
  })

  test('believes a count only if every element could have its fewest bytes', () => {
    const codec = codecOf(fetchRequest, 13)
    const whole = Buffer.concat(codec.encode({ topics: [{ partitions: [{}, {}] }] }))
    expect(codec.decode(whole)).not.toBeInstanceOf(ProtocolError)
    const refusal = codec.decode(Buffer.concat([whole.subarray(0, 25), uvarint(41), Buffer.alloc(100)]))
    expect(refusal).toMatchObject({ reason: expect.stringContaining('40 elements in 100 bytes') })
  })

  test('refuses a message of more elements than any cluster needs', () => {
    const topics = elementsMax + 1
    const frame = Buffer.alloc(4 + 2 * topics)
    frame.writeInt32BE(topics)
    expect(codecOf(metadataRequest, 1).decode(frame)).toMatchObject({
      reason: expect.stringContaining('elements')
    })
  })

  test('keeps a bounded number of unknown tagged fields and reads over the others', () => {
    const topics = unknownFieldsMax + 10
    const topicWithTag = Buffer.from([1, 1, 0, 0])
    const frame = Buffer.concat([
      uvarint(topics + 1),
      ...Array.from({ length: topics }, () => topicWithTag),
      Buffer.alloc(4)
    ])
    const value = decodedBy(codecOf(metadataRequest, 9).decode(frame))
    expect(value.topics).toHaveLength(topics)
    expect(value.topics?.filter(topic => topic.unknownTaggedFields !== undefined)).toHaveLength(
      unknownFieldsMax
    )
  })

  test('gives the default for what the version does not have', () => {
    const bytes = Buffer.concat(codecOf(fetchRequest, 0).encode({ topics: [] }))
    expect(decodedBy(codecOf(fetchRequest, 0).decode(bytes))).toMatchObject({
      maxBytes: 0x7fffffff,
      sessionEpoch: -1,
      rackId: ''
    })
  })

  test('says nothing of unknown tagged fields when there are none', () => {
    const bytes = Buffer.concat(codecOf(metadataRequest, 9).encode({ topics: [] }))
    expect(decodedBy(codecOf(metadataRequest, 9).decode(bytes))).not.toHaveProperty('unknownTaggedFields')
  })
})

describe('encoding', () => {
  const produce = (records: Buffer | readonly Buffer[] | null) =>
    codecOf(produceRequest, 9).encode({
      acks: 1,
      timeoutMs: 1,
      topicData: [{ name: 't', partitionData: [{ index: 0, records }] }]
    })

  test('references record sets from 4 KiB on and copies smaller ones', () => {
    const large = Buffer.alloc(4096, 1)
    expect(produce(large)).toHaveLength(3)
    expect(produce(large)[1]).toBe(large)
    expect(produce(large.subarray(1))).toHaveLength(1)
  })

  test('writes the pieces of a record set as one value', () => {
    const pieces = [Buffer.from('ab'), Buffer.alloc(5000, 1), Buffer.from('c')]
    expect(Buffer.concat(produce(pieces))).toEqual(Buffer.concat(produce(Buffer.concat(pieces))))
  })

  test('gives chunks that later messages do not touch', () => {
    const first = codecOf(produceResponse, 9).encode({ throttleTimeMs: 1 })
    const before = Buffer.concat(first)
    for (let i = 0; i < 100; i++) codecOf(produceResponse, 9).encode({ throttleTimeMs: -1 })
    expect(Buffer.concat(first)).toEqual(before)
  })

  test('throws for a field that the version lacks and that may not be ignored', () => {
    expect(() => codecOf(produceRequest, 2).encode({ transactionalId: 't', topicData: [] })).toThrow(
      'transactionalId'
    )
    expect(() => codecOf(produceRequest, 2).encode({ transactionalId: null, topicData: [] })).not.toThrow()
  })

  test('leaves out a field that the version lacks and that may be ignored', () => {
    const withoutThrottle = codecOf(produceResponse, 0).encode({ responses: [] })
    expect(codecOf(produceResponse, 0).encode({ responses: [], throttleTimeMs: 5 })).toEqual(withoutThrottle)
  })

  test('throws for null where none is allowed, a string too long, and a version that does not exist', () => {
    const find = codecOf(findCoordinatorRequest, 3)
    expect(() => produce(null)).not.toThrow()
    expect(() => codecOf(fetchRequest, 12).encode({ topics: [{ topic: null as never }] })).toThrow('null')
    expect(() => find.encode({ key: 'a'.repeat(stringBytesMax + 1) })).toThrow(Bug)
    expect(() => codecOf(findCoordinatorRequest, 99)).toThrow(Bug)
  })
})

test('a request header with a flood of tagged fields is read over', () => {
  const tags = Array.from({ length: 20_000 }, (_, tag) => Buffer.concat([uvarint(tag), Buffer.from([0])]))
  const frame = Buffer.concat([Buffer.from('0012000300000007ffff', 'hex'), uvarint(tags.length), ...tags])
  expect(readRequestHeader(frame)).toMatchObject({ apiKey: 18, clientId: null, bodyOffset: frame.length })
})

test('every error that a message names is one of Kafka’s', () => {
  const named = allMessages.flatMap(schema => Object.keys(schema.errors ?? {}))
  expect(named.length).toBeGreaterThan(50)
  expect(named.filter(name => !(name in ERRORS))).toEqual([])
})

test.each([
  ['ProduceRequest.jsonl', 'no json'],
  ['ProduceRequest.jsonl', '{"name":"ProduceRequest","version":9,"hex":"00"}'],
  ['ProduceRequest.jsonl', '{"name":"ProduceRequest","version":99,"json":{},"hex":""}'],
  ['record-batches.jsonl', '{"magic":2}'],
  ['EndTxnMarker.jsonl', '{}'],
  ['FromTheFuture.jsonl', '{"name":"FromTheFuture","version":0,"json":{},"hex":""}']
])('a golden line of %s that holds no vector fails: %s', async (file, line) => {
  expect(await checkGoldenLine(file, line)).toBeTypeOf('string')
})

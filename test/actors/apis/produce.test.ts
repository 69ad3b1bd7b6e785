// Goal: every refusal of Produce has its code, partitions fail alone, and acks decides when and whether there is an answer.
// Method: encoded requests through dispatch, over logs in memory.
import { expect, test } from 'vitest'
import { codecOf } from '../../../src/protocol/codec.js'
import { errorCode } from '../../../src/protocol/error-codes.js'
import { produceRequest, produceResponse } from '../../../src/protocol/messages/produce.js'
import { buildBatch } from '../../../src/protocol/records/build-batch.js'
import { buildMessage } from '../../../src/protocol/records/message-set.js'
import { batchOf } from '../replicas/memory-log.js'
import { harness, topicId, topicInfo } from './harness.js'

const schemas = [produceRequest, produceResponse] as const

function broker(overrides: Record<string, string> = {}) {
  const started = harness({ overrides })
  started.publish([topicInfo('a', topicId(1), 6), topicInfo('__consumer_offsets', topicId(2), 1)])
  return started
}

const body = (partitions: readonly [number, Buffer | null][], acks = 1, topic = 'a', timeoutMs = 1000) => ({
  acks,
  timeoutMs,
  topicData: [{ name: topic, partitionData: partitions.map(([index, records]) => ({ index, records })) }]
})

async function codes(
  request: ReturnType<typeof body>,
  { version = 11, clientId = 'test', at = broker() } = {}
): Promise<number[]> {
  const { responses } = await at.call(schemas, version, request, clientId)
  return responses.flatMap(({ partitionResponses }) => partitionResponses.map(({ errorCode }) => errorCode))
}

test('appends to six partitions and answers with the offset of each', async () => {
  const at = broker()
  const six = [0, 1, 2, 3, 4, 5].map((i): [number, Buffer] => [i, batchOf('x', 'y')])
  await at.call(schemas, 11, body(six))
  const { responses } = await at.call(schemas, 11, body([[0, batchOf('z')]]))
  expect(responses[0]?.partitionResponses[0]).toMatchObject({
    errorCode: 0,
    baseOffset: 2n,
    logAppendTimeMs: -1n,
    logStartOffset: 0n
  })
})

test.each([3, 5, 7, 8, 9, 10, 11])('version %i answers in its own form', async version => {
  expect(await codes(body([[0, batchOf('x')]]), { version })).toEqual([0])
})

test.each([0, 1, 2])('version %i takes messages of the old formats', async version => {
  const old = buildMessage(version < 2 ? 0 : 1, {
    offset: 0,
    timestamp: 5n,
    key: null,
    value: Buffer.from('v')
  })
  expect(await codes(body([[0, Buffer.concat([old, old])]]), { version })).toEqual([0])
})

test('unknown topics and partitions fail alone', async () => {
  const at = broker()
  expect(
    await codes(
      body([
        [0, batchOf('x')],
        [6, batchOf('x')]
      ]),
      { at }
    )
  ).toEqual([0, errorCode('UNKNOWN_TOPIC_OR_PARTITION')])
  expect(await codes(body([[0, batchOf('x')]], 1, 'b'), { at })).toEqual([
    errorCode('UNKNOWN_TOPIC_OR_PARTITION')
  ])
  expect(at.logOf('a', 0).logEndOffset).toBe(1)
})

test('records of version 3 and above are exactly one batch of magic 2', async () => {
  const old = buildMessage(1, { offset: 0, timestamp: 5n, key: null, value: Buffer.from('v') })
  const two = Buffer.concat([batchOf('x'), batchOf('y')])
  const cut = batchOf('x').subarray(0, 50)
  const bad: [number, Buffer | null][] = [
    [0, old],
    [1, two],
    [2, cut],
    [3, null],
    [4, Buffer.alloc(0)]
  ]
  expect(await codes(body(bad))).toEqual(bad.map(() => errorCode('INVALID_RECORD')))
})

test('zstd needs version 7', async () => {
  const zstd = buildBatch([{ offset: 0, timestamp: 1n, key: null, value: null, headers: [] }], {
    codecName: 'zstd'
  })
  expect(await codes(body([[0, zstd]]), { version: 6 })).toEqual([errorCode('UNSUPPORTED_COMPRESSION_TYPE')])
  expect(await codes(body([[0, zstd]]), { version: 7 })).toEqual([0])
})

test('a transactional batch belongs to no transaction', async () => {
  const record = { offset: 0, timestamp: 1n, key: null, value: null, headers: [] }
  const records = buildBatch([record], {
    isTransactional: true,
    producerId: 1n,
    producerEpoch: 0,
    baseSequence: 0
  })
  expect(await codes(body([[0, records]]), { version: 10 })).toEqual([errorCode('INVALID_TXN_STATE')])
  expect(await codes(body([[0, records]]), { version: 11 })).toEqual([errorCode('TRANSACTION_ABORTABLE')])
})

test('acks other than -1, 0 and 1 are refused', async () => {
  expect(await codes(body([[0, batchOf('x')]], 2))).toEqual([errorCode('INVALID_REQUIRED_ACKS')])
})

test('only the admin client writes to internal topics', async () => {
  const internal = body([[0, batchOf('x')]], 1, '__consumer_offsets')
  expect(await codes(internal)).toEqual([errorCode('INVALID_TOPIC_EXCEPTION')])
  expect(await codes(internal, { clientId: '__admin_client' })).toEqual([0])
})

test('a partition led elsewhere says by whom', async () => {
  const at = broker()
  at.publish([topicInfo('a', topicId(1), 6, 2)])
  const { responses } = await at.call(schemas, 10, body([[0, batchOf('x')]]))
  expect(responses[0]?.partitionResponses[0]).toMatchObject({
    errorCode: errorCode('NOT_LEADER_OR_FOLLOWER'),
    baseOffset: -1n,
    logStartOffset: -1n,
    currentLeader: { leaderId: 2, leaderEpoch: 0 }
  })
})

test('what the log refuses is shown with its records', async () => {
  const at = broker()
  at.logOf('a', 1).nextAppend = 'INVALID_TIMESTAMP'
  const { responses } = await at.call(
    schemas,
    8,
    body([
      [0, batchOf('x')],
      [1, batchOf('x')]
    ])
  )
  expect(responses[0]?.partitionResponses).toMatchObject([
    { errorCode: 0 },
    {
      errorCode: errorCode('INVALID_TIMESTAMP'),
      errorMessage: 'as told',
      logStartOffset: 0n,
      recordErrors: [{ batchIndex: 2, batchIndexErrorMessage: 'bad record' }]
    }
  ])
})

test('a log that fails takes its partition offline', async () => {
  const at = broker()
  at.logOf('a', 0).nextAppend = 'KAFKA_STORAGE_ERROR'
  expect(await codes(body([[0, batchOf('x')]]), { at })).toEqual([errorCode('KAFKA_STORAGE_ERROR')])
  expect(await codes(body([[0, batchOf('x')]]), { at })).toEqual([errorCode('KAFKA_STORAGE_ERROR')])
  expect(at.shard.find(topicId(1), 0)?.state).toBe('offline')
})

test('acks=-1 needs min.insync.replicas', async () => {
  const at = broker()
  const log = at.logOf('a', 0)
  log.config = { ...log.config, minInsyncReplicas: 2 }
  at.publish([
    {
      ...topicInfo('a', topicId(1), 1),
      partitions: [{ leader: 1, leaderEpoch: 0, replicas: [1, 2], isr: [1], offline: [] }]
    }
  ])
  expect(await codes(body([[0, batchOf('x')]], -1), { at })).toEqual([errorCode('NOT_ENOUGH_REPLICAS')])
  expect(await codes(body([[0, batchOf('x')]], 1), { at })).toEqual([0])
})

test('an append that takes its time is answered when it is done', async () => {
  const at = broker()
  at.logOf('a', 0).nextAppend = 'later'
  expect(
    await codes(
      body([
        [0, batchOf('x')],
        [1, batchOf('x')]
      ]),
      { at }
    )
  ).toEqual([0, 0])
})

test('acks=0 is not answered, and a failure closes the connection', async () => {
  const at = broker()
  const send = (index: number) =>
    at.raw(0, 11, Buffer.concat(codecOf(produceRequest, 11).encode(body([[index, batchOf('x')]], 0))))
      .response
  expect(await send(0)).toEqual({ kind: 'noOp' })
  expect((await send(9)).kind).toBe('closeConnection')
})

test('a log that throws is answered in the shape of the request, and the broker lives on', async () => {
  const at = broker()
  at.logOf('a', 0).nextAppend = 'throws'
  const both: [number, Buffer][] = [
    [0, batchOf('x')],
    [1, batchOf('x')]
  ]
  expect(await codes(body(both), { at })).toEqual([-1, -1])
  expect(await codes(body(both), { at })).toEqual([0, 0])
})

test('with log.flush.acks an answer waits for the disk, and one sync covers what came meanwhile', async () => {
  const at = broker({ 'log.flush.acks': 'true' })
  const log = at.logOf('a', 0)
  const answers: string[] = []
  const send = (name: string) => codes(body([[0, batchOf('x')]], -1), { at }).then(() => answers.push(name))
  const all = [send('first'), send('second'), send('third')]
  await new Promise(resolve => setImmediate(resolve))
  expect(answers).toEqual([])
  expect(log.flushes).toHaveLength(1)
  log.flushes[0]?.()
  await new Promise(resolve => setImmediate(resolve))
  expect(answers).toEqual(['first'])
  expect(log.flushes).toHaveLength(2)
  log.flushes[1]?.()
  await Promise.all(all)
  expect(answers).toEqual(['first', 'second', 'third'])
})

test('a disk that does not answer in time is REQUEST_TIMED_OUT, and the records stay', async () => {
  const at = broker({ 'log.flush.acks': 'true' })
  expect(await codes(body([[0, batchOf('x')]], -1, 'a', 20), { at })).toEqual([
    errorCode('REQUEST_TIMED_OUT')
  ])
  expect(at.logOf('a', 0).logEndOffset).toBe(1)
})

test('a partition that is deleted answers those who wait for its disk', async () => {
  const at = broker({ 'log.flush.acks': 'true' })
  const waiting = codes(body([[0, batchOf('x')]], -1), { at })
  await new Promise(resolve => setImmediate(resolve))
  at.shard.drop(topicId(1), 0)
  expect(await waiting).toEqual([errorCode('UNKNOWN_TOPIC_OR_PARTITION')])
})

test('at the stop whoever waits for the disk is let go, and the disk is not asked again', async () => {
  const at = broker({ 'log.flush.acks': 'true' })
  const log = at.logOf('a', 0)
  const all = [1, 2].map(() => codes(body([[0, batchOf('x')]], -1), { at }))
  await new Promise(resolve => setImmediate(resolve))
  expect(log.flushes).toHaveLength(1)
  at.shard.close()
  // The answers go nowhere, but the memory of their requests is given back with them.
  expect(await Promise.all(all)).toEqual(Array(2).fill([errorCode('NOT_LEADER_OR_FOLLOWER')]))
  log.flushes[0]?.()
  await new Promise(resolve => setImmediate(resolve))
  expect(log.flushes).toHaveLength(1)
})

test('the request keeps its memory until the append is done, and gives it back once answered', async () => {
  const at = broker()
  at.logOf('a', 0).nextAppend = 'later'
  const { request, response } = at.raw(
    0,
    11,
    Buffer.concat(codecOf(produceRequest, 11).encode(body([[0, batchOf('x')]])))
  )
  expect(request.releases).toBe(0)
  await response
  expect(request.releases).toBe(1)
})

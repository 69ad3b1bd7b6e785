// Goal: the leader's side and storage's log fit together: what was acknowledged is read back, also through the
// old formats. Method: dispatch over logs in a temporary directory.
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../../src/actors/runtime/clock.js'
import { loggerFor, silentSink } from '../../../src/actors/runtime/log.js'
import { systemTimers } from '../../../src/actors/runtime/timers.js'
import { fetchRequest, fetchResponse } from '../../../src/protocol/messages/fetch.js'
import { produceRequest, produceResponse } from '../../../src/protocol/messages/produce.js'
import { buildMessage } from '../../../src/protocol/records/message-set.js'
import { systemFiles } from '../../../src/storage/files.js'
import { defaultLogConfig } from '../../../src/storage/log-config.js'
import { ShardLogs } from '../../../src/storage/shard-logs.js'
import { temporaryLogDir } from '../../../src/storage/temporary-log-dir.js'
import { harness, topicId, topicInfo } from '../apis/harness.js'
import { batchOf } from './memory-log.js'

const id = topicId(1)
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

function broker(overrides: Record<string, string> = {}) {
  const dir = temporaryLogDir()
  systemFiles.makeDirectory(dir.path)
  const logs = new ShardLogs({
    files: systemFiles,
    clock: systemClock,
    timers: systemTimers,
    logger: loggerFor('test', silentSink),
    producerIdExpirationMs: 86_400_000,
    onFailure: () => {},
    recoveryThreadsPerDir: 1,
    flushSchedulerIntervalMs: 2 ** 53
  })
  cleanups.push(
    () => logs.close(),
    () => dir.remove()
  )
  const at = harness({ overrides })
  for (const partition of [0, 1]) {
    const log = logs.create({
      topic: 'a',
      topicId: id,
      partition,
      logDir: dir.path,
      config: defaultLogConfig
    })
    at.host(log, id)
  }
  at.publish([topicInfo('a', id, 2)])
  return at
}

async function produce(at: ReturnType<typeof broker>, records: Buffer, version = 9, acks = -1) {
  const topicData = [
    {
      name: 'a',
      partitionData: [
        { index: 0, records },
        { index: 1, records: Buffer.from(records) }
      ]
    }
  ]
  const { responses } = await at.call([produceRequest, produceResponse], version, {
    acks,
    timeoutMs: 5000,
    topicData
  })
  return responses[0]?.partitionResponses.map(({ errorCode, baseOffset }) => [errorCode, baseOffset])
}

async function fetch(at: ReturnType<typeof broker>, fetchOffset: bigint, version = 12, maxWaitMs = 0) {
  const partitions = [0, 1].map(partition => ({ partition, fetchOffset, partitionMaxBytes: 1_000_000 }))
  const body = { minBytes: 1, maxWaitMs, topics: [{ topic: 'a', partitions }] }
  const { responses } = await at.call([fetchRequest, fetchResponse], version, body)
  return responses[0]?.partitions ?? []
}

test('what was produced is read back', async () => {
  const at = broker()
  expect(await produce(at, batchOf('x', 'y'))).toEqual([
    [0, 0n],
    [0, 0n]
  ])
  expect(await produce(at, batchOf('z'))).toEqual([
    [0, 2n],
    [0, 2n]
  ])
  const [first] = await fetch(at, 0n)
  expect(first).toMatchObject({ errorCode: 0, highWatermark: 3n, logStartOffset: 0n })
  expect(first?.records?.includes('x') && first.records.includes('z')).toBe(true)
  expect((await fetch(at, 3n)).map(({ errorCode, records }) => [errorCode, records?.length ?? 0])).toEqual([
    [0, 0],
    [0, 0]
  ])
  expect((await fetch(at, 4n)).map(({ errorCode }) => errorCode)).toEqual([1, 1])
})

test('old formats go in and come out', async () => {
  const at = broker()
  const old = buildMessage(0, { offset: 0, timestamp: -1n, key: null, value: Buffer.from('ancient') })
  expect(await produce(at, old, 1, 1)).toEqual([
    [0, 0n],
    [0, 0n]
  ])
  for (const version of [0, 2, 12])
    expect((await fetch(at, 0n, version))[0]?.records?.includes('ancient')).toBe(true)
})

test('a waiting reader gets what a producer brings, with log.flush.acks after it is on the disk', async () => {
  const at = broker({ 'log.flush.acks': 'true' })
  const waiting = fetch(at, 0n, 12, 10_000)
  expect(await produce(at, batchOf('x'))).toEqual([
    [0, 0n],
    [0, 0n]
  ])
  expect(at.shard.find(id, 0)?.syncedOffset).toBe(1)
  expect((await waiting)[0]?.records?.includes('x')).toBe(true)
})

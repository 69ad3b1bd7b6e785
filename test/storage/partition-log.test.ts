// Goal: what is appended is read back at its offsets, across rolls, restarts and torn tails, with Kafka's rules on
// duplicates. Method: a log in a temporary directory, small segments, batches from the builder.
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { StartupError } from '../../src/errors.js'
import { buildBatch } from '../../src/protocol/records/build-batch.js'
import type { Uuid } from '../../src/protocol/schema.js'
import { defaultLogConfig } from '../../src/storage/log-config.js'
import type { PartitionLog } from '../../src/storage/partition-log.js'
import { closeDirectory, consume, openDirectory } from './support/fixture.js'

const topicId = 'AAAAAAAAAAAAAAAAAAAAAg' as Uuid
const config = { ...defaultLogConfig, segmentBytes: 1000, indexIntervalBytes: 200 }
const startMs = Date.now()
let directory = ''

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'odradek-log-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function batch(values: readonly string[], sequence = -1, producerId = -1n): Buffer {
  const records = values.map((value, i) => ({
    offset: i,
    timestamp: BigInt(startMs + i),
    key: null,
    value: Buffer.from(value),
    headers: []
  }))
  return sequence < 0
    ? buildBatch(records)
    : buildBatch(records, { producerId, producerEpoch: 0, baseSequence: sequence })
}

const options = { nowMs: 1_700_000_000_500, origin: 'client', requestVersion: 9 } as const

function append(log: PartitionLog, bytes: Buffer) {
  const result = log.appendAsLeader(bytes, options)
  if (result instanceof Promise) throw new Error('a small append is synchronous')
  log.advanceHighWatermark(log.logEndOffset)
  return result
}

async function fresh() {
  const opened = await openDirectory(directory, config)
  const log = opened.shard.create({ topic: 't', topicId, partition: 0, logDir: opened.directory, config })
  log.assignLeaderEpoch(0)
  return { opened, log }
}

const valuesOf = async (log: PartitionLog): Promise<string[]> =>
  (await consume(log, false, 250)).map(record => record.value?.toString() ?? '')

it('gives offsets in order and reads every record back, across segments and an orderly restart', async () => {
  const { opened, log } = await fresh()
  const written: string[] = []
  for (let i = 0; i < 40; i++) {
    const values = [`a${i}`, `b${i}`.padEnd(60, 'x')]
    const result = append(log, batch(values))
    expect(result).toMatchObject({ kind: 'appended', baseOffset: 2 * i, lastOffset: 2 * i + 1 })
    written.push(...values)
  }
  expect(log.segmentCount).toBeGreaterThan(3)
  expect(await valuesOf(log)).toEqual(written)
  await log.flush()
  expect(log.recoveryPoint).toBe(80)
  await closeDirectory(opened)
  expect(readdirSync(directory)).toContain('.kafka_cleanshutdown')
  const again = await openDirectory(directory, config)
  expect(readdirSync(directory)).not.toContain('.kafka_cleanshutdown')
  expect(await valuesOf(again.log('t-0'))).toEqual(written)
  expect(again.log('t-0').topicId).toBe(topicId)
  await closeDirectory(again)
})

it('keeps every whole batch of a log that was killed with a torn tail, wherever it is cut', async () => {
  const { opened, log } = await fresh()
  for (let i = 0; i < 6; i++) append(log, batch([`v${i}`]))
  log.abandon()
  opened.dirs.release()
  const file = path.join(directory, 't-0', '00000000000000000000.log')
  const size = statSync(file).size
  const batchBytes = size / 6
  for (const cut of [1, 11, 12, 16, 17, 40, batchBytes - 1]) {
    truncateSync(file, 5 * batchBytes)
    appendFileSync(file, batch(['torn']).subarray(0, cut))
    const again = await openDirectory(directory, config)
    const recovered = again.log('t-0')
    expect([cut, recovered.logEndOffset]).toEqual([cut, 5])
    expect(statSync(file).size).toBe(5 * batchBytes)
    recovered.abandon()
    again.dirs.release()
  }
})

it('answers a repeated batch with its first offsets and refuses a gap, also after a restart', async () => {
  const { opened, log } = await fresh()
  expect(append(log, batch(['a', 'b'], 0, 7n))).toMatchObject({ kind: 'appended', baseOffset: 0 })
  expect(append(log, batch(['c'], 2, 7n))).toMatchObject({ kind: 'appended', baseOffset: 2 })
  expect(append(log, batch(['a', 'b'], 0, 7n))).toMatchObject({
    kind: 'duplicate',
    baseOffset: 0,
    lastOffset: 1
  })
  expect(append(log, batch(['z'], 5, 7n))).toMatchObject({
    kind: 'refused',
    error: 'OUT_OF_ORDER_SEQUENCE_NUMBER'
  })
  expect(log.logEndOffset).toBe(3)
  await closeDirectory(opened)
  const again = await openDirectory(directory, config)
  const reopened = again.log('t-0')
  expect(append(reopened, batch(['c'], 2, 7n))).toMatchObject({ kind: 'duplicate', baseOffset: 2 })
  expect(append(reopened, batch(['d'], 3, 7n))).toMatchObject({ kind: 'appended', baseOffset: 3 })
  await closeDirectory(again)
})

it('shortens the log at an offset and goes on from there', async () => {
  const { opened, log } = await fresh()
  for (let i = 0; i < 30; i++) append(log, batch([`v${i}`.padEnd(50)]))
  log.truncateTo(7)
  expect([log.logEndOffset, log.highWatermark]).toEqual([7, 7])
  expect(append(log, batch(['next']))).toMatchObject({ kind: 'appended', baseOffset: 7 })
  expect(await valuesOf(log)).toHaveLength(8)
  expect(log.deleteRecordsBefore(3)).toEqual({ kind: 'done', lowWatermark: 3 })
  expect(log.deleteRecordsBefore(100)).toEqual({ kind: 'refused', error: 'OFFSET_OUT_OF_RANGE' })
  expect(await valuesOf(log)).toHaveLength(5)
  await closeDirectory(opened)
})

it('lets one flush serve all callers that wait for it', async () => {
  const { opened, log } = await fresh()
  append(log, batch(['a']))
  const first = log.flush()
  append(log, batch(['b']))
  const [second, third] = [log.flush(), log.flush()]
  expect(second).toBe(third)
  await Promise.all([first, second])
  expect(log.recoveryPoint).toBe(2)
  await closeDirectory(opened)
})

it('keeps a second owner out, in this process too, until the first lets go', async () => {
  const { opened } = await fresh()
  await expect(openDirectory(directory)).rejects.toThrow(StartupError)
  await expect(openDirectory(directory)).rejects.toThrow(/Failed to acquire lock on file .lock/)
  await closeDirectory(opened)
  await closeDirectory(await openDirectory(directory))
})

it('takes a deleted partition out of sight at once', async () => {
  const { opened, log } = await fresh()
  append(log, batch(['a']))
  expect(opened.shard.delete('t', 'AAAAAAAAAAAAAAAAAAAABA' as Uuid, 0)).toBe(false)
  expect(opened.shard.delete('t', topicId, 0)).toBe(true)
  expect(opened.shard.find('t', 0)).toBeUndefined()
  expect(readdirSync(directory).some(name => /^t-0\.[0-9a-f]{32}-delete$/.test(name))).toBe(true)
  await closeDirectory(opened)
})

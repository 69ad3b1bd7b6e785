// A data directory that real Kafka wrote, opened by our storage layer, and what a consumer reads from it.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { systemClock } from '../../../src/actors/runtime/clock.js'
import { cooperate } from '../../../src/actors/runtime/cooperate.js'
import { loggerFor, silentSink } from '../../../src/actors/runtime/log.js'
import { backgroundTimers } from '../../../src/actors/runtime/timers.js'
import { BatchCursor } from '../../../src/protocol/records/batch.js'
import type { PlainRecord } from '../../../src/protocol/records/plain-record.js'
import { readBatch } from '../../../src/protocol/records/read-batch.js'
import { ZERO_UUID } from '../../../src/protocol/schema.js'
import { type Files, systemFiles } from '../../../src/storage/files.js'
import { defaultLogConfig, type LogConfig } from '../../../src/storage/log-config.js'
import { LogDirs } from '../../../src/storage/log-dirs.js'
import type { PartitionLog } from '../../../src/storage/partition-log.js'
import { ShardLogs } from '../../../src/storage/shard-logs.js'

export interface Opened {
  readonly directory: string
  readonly dirs: LogDirs
  readonly shard: ShardLogs
  log(name: string): PartitionLog
}

export function unpack(folder: string, name: string): string {
  const target = mkdtempSync(path.join(tmpdir(), 'odradek-fixture-'))
  execFileSync('tar', ['xzf', path.join(folder, `${name}.tar.gz`), '-C', target])
  return path.join(target, name)
}

export function expectedOf(folder: string, name: string): unknown {
  return JSON.parse(gunzipSync(readFileSync(path.join(folder, `${name}.expected.json.gz`))).toString())
}

export async function openDirectory(
  directory: string,
  config: LogConfig = defaultLogConfig,
  files: Files = systemFiles
): Promise<Opened> {
  const logger = loggerFor('test', silentSink)
  const shared = { files, timers: backgroundTimers, logger }
  const dirs = LogDirs.open({ ...shared, paths: [directory], nowMs: Date.now, deleteDelayMs: 60_000 })
  const shard = new ShardLogs({
    ...shared,
    clock: systemClock,
    producerIdExpirationMs: 2 ** 31 - 1,
    onFailure: (_dir, error) => {
      throw error
    },
    recoveryThreadsPerDir: 1,
    flushSchedulerIntervalMs: 2 ** 60
  })
  const stored = dirs.listPartitions()
  dirs.beginLoading()
  const failures = await shard.load(
    stored.map(partition => ({ ...partition, topicId: partition.topicId ?? ZERO_UUID, config }))
  )
  dirs.loaded(failures)
  if (failures.length > 0) throw failures[0]?.error
  for (const log of shard.all()) log.advanceHighWatermark(log.logEndOffset)
  const log = (name: string): PartitionLog => {
    const found = [...shard.all()].find(each => `${each.topic}-${each.partition}` === name)
    if (found === undefined) throw new Error(`no log ${name}`)
    return found
  }
  return { directory: dirs.live[0] ?? directory, dirs, shard, log }
}

export async function closeDirectory({ shard, dirs }: Opened): Promise<void> {
  const { values, failures } = await shard.close()
  if (failures.length > 0) throw failures[0]?.error
  dirs.finish(values, failures)
  dirs.release()
}

/** A record as a consumer gets it, with the fields of its batch. */
export interface ConsumedRecord extends PlainRecord {
  readonly leaderEpoch: number
  /** 0 none, 1 create, 2 append. */
  readonly timestampType: 0 | 1 | 2
}

/** Reads from the log's start as a consumer does: in pages, skipping control records and, committed, aborted ones. */
export async function consume(
  log: PartitionLog,
  committed: boolean,
  maxBytes: number
): Promise<ConsumedRecord[]> {
  const all: ConsumedRecord[] = []
  const upTo = committed ? 'lastStable' : 'highWatermark'
  let from: number = log.logStartOffset
  while (from < (committed ? log.lastStableOffset : log.highWatermark)) {
    const read = await log.read({ from, maxBytes, upTo, minOneBatch: true })
    if (read.kind === 'refused') throw new Error(`${log.directory} at ${from}: ${read.error}`)
    const before = from
    for (const chunk of read.records) {
      const aborted = [...(read.abortedTransactions ?? [])].sort((a, b) =>
        Number(a.firstOffset - b.firstOffset)
      )
      const abortedNow = new Set<bigint>()
      const batch = new BatchCursor(chunk)
      while (batch.next()) {
        if (!batch.checksumHolds) throw new Error(`checksum at ${batch.offsetField}`)
        while (aborted[0] !== undefined && Number(aborted[0].firstOffset) <= batch.lastOffset) {
          abortedNow.add(aborted.shift()?.producerId ?? -1n)
        }
        const end = batch.lastOffset + 1
        if (batch.isControl) {
          abortedNow.delete(batch.producerId)
          from = end
          continue
        }
        const dropped = committed && batch.isTransactional && abortedNow.has(batch.producerId)
        const timestampType = batch.magic === 0 ? 0 : batch.isLogAppendTime ? 2 : 1
        const leaderEpoch = batch.partitionLeaderEpoch
        const { records, problem } = await cooperate(readBatch(batch))
        if (problem !== undefined) throw new Error(problem.reason)
        for (const record of records) {
          if (!dropped && record.offset >= before) all.push({ ...record, leaderEpoch, timestampType })
        }
        from = end
      }
    }
    if (from === before) break
  }
  return all
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

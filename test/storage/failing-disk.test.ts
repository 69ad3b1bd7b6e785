// Goal: whatever call to the disk fails, what was acknowledged before is readable after the next start, and the failure is
// an answer. Method: one scenario (appends over several segments, a checkpoint of epochs, a cut) is run again and again; the
// n-th changing call throws, for all n until the scenario ends without a failure.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { systemClock } from '../../src/actors/runtime/clock.js'
import { loggerFor, silentSink } from '../../src/actors/runtime/log.js'
import { backgroundTimers } from '../../src/actors/runtime/timers.js'
import { buildBatch } from '../../src/protocol/records/build-batch.js'
import type { Uuid } from '../../src/protocol/schema.js'
import { type Files, type OpenFile, systemFiles } from '../../src/storage/files.js'
import { createLog } from '../../src/storage/load-log.js'
import { defaultLogConfig } from '../../src/storage/log-config.js'
import { PartitionLog } from '../../src/storage/partition-log.js'
import { consume, openDirectory } from './support/fixture.js'

const topicId = 'AAAAAAAAAAAAAAAAAAAAAg' as Uuid
const config = { ...defaultLogConfig, segmentBytes: 400, indexIntervalBytes: 100 }

/** The n-th change of the disk (from 1) does not happen and throws. */
function failingFiles(n: number): Files {
  let calls = 0
  const change = <T>(run: () => T): T => {
    if (++calls === n) throw new Error(`change ${n} fails`)
    return run()
  }
  const failing = (file: OpenFile): OpenFile => ({
    read: (into, position) => file.read(into, position),
    readCached: (into, position) => file.readCached(into, position),
    readAsync: (into, position) => file.readAsync(into, position),
    write: (bytes, position) => {
      // Half of it reaches the disk.
      if (++calls === n) {
        file.write(bytes.subarray(0, bytes.length >> 1), position)
        throw new Error(`write ${n} fails`)
      }
      file.write(bytes, position)
    },
    size: () => file.size(),
    truncate: size => change(() => file.truncate(size)),
    sync: () => change(() => file.sync()),
    syncAsync: () => change(() => file.syncAsync()),
    close: () => file.close()
  })
  return {
    ...systemFiles,
    open: (target, mode) =>
      failing(
        mode === 'read' ? systemFiles.open(target, mode) : change(() => systemFiles.open(target, mode))
      ),
    writeFile: (target, bytes) => change(() => systemFiles.writeFile(target, bytes)),
    rename: (from, to) => change(() => systemFiles.rename(from, to)),
    remove: target => change(() => systemFiles.remove(target))
  }
}

/** Values that were acknowledged; `failed` when the disk got in the way. */
function scenario(directory: string, n: number): { acknowledged: string[]; failed: boolean } {
  const acknowledged: string[] = []
  let failed = false
  const environment = {
    files: failingFiles(n),
    clock: systemClock,
    timers: backgroundTimers,
    logger: loggerFor('test', silentSink),
    producerIdExpirationMs: 86_400_000,
    onFailure: () => {
      failed = true
    }
  }
  const place = {
    topic: 't',
    partition: 0,
    topicId,
    logDir: directory,
    directory: path.join(directory, 't-0')
  }
  const offsets = { recoveryPoint: 0, logStartOffset: 0, highWatermark: 0, clean: true }
  try {
    const log = new PartitionLog(createLog(environment, { ...place, config, ...offsets }))
    log.assignLeaderEpoch(1)
    for (let i = 0; i < 14; i++) {
      const value = Buffer.from(`value ${i}`)
      const record = { offset: 0, timestamp: BigInt(Date.now()), key: null, value, headers: [] }
      const bytes = buildBatch([record], { producerId: 3n, producerEpoch: 0, baseSequence: i })
      const result = log.appendAsLeader(bytes, { nowMs: Date.now(), origin: 'client', requestVersion: 9 })
      if (result instanceof Promise) throw new Error('a small append is synchronous')
      if (result.kind === 'appended') acknowledged.push(`value ${i}`)
      else expect(result).toMatchObject({ kind: 'refused', error: 'KAFKA_STORAGE_ERROR' })
    }
    log.abandon()
  } catch {
    failed = true
  }
  return { acknowledged, failed }
}

it('loses nothing acknowledged whichever change of the disk fails', async () => {
  let failures = 0
  for (let n = 1; n < 200; n++) {
    const directory = mkdtempSync(path.join(tmpdir(), 'odradek-failing-'))
    try {
      const { acknowledged, failed } = scenario(directory, n)
      const opened = await openDirectory(directory, config)
      const log = [...opened.shard.all()][0]
      const values =
        log === undefined ? [] : (await consume(log, false, 500)).map(each => each.value?.toString())
      expect(values.slice(0, acknowledged.length)).toEqual(acknowledged)
      expect(values.length).toBeLessThanOrEqual(acknowledged.length + 1)
      for (const each of opened.shard.all()) each.abandon()
      opened.dirs.release()
      if (!failed) {
        expect(failures).toBeGreaterThan(20)
        return
      }
      failures++
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  }
  throw new Error('the scenario never ends without a failure')
})

// Goal: a million commits are loaded within five seconds, and nobody else on the thread waits long meanwhile. Method: a log on
// the disk as commits leave it, loaded once. OFFSETS_TO_LOAD=1000000 loads as many as the release check.
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../../src/actors/runtime/clock.js'
import { loggerFor, silentSink } from '../../../src/actors/runtime/log.js'
import { systemTimers } from '../../../src/actors/runtime/timers.js'
import { systemFiles } from '../../../src/storage/files.js'
import { defaultLogConfig } from '../../../src/storage/log-config.js'
import { ShardLogs } from '../../../src/storage/shard-logs.js'
import { temporaryLogDir } from '../../../src/storage/temporary-log-dir.js'
import { topicId } from '../apis/harness.js'
import { batchOf, commitOf, offsetsWorld, untilOwned } from './offsets-world.js'

const commits = Number(process.env.OFFSETS_TO_LOAD ?? 50_000)
const groups = 1000
const perBatch = 10
/** ms of CPU, since tests run beside each other; what runs cold costs more. */
const most = Math.max(2000, 5000 * (commits / 1_000_000))

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

test(`${commits} commits of ${groups} groups are loaded in time`, { timeout: 300_000 }, async () => {
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
  const config = { ...defaultLogConfig, segmentBytes: 104_857_600 }
  const topic = '__consumer_offsets'
  const log = logs.create({ topic, topicId: topicId(100), partition: 0, logDir: dir.path, config })
  const world = offsetsWorld({ log })
  for (let i = 0; i < commits / perBatch; i++) {
    const group = `a-group-with-a-name-${i % groups}`
    world.write(
      batchOf(Array.from({ length: perBatch }, (_, partition) => commitOf(group, partition, BigInt(i))))
    )
  }
  let longestMs = 0
  let lastMs = performance.now()
  const watch = setInterval(() => {
    const now = performance.now()
    longestMs = Math.max(longestMs, now - lastMs)
    lastMs = now
  }, 0)
  const beganMs = performance.now()
  const before = process.cpuUsage()
  world.partition.send({ type: 'elected', leaderEpoch: 0 })
  const home = await untilOwned(world.partition)
  const tookMs = performance.now() - beganMs
  const { user, system } = process.cpuUsage(before)
  const cpuMs = (user + system) / 1000
  clearInterval(watch)
  expect(home.offsets.size).toBe(groups * perBatch)
  expect(
    Number(home.offsets.find({ group: 'a-group-with-a-name-7', topic: 'a', partition: 3 })?.offset)
  ).toBe(commits / perBatch - groups + 7)
  if (process.env.OFFSETS_TO_LOAD !== undefined)
    console.info(
      `${commits} commits, ${log.sizeBytes} bytes: ${tookMs.toFixed(0)} ms, ${cpuMs.toFixed(0)} ms of CPU, longest wait ${longestMs.toFixed(1)} ms`
    )
  expect(cpuMs).toBeLessThan(most)
})

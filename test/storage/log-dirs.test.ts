// Goal: a directory's lock, marker and checkpoints are right whatever fails: the counterexamples of the model log-manager.
// Method: LogDirs and ShardLogs on real directories; calls to the disk fail when the test says so.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/actors/runtime/clock.js'
import { loggerFor, silentSink } from '../../src/actors/runtime/log.js'
import type { Timers } from '../../src/actors/runtime/timers.js'
import { buildBatch } from '../../src/protocol/records/build-batch.js'
import type { Uuid } from '../../src/protocol/schema.js'
import type { TakeLock } from '../../src/storage/file-lock.js'
import { type Files, systemFiles } from '../../src/storage/files.js'
import { defaultLogConfig } from '../../src/storage/log-config.js'
import { LogDirs } from '../../src/storage/log-dirs.js'
import { ShardLogs } from '../../src/storage/shard-logs.js'

const topicId = 'AAAAAAAAAAAAAAAAAAAAAg' as Uuid
const marker = '.kafka_cleanshutdown'
const logger = loggerFor('test', silentSink)
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

let root = ''
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'odradek-dirs-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function fixture(names: readonly string[] = ['one', 'two']) {
  const paths = names.map(name => path.join(root, name))
  const fails = { sync: false, rename: (_: string): boolean => false, open: (_: string): boolean => false }
  const files: Files = {
    ...systemFiles,
    open(target, mode) {
      if (fails.open(target)) throw new Error(`cannot open ${target}`)
      const file = systemFiles.open(target, mode)
      return {
        read: (into, at) => file.read(into, at),
        readCached: (into, at) => file.readCached(into, at),
        readAsync: (into, at) => file.readAsync(into, at),
        write: (bytes, at) => file.write(bytes, at),
        size: () => file.size(),
        truncate: size => file.truncate(size),
        sync: () => file.sync(),
        syncAsync: () => (fails.sync ? Promise.reject(new Error('cannot sync')) : file.syncAsync()),
        close: () => file.close()
      }
    },
    rename(from, to) {
      if (fails.rename(from)) throw new Error(`cannot rename ${from}`)
      systemFiles.rename(from, to)
    }
  }
  const locks: string[] = []
  const takeLock: TakeLock = target => {
    locks.push(path.dirname(target))
    return { release: () => void locks.splice(locks.indexOf(path.dirname(target)), 1) }
  }
  const armed = new Set<() => void>()
  const arm = (_: number, run: () => void): (() => void) => {
    armed.add(run)
    return () => void armed.delete(run)
  }
  const timers: Timers = { after: arm, every: arm }
  const reported: string[] = []
  const open = (): { dirs: LogDirs; shard: ShardLogs } => ({
    dirs: LogDirs.open({ paths, files, timers, logger, nowMs: Date.now, deleteDelayMs: 60_000, takeLock }),
    shard: new ShardLogs({
      files,
      timers,
      logger,
      clock: systemClock,
      producerIdExpirationMs: 86_400_000,
      onFailure: logDir => void reported.push(logDir),
      recoveryThreadsPerDir: 1,
      flushSchedulerIntervalMs: 1000
    })
  })
  return { paths, fails, locks, armed, reported, open }
}

type Opened = ReturnType<ReturnType<typeof fixture>['open']>

async function load({ dirs, shard }: Opened) {
  const found = dirs.listPartitions()
  dirs.beginLoading()
  const failures = await shard.load(
    found.map(each => ({ ...each, topicId: each.topicId ?? topicId, config: defaultLogConfig }))
  )
  dirs.loaded(failures)
  return failures
}

async function close({ dirs, shard }: Opened): Promise<void> {
  const { values, failures } = await shard.close()
  dirs.finish(values, failures)
  dirs.release()
}

function create({ shard }: Opened, logDir: string, topic = 't') {
  const log = shard.create({ topic, topicId, partition: 0, logDir, config: defaultLogConfig })
  const append = () => {
    const record = { offset: 0, timestamp: 1n, key: null, value: Buffer.from('v'), headers: [] }
    const options = { nowMs: Date.now(), origin: 'client', requestVersion: 9 } as const
    return log.appendAsLeader(buildBatch([record]), options)
  }
  return { log, append }
}

const offsetsIn = (logDir: string, file: string): string =>
  readFileSync(path.join(logDir, `${file}-checkpoint`)).toString()

describe('the lock of a directory', () => {
  it('is free only when every shard has let go of the failed directory', async () => {
    const { paths, locks, open } = fixture()
    const { dirs } = open()
    let letGo: () => void = () => {}
    dirs.onFailure(() => new Promise<void>(resolve => (letGo = resolve)))
    expect(dirs.fail(paths[1] ?? '')).toBe(true)
    await turn()
    expect(dirs.live).toEqual([paths[0]])
    expect(locks).toEqual(paths)
    letGo()
    await turn()
    expect(locks).toEqual([paths[0]])
    dirs.release()
    expect(locks).toEqual([])
  })

  it('is kept to the end where the metadata tree lies', async () => {
    const { paths, locks, open } = fixture()
    const { dirs } = open()
    dirs.fail(paths[0] ?? '')
    await turn()
    expect(dirs.live).toEqual([paths[1]])
    expect(locks).toEqual(paths)
    dirs.release()
    expect(locks).toEqual([])
  })

  it('is kept when nobody knows what a dead thread has open', async () => {
    const { paths, locks, open } = fixture()
    const { dirs } = open()
    dirs.onFailure(() => Promise.reject(new Error('a thread is dead')))
    dirs.fail(paths[1] ?? '')
    await turn()
    expect(locks).toEqual(paths)
  })
})

describe('a checkpoint', () => {
  it('that cannot be written takes the directory out of service, and the shards hear it', async () => {
    const { paths, fails, open } = fixture()
    const opened = open()
    await load(opened)
    const abandoned: string[] = []
    opened.dirs.onFailure(async logDir => void abandoned.push(logDir))
    create(opened, paths[1] ?? '')
    fails.open = target => target.startsWith(paths[1] ?? '')
    opened.dirs.checkpoint('recoveryPoints', opened.shard.checkpointValues())
    expect(abandoned).toEqual([paths[1]])
    expect(opened.dirs.live).toEqual([paths[0]])
  })

  it('is not written by a start that failed: the log that it could not open would be forgotten', async () => {
    const { paths, fails, open } = fixture(['one'])
    const [logDir = ''] = paths
    const before = open()
    await load(before)
    const { log, append } = create(before, logDir)
    append()
    log.advanceHighWatermark(1)
    log.deleteRecordsBefore(1)
    await close(before)
    const remembered = offsetsIn(logDir, 'log-start-offset')
    expect(remembered).toContain('t 0 1')
    const start = open()
    fails.open = target => target.includes('t-0')
    expect(await load(start)).toHaveLength(1)
    await close(start)
    expect(offsetsIn(logDir, 'log-start-offset')).toBe(remembered)
    expect(existsSync(path.join(logDir, marker)), 'nothing was touched').toBe(true)
  })
})

describe('a log', () => {
  it('whose sync failed once is not believed when it is closed', async () => {
    const { paths, fails, reported, open } = fixture(['one'])
    const opened = open()
    await load(opened)
    const { log, append } = create(opened, paths[0] ?? '')
    append()
    fails.sync = true
    await expect(log.flush()).rejects.toThrow('cannot sync')
    fails.sync = false
    expect(reported).toEqual(paths)
    await close(opened)
    expect(existsSync(path.join(paths[0] ?? '', marker))).toBe(false)
  })

  it('takes no append once it is being closed', async () => {
    const { paths, open } = fixture(['one'])
    const opened = open()
    await load(opened)
    const { log, append } = create(opened, paths[0] ?? '')
    append()
    const closing = log.close()
    expect(append()).toMatchObject({ kind: 'refused', error: 'KAFKA_STORAGE_ERROR' })
    await closing
    expect([log.logEndOffset, log.recoveryPoint]).toEqual([1, 1])
  })

  it('that cannot be renamed keeps its name, and deleting it again is possible', async () => {
    const { paths, fails, open } = fixture(['one'])
    const opened = open()
    await load(opened)
    const { append } = create(opened, paths[0] ?? '')
    append()
    fails.rename = from => from.endsWith('t-0')
    expect(() => opened.shard.delete('t', topicId, 0)).toThrow('cannot rename')
    expect(() => {
      const other = 'AAAAAAAAAAAAAAAAAAAAAw' as Uuid
      opened.shard.create({
        topic: 't',
        topicId: other,
        partition: 0,
        logDir: paths[0] ?? '',
        config: defaultLogConfig
      })
    }).toThrow('is still there')
    fails.rename = () => false
    expect(opened.shard.delete('t', topicId, 0)).toBe(true)
    expect(readdirSync(paths[0] ?? '').some(name => name.endsWith('-delete'))).toBe(true)
  })
})

describe('after the logs are closed and the locks are free', () => {
  it('no timer touches the directories', async () => {
    const { paths, armed, open } = fixture(['one'])
    const [logDir = ''] = paths
    mkdirSync(path.join(logDir, 'old-0.0123456789abcdef0123456789abcdef-delete'), { recursive: true })
    const opened = open()
    await load(opened)
    create(opened, logDir)
    opened.shard.delete('t', topicId, 0)
    expect(armed.size).toBe(3)
    await close(opened)
    expect(armed.size).toBe(0)
  })
})

it('a marker that cannot be removed keeps logs from being loaded', async () => {
  const { paths, open } = fixture(['one'])
  const [logDir = ''] = paths
  mkdirSync(logDir)
  writeFileSync(path.join(logDir, marker), '')
  const { dirs } = open()
  rmSync(path.join(logDir, marker))
  mkdirSync(path.join(logDir, marker))
  expect(() => dirs.beginLoading()).toThrow()
  dirs.release()
})

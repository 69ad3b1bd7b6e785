// Goal: the LogManager carries out what its machine says, also when threads are slow, dead, or a directory fails. Method:
// the driver with threads that answer when the test says so, on real directories.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LogManager } from '../../../src/actors/broker/log-manager.js'
import type { ClosedLogs, PartitionFailure } from '../../../src/actors/broker/thread-commands.js'
import { loggerFor, silentSink } from '../../../src/actors/runtime/log.js'
import { backgroundTimers } from '../../../src/actors/runtime/timers.js'
import { loadBrokerConfig } from '../../../src/config/broker-config.js'
import { type Files, systemFiles } from '../../../src/storage/files.js'
import { LogDirs } from '../../../src/storage/log-dirs.js'
import type { CheckpointValues } from '../../../src/storage/shard-logs.js'

const logger = loggerFor('test', silentSink)
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

let root = ''
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'odradek-manager-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

interface Asked<T> {
  answer(value: T): void
  refuse(error: unknown): void
}

function fixture() {
  const paths = [path.join(root, 'one'), path.join(root, 'two')]
  const fails = { writing: (_: string): boolean => false }
  const files: Files = {
    ...systemFiles,
    open(target, mode) {
      if (fails.writing(target)) throw new Error('disk is gone')
      return systemFiles.open(target, mode)
    }
  }
  const dirs = LogDirs.open({
    paths,
    files,
    timers: backgroundTimers,
    logger,
    nowMs: Date.now,
    deleteDelayMs: 1000,
    takeLock: () => ({ release: () => {} })
  })
  const asked: Record<string, Asked<never>> = {}
  const calls: string[] = []
  const ask =
    <T>(name: string) =>
    (): Promise<T> => {
      calls.push(name)
      return new Promise<T>((resolve, reject) => {
        asked[name] = { answer: resolve, refuse: reject }
      })
    }
  const tasks = new Map<string, () => Promise<void> | void>()
  const fatal: unknown[] = []
  const manager = new LogManager({
    dirs,
    logger,
    config: loadBrokerConfig({ overrides: { 'log.dirs': paths.join(',') } }).config,
    scheduler: { every: (name, _first, _period, work) => void tasks.set(name, work) },
    onNoDirLeft: cause => fatal.push(cause),
    threads: {
      openAll: ask<readonly PartitionFailure[]>('open'),
      checkpointValues: ask<readonly CheckpointValues[]>('values'),
      expireProducers: async () => {},
      closeAll: ask<ClosedLogs[]>('close'),
      abandon: logDir => {
        calls.push(`abandon ${path.basename(logDir)}`)
        return Promise.resolve()
      },
      abandonAll: ask<void>('abandonAll')
    }
  })
  const answer = async (name: string, value: unknown): Promise<void> => {
    asked[name]?.answer(value as never)
    await turn()
  }
  const load = async (): Promise<void> => {
    const loading = manager.load(1, [])
    await answer('open', [])
    await loading
  }
  const task = (name: string): Promise<void> | void => tasks.get(name)?.()
  const marked = (): boolean[] => paths.map(each => existsSync(path.join(each, '.kafka_cleanshutdown')))
  return { paths, fails, dirs, manager, calls, asked, tasks, fatal, answer, load, task, marked }
}

describe('the log manager', () => {
  it('marks every directory after an orderly stop', async () => {
    const { manager, answer, load, marked } = fixture()
    await load()
    manager.serve()
    const closed = manager.close('orderly')
    await answer('close', [{ values: [], failures: [] }])
    await closed
    expect(manager.state).toBe('closed')
    expect(marked()).toEqual([true, true])
  })

  it('ends the opening of logs before it closes them', async () => {
    const { manager, calls, answer } = fixture()
    const loading = manager.load(1, [])
    const closed = manager.close('orderly')
    await turn()
    expect(calls).toEqual(['open'])
    await answer('open', [])
    await loading
    expect(calls).toEqual(['open', 'close'])
    await answer('close', [{ values: [], failures: [] }])
    await closed
  })

  it('says which log could not be opened, and closes the others', async () => {
    const { paths, manager, answer, marked } = fixture()
    const loading = manager.load(1, [])
    const failed = expect(loading).rejects.toThrow('t-0 in')
    await answer('open', [{ logDir: paths[0], topic: 't', partition: 0, message: 'no' }])
    await failed
    expect(manager.state).toBe('halfLoaded')
    const closed = manager.close('startFailed')
    await answer('close', [{ values: [], failures: [] }])
    await closed
    expect(marked()).toEqual([false, true])
  })

  it('ends the broker when the last directory fails, also at a checkpoint', async () => {
    const { manager, fails, calls, fatal, answer, load, task } = fixture()
    await load()
    manager.serve()
    fails.writing = () => true
    void task('kafka-recovery-point-checkpoint')
    await answer('values', [])
    expect(calls.filter(call => call.startsWith('abandon'))).toEqual(['abandon one', 'abandon two'])
    expect(fatal).toHaveLength(1)
    expect(manager.state).toBe('dead')
  })

  it('goes on with one directory', async () => {
    const { paths, dirs, manager, fatal, load, answer, marked } = fixture()
    await load()
    manager.serve()
    manager.noticed({ kind: 'logDirFailed', logDir: paths[1] ?? '', message: 'no' })
    manager.noticed({ kind: 'logDirFailed', logDir: paths[1] ?? '', message: 'no' })
    expect(dirs.live).toEqual([paths[0]])
    expect(fatal).toEqual([])
    const closed = manager.close('orderly')
    await answer('close', [{ values: [], failures: [] }])
    await closed
    expect(marked()).toEqual([true, false])
  })

  it('drops values that come when the logs are being closed', async () => {
    const { paths, manager, load, answer, task, asked } = fixture()
    await load()
    manager.serve()
    void task('highwatermark-checkpoint')
    const late = asked.values
    const closed = manager.close('orderly')
    const stale = { logDir: paths[0], topic: 't', partition: 0, recoveryPoint: 7, highWatermark: 7 }
    late?.answer([{ ...stale, logStartOffset: undefined }] as never)
    await turn()
    expect(existsSync(path.join(paths[0] ?? '', 'replication-offset-checkpoint'))).toBe(false)
    await answer('close', [{ values: [], failures: [] }])
    await closed
  })

  it('lets every shard drop its logs when the broker ends in haste, and marks nothing', async () => {
    const { manager, calls, load, answer, marked } = fixture()
    await load()
    manager.serve()
    const closed = manager.close('fatal')
    expect(calls).toContain('abandonAll')
    await answer('abandonAll', undefined)
    await closed
    expect(marked()).toEqual([false, false])
  })

  it('ends although a thread is dead', async () => {
    const { manager, load, asked, marked } = fixture()
    await load()
    manager.serve()
    const closed = manager.close('orderly')
    asked.close?.refuse(new Error('a worker died'))
    await closed
    expect(marked()).toEqual([false, false])
  })
})

// Goal: what storage says is on the disk survives a power loss that keeps as little as POSIX allows. Method: the log and its
// directory on a simulated disk, at the seams where a name or a cut has to last as long as what relies on it.
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/actors/runtime/clock.js'
import { loggerFor, silentSink } from '../../src/actors/runtime/log.js'
import { backgroundTimers } from '../../src/actors/runtime/timers.js'
import { buildBatch } from '../../src/protocol/records/build-batch.js'
import type { Uuid } from '../../src/protocol/schema.js'
import { SimulatedDisk } from '../../src/simulation/disk.js'
import { SimulatedProcess } from '../../src/simulation/process.js'
import { Schedule } from '../../src/simulation/schedule.js'
import type { Files } from '../../src/storage/files.js'
import { createLog, loadLog } from '../../src/storage/load-log.js'
import { defaultLogConfig, type LogConfig } from '../../src/storage/log-config.js'
import { LogDirs } from '../../src/storage/log-dirs.js'
import type { Offset } from '../../src/storage/offset.js'
import { PartitionLog } from '../../src/storage/partition-log.js'

const topicId = 'AAAAAAAAAAAAAAAAAAAAAg' as Uuid
const logger = loggerFor('test', silentSink)

/** A power loss that takes all it may: no change of a directory, no new size of a file, no sector. */
function takesAll(): (below: number) => number {
  let asked: 'size' | 'sectors' = 'sectors'
  return below => {
    if (below !== 4) return below === 3 ? 1 : 0
    asked = asked === 'size' ? 'sectors' : 'size'
    return asked === 'size' ? 0 : 1
  }
}

class World {
  readonly schedule = new Schedule(() => 0)
  readonly disk = new SimulatedDisk(takesAll())

  constructor() {
    this.files.makeDirectory('/d0')
    this.files.syncDirectory('/')
  }

  get process(): SimulatedProcess {
    return new SimulatedProcess(this.schedule, () => 0)
  }

  get files() {
    return this.disk.for(this.process).files
  }

  /** Lets the disk end what it was asked for. */
  async until<T>(work: Promise<T>): Promise<T> {
    let state: 'waiting' | 'over' = 'waiting'
    const end = (): void => {
      state = 'over'
    }
    work.then(end, end)
    await this.schedule.run(() => state === 'over', 10_000)
    return work
  }

  environment() {
    return {
      files: this.files,
      clock: systemClock,
      timers: backgroundTimers,
      logger,
      producerIdExpirationMs: Number.MAX_SAFE_INTEGER,
      onFailure: () => {}
    }
  }

  place(config: Partial<LogConfig> = {}, clean = true) {
    return {
      topic: 't',
      partition: 0,
      topicId,
      logDir: '/d0',
      directory: '/d0/t-0',
      config: { ...defaultLogConfig, ...config },
      recoveryPoint: 0,
      logStartOffset: 0,
      highWatermark: 0,
      clean
    }
  }

  dirs(): LogDirs {
    const { files, takeLock } = this.disk.for(this.process)
    return LogDirs.open({
      paths: ['/d0'],
      files,
      takeLock,
      timers: backgroundTimers,
      logger,
      nowMs: () => 0,
      deleteDelayMs: 0
    })
  }
}

function batch(value: string, sequence = 0): Buffer {
  return buildBatch([{ offset: 0, timestamp: 1n, key: null, value: Buffer.from(value), headers: [] }], {
    producerId: 7n,
    producerEpoch: 0,
    baseSequence: sequence
  })
}

const append = (log: PartitionLog, value: string, sequence = 0) =>
  log.appendAsLeader(batch(value, sequence), { nowMs: 1, origin: 'client', requestVersion: 9 })

describe('after a power loss', () => {
  it('a flushed record is there although its partition was new', async () => {
    const world = new World()
    const log = new PartitionLog(createLog(world.environment(), world.place()))
    append(log, 'a')
    await world.until(log.flush())
    world.disk.losePower()
    const state = await world.until(loadLog(world.environment(), world.place({}, false)))
    expect(state.logEndOffset).toBe(1)
  })

  it('producers are known to a log that was closed in order', async () => {
    const world = new World()
    const log = new PartitionLog(createLog(world.environment(), world.place()))
    append(log, 'a')
    await world.until(log.close())
    world.disk.losePower()
    const again = new PartitionLog(await world.until(loadLog(world.environment(), world.place())))
    expect(await append(again, 'a')).toMatchObject({ kind: 'duplicate', baseOffset: 0 as Offset })
  })

  it('the clean-shutdown marker of the run before does not come back', () => {
    const world = new World()
    const { files } = world
    files.writeFile('/d0/.kafka_cleanshutdown', '')
    files.syncDirectory('/d0')
    const dirs = world.dirs()
    dirs.listPartitions()
    dirs.beginLoading()
    world.disk.losePower()
    expect(files.status('/d0/.kafka_cleanshutdown')).toBeUndefined()
  })

  it('half a partition.metadata is none, unless the stop was in order', () => {
    const world = new World()
    const { files } = world
    files.makeDirectory('/d0/t-0')
    files.writeFile('/d0/t-0/partition.metadata', 'version')
    const dirs = world.dirs()
    expect(dirs.listPartitions()).toMatchObject([{ topic: 't', topicId: undefined }])
    dirs.release()
    files.writeFile('/d0/t-0/partition.metadata', 'version')
    files.writeFile('/d0/.kafka_cleanshutdown', '')
    expect(() => world.dirs().listPartitions()).toThrow(/partition.metadata/)
  })

  it('what recovery cut off does not come back behind an orderly stop', async () => {
    const world = new World()
    const log = new PartitionLog(createLog(world.environment(), world.place()))
    append(log, 'a')
    await world.until(log.close())
    const name = '/d0/t-0/00000000000000000000.log'
    const file = world.files.open(name, 'update')
    file.write(Buffer.alloc(100, 1), file.size())
    file.sync()
    file.close()
    const cut = new PartitionLog(await world.until(loadLog(world.environment(), world.place({}, false))))
    await world.until(cut.close())
    world.disk.losePower()
    const again = new PartitionLog(await world.until(loadLog(world.environment(), world.place())))
    append(again, 'b', 1)
    await world.until(again.close())
    const last = await world.until(loadLog(world.environment(), world.place()))
    expect(last.logEndOffset).toBe(2)
  })

  it('segments behind one that lost its end are dropped, as they are behind one that is damaged', async () => {
    const world = new World()
    const config = { segmentBytes: 150 }
    const log = new PartitionLog(createLog(world.environment(), world.place(config)))
    for (let i = 0; i < 6; i++) append(log, `value ${i}`, i)
    await world.until(log.close())
    const names = world.files.list('/d0/t-0').flatMap(({ name }) => (name.endsWith('.log') ? [name] : []))
    expect(names.length).toBeGreaterThan(2)
    const file = world.files.open(`/d0/t-0/${names[1]}`, 'update')
    file.truncate(0)
    file.close()
    const state = await world.until(loadLog(world.environment(), world.place(config, false)))
    expect(state.logEndOffset).toBe(Number(names[1]?.slice(0, 20)))
  })
})

describe('on a disk that fails', () => {
  it('a read is refused as what it is, and the directory is reported', () => {
    const world = new World()
    const failed: string[] = []
    const environment = { ...world.environment(), onFailure: (logDir: string) => failed.push(logDir) }
    let health: 'good' | 'broken' = 'good'
    const open: Files['open'] = (path, mode) => {
      const file = environment.files.open(path, mode)
      return {
        ...file,
        read(into, position) {
          if (health === 'broken') throw new Error('EIO')
          return file.read(into, position)
        }
      }
    }
    const files = { ...environment.files, open }
    const log = new PartitionLog(createLog({ ...environment, files }, world.place()))
    append(log, 'a')
    health = 'broken'
    const read = log.read({ from: 0, maxBytes: 1000, upTo: 'logEnd', minOneBatch: true })
    expect(read).toEqual({ kind: 'refused', error: 'KAFKA_STORAGE_ERROR' })
    expect(failed).toEqual(['/d0'])
    expect(log.isOpen).toBe(false)
  })
})

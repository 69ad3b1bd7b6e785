// Drives offsets-partition.machine.ts: one partition of __consumer_offsets that is hosted on this thread.
import { errorMessage } from '../../errors.js'
import type { ErrorName } from '../../protocol/error-codes.js'
import type { Partition } from '../replicas/partition.js'
import { driveMachine, type MachineDriver } from '../runtime/actor.js'
import { systemClock } from '../runtime/clock.js'
import { cooperate } from '../runtime/cooperate.js'
import { type LoadResult, OffsetsLoad } from './load-offsets.js'
import type { LoadQueue } from './load-queue.js'
import { type HomeOptions, OffsetsHome } from './offsets-home.js'
import { type OffsetsPartitionEvent, offsetsPartitionMachine } from './offsets-partition.machine.js'

export interface OffsetsPartitionOptions extends Omit<HomeOptions, 'isCurrent' | 'partition'> {
  readonly hosted: Partition
  readonly queue: LoadQueue
}

interface Load {
  readonly work: OffsetsLoad
  readonly home: OffsetsHome
  readonly beganMs: number
}

export class OffsetsPartition {
  readonly hosted: Partition
  readonly #options: OffsetsPartitionOptions
  readonly #life: MachineDriver<typeof offsetsPartitionMachine>
  #leaveQueue: () => void = () => {}
  #load: Load | undefined
  #owned: OffsetsHome | undefined

  constructor(options: OffsetsPartitionOptions) {
    this.#options = options
    this.hosted = options.hosted
    const { partition } = options.hosted.log
    this.#life = driveMachine(
      offsetsPartitionMachine,
      {
        queueLoad: () => {
          // The turn may come at once, and what it begins may end at once.
          const leave = options.queue.join(() => this.#life.send({ type: 'turnCame' }))
          this.#leaveQueue = leave
        },
        beginLoad: () => this.#beginLoad(),
        abandonLoad: () => this.#abandonLoad(),
        install: () => this.#install(),
        unload: ({ error }: { error: ErrorName }) => this.#unload(error)
      },
      { name: `groups.offsetsPartition.${partition}`, atOnce: true }
    )
  }

  /** notOwned, queued, loading, owned, offline, gone, stopped. */
  get state(): string {
    return this.#life.state
  }

  /** Of the last election; -1 before the first. */
  get leaderEpoch(): number {
    return this.#life.snapshot.context.leaderEpoch
  }

  /** What groups live on; undefined unless it is owned. */
  get home(): OffsetsHome | undefined {
    return this.#owned
  }

  /** Why requests for its groups are not served. */
  get refusal(): ErrorName {
    switch (this.state) {
      case 'queued':
      case 'loading':
        return 'COORDINATOR_LOAD_IN_PROGRESS'
      case 'stopped':
        return 'COORDINATOR_NOT_AVAILABLE'
      default:
        return 'NOT_COORDINATOR'
    }
  }

  send(event: Exclude<OffsetsPartitionEvent, { type: 'turnCame' | 'loaded' }>): void {
    this.#life.send(event)
  }

  #beginLoad(): void {
    const { hosted, queue: _, ...rest } = this.#options
    const home = new OffsetsHome({
      ...rest,
      partition: hosted.log.partition,
      isCurrent: candidate => candidate === this.#owned
    })
    const work = new OffsetsLoad(hosted.log, home)
    const load = { work, home, beganMs: systemClock.monotonicMs() }
    this.#load = load
    const result = cooperate(work.steps())
    if (!(result instanceof Promise)) {
      this.#ended(load, result)
      return
    }
    result.then(
      late => this.#ended(load, late),
      error =>
        this.#ended(load, {
          records: 0,
          bytes: 0,
          skipped: 0,
          problem: { reason: errorMessage(error), fails: true }
        })
    )
  }

  /** What could be read is served: a group that cannot be read must not take the others with it. */
  #ended(load: Load, { records, bytes, skipped, problem }: LoadResult): void {
    if (this.#load !== load) return
    const { logger, hosted } = this.#options
    const name = `${hosted.log.topic}-${hosted.log.partition}`
    const ms = Math.round(systemClock.monotonicMs() - load.beganMs)
    if (problem !== undefined) logger.error(`loading ${name} stopped early: ${problem.reason}`)
    if (skipped > 0) logger.warn(`${skipped} records of ${name} are of no known kind, or broken`)
    if (records > 0)
      logger.info(`loaded offsets and groups of ${name}: ${records} records, ${bytes} bytes, ${ms} ms`)
    this.#life.send({ type: problem?.fails === true ? 'logFailed' : 'loaded' })
  }

  #abandonLoad(): void {
    this.#load?.work.abandon()
    this.#load = undefined
    this.#leaveQueue()
  }

  #install(): void {
    const load = this.#load
    this.#load = undefined
    this.#owned = load?.home
    load?.work.install()
    this.#leaveQueue()
  }

  #unload(error: ErrorName): void {
    const home = this.#owned
    this.#owned = undefined
    home?.unload(error)
  }
}

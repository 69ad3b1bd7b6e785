// All threads of a broker, whatever the placement: what is shared between them, and commands to each one's part.
import type { Piscina } from 'piscina'
import type { BrokerConfig } from '../../config/broker-config.js'
import { Bug, required } from '../../errors.js'
import type { Files } from '../../storage/files.js'
import type { CheckpointValues, PartitionToOpen } from '../../storage/shard-logs.js'
import type { GroupDetails, GroupLook } from '../groups/group-look.js'
import type { LoopRunner } from '../handlers/pool.js'
import {
  attachRequestChannel,
  inlineRequestChannel,
  type RequestChannel,
  shareRequestChannel
} from '../network/request-channel.js'
import { MetadataCache, receiveMetadata } from '../replicas/metadata-cache.js'
import type { LogLevel, LogSink } from '../runtime/log.js'
import { asking, type ThreadId } from '../runtime/mesh.js'
import type { PlacementTable } from '../runtime/placement.js'
import { attachRuntime, createSharedRuntime, type Runtime } from '../runtime/shared-runtime.js'
import { backgroundTimers } from '../runtime/timers.js'
import type { ThreadTrace, TraceSince } from '../runtime/trace.js'
import type { BrokerThread } from './broker-thread.js'
import {
  type ClosedLogs,
  type PartitionFailure,
  type ThreadCommand,
  type ThreadGauges,
  threadActor
} from './thread-commands.js'
import type { HistoryAnswer, HistoryQuestion, ThreadFigures, ThreadLook } from './thread-look.js'
import { threadPlan } from './thread-plan.js'
import { logActor, WorkerThreads } from './threads.js'

export interface BrokerThreadsOptions {
  readonly config: BrokerConfig
  readonly sink: LogSink
  readonly onDeath: (cause: unknown) => void
  /** Opened ahead of everything else; undefined where nothing runs on workers. */
  readonly pool: Piscina | undefined
  /** For logs on this thread. */
  readonly files: Files
}

type OwnThread = typeof import('./broker-thread.js')

let ownThread: OwnThread | undefined

/** Loads what an inline broker runs; once, so that a later start waits for no file. */
export async function loadOwnThread(): Promise<OwnThread> {
  ownThread ??= await import('./broker-thread.js')
  return ownThread
}

/** queued.max.request.bytes=-1 means unbounded in Kafka; here it means this much, and at least one largest request. */
const defaultPoolBytes = 256 * 1024 * 1024

export class BrokerThreads implements LoopRunner {
  readonly placement: PlacementTable
  /** The main thread's view. */
  readonly main: Runtime
  readonly channel: RequestChannel
  readonly #config: BrokerConfig
  readonly #own: BrokerThread | undefined
  readonly #workers: WorkerThreads | undefined
  /** Rejects when a worker dies: nobody waits for an answer that will not come. */
  readonly #death: Promise<never>
  #died: (cause: unknown) => void = () => {}

  private constructor(
    { config, sink, onDeath, pool, files }: BrokerThreadsOptions,
    own: OwnThread | undefined
  ) {
    this.#config = config
    this.placement = threadPlan(config)
    this.#death = new Promise((_, reject) => {
      this.#died = reject
    })
    this.#death.catch(() => {})
    const { workers, networkThreads } = this.placement
    const configured = config.get('queued.max.request.bytes')
    const poolBytes =
      configured > 0 ? configured : Math.max(defaultPoolBytes, config.get('socket.request.max.bytes'))
    const created = createSharedRuntime({ workers, networkThreads, poolBytes })
    this.main = attachRuntime(created.shared, 0, created.mainPorts)
    const capacity = config.get('queued.max.requests')
    if (own !== undefined) {
      this.channel = inlineRequestChannel({ capacity })
      const { main: runtime, placement, channel } = this
      this.#own = new own.BrokerThread({ runtime, placement, config, channel, sink, files })
      return
    }
    const channel = shareRequestChannel({ capacity, threads: workers + 1 })
    this.channel = attachRequestChannel(channel, this.main, this.placement)
    this.main.mesh.register(logActor, message => {
      const { line, level } = message as { line: string; level: LogLevel }
      sink.write(line, level)
    })
    const { shared, bootTasks } = created
    this.#workers = new WorkerThreads({
      pool: required(pool, 'a broker with workers has a pool'),
      data: { shared, channel, placement: this.placement.placement, workers, inputs: config.inputs },
      bootTasks,
      runtime: this.main,
      onDeath: cause => {
        this.#died(cause)
        onDeath(cause)
      }
    })
    // The controller waits until every thread has a new image, this one too.
    receiveMetadata(this.main.mesh, new MetadataCache())
  }

  /** The code of handlers, APIs and logs is loaded on the main thread only where it runs there. */
  static async create(options: BrokerThreadsOptions): Promise<BrokerThreads> {
    const inline = options.config.get('odradek.placement') === 'inline'
    return new BrokerThreads(options, inline ? (ownThread ?? (await loadOwnThread())) : undefined)
  }

  /** The worker threads, for gauges and for tests that end one. */
  get workers(): Piscina['threads'] {
    return this.#workers?.threads ?? []
  }

  /** Handler tasks that no worker has begun. */
  get queued(): number {
    return this.#workers?.queued ?? 0
  }

  run(id: number): Promise<void> {
    return (
      this.#own?.runLoop(id) ?? this.#workers?.run(id) ?? Promise.reject(new Bug('no thread runs handlers'))
    )
  }

  dismiss(ids: readonly number[]): void {
    void this.#tellAll({ op: 'dismiss', ids })
  }

  /** Resolves when no thread has a file of the directory open; rejects when a thread is dead. */
  async abandon(logDir: string): Promise<void> {
    await this.#tellAll({ op: 'abandon', logDir })
  }

  async abandonAll(): Promise<void> {
    await this.#tellAll({ op: 'abandonAll' })
  }

  async openAll(
    brokerId: number,
    logDirs: readonly string[],
    partitions: readonly PartitionToOpen[]
  ): Promise<readonly PartitionFailure[]> {
    const shards = new Map<ThreadId, PartitionToOpen[]>(
      this.placement.handlerThreads.map(thread => [thread, []])
    )
    for (const partition of partitions) {
      const shard = this.placement.shardOf(partition.topicId ?? '', partition.partition)
      shards.get(this.placement.threadOfShard(shard))?.push(partition)
    }
    const opened = [...shards].map(([thread, own]) =>
      this.#tell<readonly PartitionFailure[]>(thread, {
        op: 'open',
        brokerId,
        logDirs,
        partitions: own,
        brokerConfigs: this.#config.dynamic
      })
    )
    return (await Promise.all(opened)).flat()
  }

  async checkpointValues(): Promise<readonly CheckpointValues[]> {
    return (await this.#tellAll<readonly CheckpointValues[]>({ op: 'checkpoints' })).flat()
  }

  /** Forgets producers that have been idle for producer.id.expiration.ms. */
  async expireProducers(): Promise<void> {
    await this.#tellAll({ op: 'expireProducers' })
  }

  async startGroups(): Promise<void> {
    await this.#tellAll({ op: 'startGroups' })
  }

  /** Whoever waits in a group is answered; nothing is written to their log any more. */
  async stopGroups(): Promise<void> {
    await this.#tellAll({ op: 'stopGroups' })
  }

  /** Removes committed offsets whose retention is over. */
  async expireOffsets(): Promise<void> {
    await this.#tellAll({ op: 'expireOffsets' })
  }

  closeAll(): Promise<ClosedLogs[]> {
    return this.#tellAll<ClosedLogs>({ op: 'closeLogs' })
  }

  gauges(): Promise<ThreadGauges[]> {
    return this.#tellAll<ThreadGauges>({ op: 'gauges' })
  }

  /** Of threads that run handlers; one that does not answer in time is left out and named in `missing`. */
  looks(): Promise<{ answers: ThreadLook[]; missing: ThreadId[] }> {
    return this.#askAll<ThreadLook>({ op: 'look' })
  }

  figures(): Promise<{ answers: ThreadFigures[]; missing: ThreadId[] }> {
    return this.#askAll<ThreadFigures>({ op: 'figures' })
  }

  /** One answer a question; null where no thread that answered has the partition. */
  async histories(questions: readonly HistoryQuestion[]): Promise<Array<HistoryAnswer | null>> {
    const { answers } = await this.#askAll<Array<HistoryAnswer | null>>({ op: 'history', questions })
    return questions.map((_, i) => answers.find(answer => answer[i] !== null)?.[i] ?? null)
  }

  /** Of all threads that answered. */
  async groupLooks(): Promise<readonly GroupLook[]> {
    const { answers } = await this.#askAll<readonly GroupLook[]>({ op: 'groups' })
    return answers.flat()
  }

  async groupDetails(groupId: string): Promise<GroupDetails | undefined> {
    const { answers } = await this.#askAll<GroupDetails | null | undefined>({ op: 'group', groupId })
    return answers.find(answer => answer !== null && answer !== undefined) ?? undefined
  }

  async #askAll<R>(command: ThreadCommand): Promise<{ answers: R[]; missing: ThreadId[] }> {
    const answers: R[] = []
    const missing: ThreadId[] = []
    const asked = this.placement.handlerThreads.map(async thread => {
      const answer = await inTime(this.#tell<R>(thread, command))
      if (answer === undefined) missing.push(thread)
      else answers.push(answer)
    })
    await Promise.all(asked)
    return { answers, missing }
  }

  /** What the actors of each worker did; those of the main thread are on its own tap. */
  traces(since?: TraceSince): Promise<ThreadTrace[]> {
    const workers = Array.from({ length: this.placement.workers }, (_, i) => i + 1)
    const asked = workers.flatMap(
      thread => this.#workers?.trace(thread, since?.after(thread), since?.most) ?? []
    )
    return Promise.all(asked)
  }

  #tell<R>(thread: ThreadId, command: ThreadCommand): Promise<R> {
    return Promise.race([asking(this.main.mesh).ask<R>(thread, threadActor, command), this.#death])
  }

  #tellAll<R>(command: ThreadCommand): Promise<R[]> {
    return Promise.all(this.placement.handlerThreads.map(thread => this.#tell<R>(thread, command)))
  }

  async stop(): Promise<void> {
    await this.#workers?.stop()
    this.channel.close()
    this.main.detach()
  }
}

/** A thread that is stuck is not waited for longer by who only looks. */
const lookPatienceMs = 2000

/** Undefined: it failed, or took too long. */
function inTime<R>(answer: Promise<R>): Promise<R | undefined> {
  return new Promise(resolve => {
    const cancel = backgroundTimers.after(lookPatienceMs, () => resolve(undefined))
    const settle = (value: R | undefined): void => {
      cancel()
      resolve(value)
    }
    answer.then(settle, () => settle(undefined))
  })
}

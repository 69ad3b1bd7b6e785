// The controller of a cluster of one: every change of topics goes through it, one at a time. Nothing is answered as
// done before it is durable in the tree, its logs are open, and every thread's metadata image shows it.
import { encodeBroker, encodeController, paths } from '../../coordination/kafka-znodes.js'
import { isRefused, type TreeOp } from '../../coordination/tree.js'
import { StartupError } from '../../errors.js'
import type { ErrorName } from '../../protocol/error-codes.js'
import { alterConfigs } from './alter-configs.js'
import { ConfigChanges, readGroupConfigs } from './config-nodes.js'
import {
  consumerOffsets,
  type OffsetOfConsumer,
  type PartitionOfTopic,
  setConsumerOffsets
} from './consumer-offsets.js'
import type {
  AlterConfigsCommand,
  AutoCreateResult,
  CreatePartitionsCommand,
  CreatePartitionsResult,
  CreateTopicResult,
  CreateTopicsCommand,
  DeleteTopicResult,
  DeleteTopicsCommand,
  Verdict
} from './controller-client.js'
import { type ControllerOptions, type ControllerState, forget, keep } from './controller-state.js'
import type { MetadataImage } from './metadata-image.js'
import { allocateProducerIdBlock } from './producer-id-blocks.js'
import type { BlockAnswer } from './producer-ids.js'
import { Publisher } from './publisher.js'
import { Serial } from './serial.js'
import { Topic, type TopicSurroundings } from './topic.js'
import { topicNameFault } from './topic-checks.js'
import { createPartitions, createTopics, deleteTopics } from './topic-commands.js'
import { readTopics, type TopicRecord } from './topics-in-tree.js'

export class Controller {
  readonly #state: ControllerState
  readonly #publisher: Publisher
  readonly #events: Serial
  readonly #autoCreating = new Set<string>()

  private constructor(state: ControllerState, publisher: Publisher) {
    this.#state = state
    this.#publisher = publisher
    this.#events = new Serial('controller events')
  }

  /**
   * Registers the broker, takes the controllership, finishes what a crash left undone (half-created topics get their
   * logs, marked ones are deleted) and publishes the first image. Throws StartupError when another one is registered.
   */
  static async start(options: ControllerOptions): Promise<Controller> {
    const { brokerEpoch, epoch, epochVersion } = await register(options)
    const publisher = new Publisher(options.publish)
    const surroundings: TopicSurroundings = {
      brokerId: options.brokerId,
      tree: options.tree,
      partitions: options.partitions,
      publisher,
      controllerEpochVersion: () => epochVersion,
      warn: options.log.warn
    }
    const state: ControllerState = {
      options,
      topics: new Map(),
      topicsById: new Map(),
      surroundings,
      controllerEpoch: epoch,
      changes: await ConfigChanges.of(options.tree, options.nowMs)
    }
    const { brokerId: id, rack, endpoints, clusterId } = options
    const records = await readTopics(options.tree)
    await publisher.replace({
      clusterId,
      controllerId: id,
      brokers: [{ id, epoch: brokerEpoch, rack, endpoints }],
      topics: [],
      deletedTopics: [],
      brokerConfigs: options.config.dynamic,
      groupConfigs: await readGroupConfigs(options.tree)
    })
    await takeUp(state, records)
    return new Controller(state, publisher)
  }

  /** The newest image that was sent. */
  get image(): MetadataImage {
    return this.#publisher.image
  }

  /** Commands that wait or run. */
  get depth(): number {
    return this.#events.depth
  }

  createTopics(command: CreateTopicsCommand): Promise<readonly CreateTopicResult[]> {
    return createTopics(this.#state, this.#events, command)
  }

  deleteTopics(command: DeleteTopicsCommand): Promise<readonly DeleteTopicResult[]> {
    return deleteTopics(this.#state, this.#events, command)
  }

  createPartitions(command: CreatePartitionsCommand): Promise<readonly CreatePartitionsResult[]> {
    return createPartitions(this.#state, this.#events, command)
  }

  /** Of topics, of this broker, of all brokers. */
  alterConfigs(command: AlterConfigsCommand): Promise<readonly Verdict[]> {
    return this.#events.run(() => alterConfigs(this.#state, command))
  }

  /** A block of producer ids that nobody had before. */
  allocateProducerIds(): Promise<BlockAnswer> {
    const { tree, brokerId } = this.#state.options
    return this.#events.run(() => allocateProducerIdBlock(tree, brokerId))
  }

  /** Beside the queue of commands: no other command reads or writes these nodes. */
  setConsumerOffsets(group: string, offsets: readonly OffsetOfConsumer[]): Promise<readonly ErrorName[]> {
    return setConsumerOffsets(this.#state.options.tree, group, offsets)
  }

  consumerOffsets(
    group: string,
    partitions: readonly PartitionOfTopic[]
  ): Promise<readonly (bigint | null)[]> {
    return consumerOffsets(this.#state.options.tree, group, partitions)
  }

  autoCreateTopics(names: readonly string[]): Promise<readonly AutoCreateResult[]> {
    return Promise.all([...new Set(names)].map(name => this.#autoCreate(name)))
  }

  /** Gives up controllership and registration after the commands that wait are through. */
  async stop(): Promise<void> {
    await this.#events.drained()
    this.#events.close()
    const { tree, brokerId } = this.#state.options
    await tree.delete(paths.controller)
    await tree.delete(paths.broker(brokerId))
  }

  async #autoCreate(name: string): Promise<AutoCreateResult> {
    const fault = topicNameFault(name)
    if (fault !== undefined) {
      return { name, error: 'INVALID_TOPIC_EXCEPTION', message: `Topic name is invalid: ${fault}` }
    }
    if (this.#autoCreating.has(name)) return { name, error: 'UNKNOWN_TOPIC_OR_PARTITION', message: null }
    this.#autoCreating.add(name)
    try {
      const internal = this.#state.options.settings().internalTopics[name]
      const configs = Object.entries(internal?.configs ?? {}).map(([key, value]) => ({ name: key, value }))
      const [result] = await this.createTopics({
        topics: [
          {
            name,
            numPartitions: internal?.numPartitions ?? -1,
            // Kafka's default of 3 would keep a broker of its own from ever having groups.
            replicationFactor: Math.min(internal?.replicationFactor ?? -1, this.image.brokers.length),
            assignments: [],
            configs
          }
        ],
        timeoutMs: autoCreateTimeoutMs,
        validateOnly: false
      })
      const error = result?.error ?? 'UNKNOWN_SERVER_ERROR'
      const created = error === 'NONE' || error === 'TOPIC_ALREADY_EXISTS' || error === 'REQUEST_TIMED_OUT'
      return created
        ? { name, error: 'LEADER_NOT_AVAILABLE', message: null }
        : { name, error, message: result?.message ?? null }
    } finally {
      this.#autoCreating.delete(name)
    }
  }
}

/** Kafka's request.timeout.ms of the broker's own requests. */
const autoCreateTimeoutMs = 30_000

interface Registration {
  readonly brokerEpoch: number
  readonly epoch: number
  readonly epochVersion: number
}

async function register(options: ControllerOptions): Promise<Registration> {
  const { tree, brokerId, endpoints, rack, nowMs } = options
  const before = await tree.get(paths.controllerEpoch)
  const epoch = Number(before?.data.toString() ?? '0') + 1
  const ops: TreeOp[] = [
    {
      op: 'create',
      path: paths.broker(brokerId),
      data: encodeBroker(endpoints, rack, nowMs()),
      options: { ephemeral: true }
    },
    {
      op: 'create',
      path: paths.controller,
      data: encodeController(brokerId, nowMs()),
      options: { ephemeral: true }
    }
  ]
  if (before === undefined) ops.push({ op: 'create', path: paths.controllerEpoch, data: Buffer.from('0') })
  ops.push({
    op: 'set',
    path: paths.controllerEpoch,
    data: Buffer.from(String(epoch)),
    version: before?.stat.version ?? 0
  })
  if ((await tree.exists(paths.feature)) === undefined) {
    const data = Buffer.from('{"features":{},"version":2,"status":1}')
    ops.push({ op: 'create', path: paths.feature, data })
  }
  const done = await tree.multi(ops)
  if (isRefused(done)) {
    throw new StartupError(`metadata: ${done.path} is held by another broker (${done.error})`)
  }
  const [broker] = done
  return {
    brokerEpoch: broker?.stat.czxid ?? -1,
    epoch,
    epochVersion: (before?.stat.version ?? 0) + 1
  }
}

/** Topics come up in parallel; deletions that a crash interrupted are finished before the controller is up. */
async function takeUp(state: ControllerState, records: readonly TopicRecord[]): Promise<void> {
  const { log } = state.options
  await Promise.all(
    records.map(async record => {
      const topic = new Topic(record, record.partitions, state.surroundings)
      keep(state, topic)
      if (!record.markedForDeletion) {
        await topic.resume()
        return
      }
      log.info(`finishing the deletion of topic ${record.name}`)
      await topic.resumeDeletion()
      if (topic.state === 'gone') forget(state, topic)
    })
  )
  await clearOrphanMarks(state)
}

/** A mark whose topic is gone, or was never there. */
async function clearOrphanMarks({ options: { tree }, topics }: ControllerState): Promise<void> {
  const marks = await tree.children(paths.deleteTopics)
  if (isRefused(marks)) return
  for (const name of marks) if (!topics.has(name)) await tree.delete(paths.deleteTopic(name))
}

// What the controller is given and what it keeps: shared by its commands, changed only within its turns.
import type { BrokerConfig } from '../../config/broker-config.js'
import type { DynamicConfigs } from '../../config/dynamic-layer.js'
import type { Tree } from '../../coordination/tree.js'
import type { Uuid } from '../../protocol/schema.js'
import type { After } from './answer-in-time.js'
import type { ConfigChanges } from './config-nodes.js'
import type { BrokerEndpoint, MetadataDelta } from './metadata-image.js'
import type { PartitionStore } from './partition-store.js'
import type { Topic, TopicSurroundings } from './topic.js'

export interface InternalTopicSettings {
  readonly numPartitions: number
  readonly replicationFactor: number
  readonly configs: Readonly<Record<string, string>>
}

/** What the controller needs of the broker's configuration; read anew for each request. */
export interface ControllerSettings {
  /** num.partitions */
  readonly numPartitions: number
  /** default.replication.factor */
  readonly defaultReplicationFactor: number
  /** delete.topic.enable */
  readonly deleteTopicEnable: boolean
  /** By name: offsets.topic.* and transaction.state.log.* */
  readonly internalTopics: Readonly<Record<string, InternalTopicSettings>>
}

export interface ControllerOptions {
  readonly tree: Tree
  readonly clusterId: string
  readonly brokerId: number
  readonly rack: string | null
  /** As advertised; known once every listener has its port. */
  readonly endpoints: readonly BrokerEndpoint[]
  readonly settings: () => ControllerSettings
  readonly validateTopicConfigs: (
    configs: Readonly<Record<string, string>>
  ) => { name: string; reason: string } | undefined
  /** Of this broker, with what the tree holds for it; the controller checks changes against it. */
  readonly config: BrokerConfig
  /** Every thread has the new configuration of brokers: what is on the main thread goes by it from here on. */
  readonly reconfigured: (configs: DynamicConfigs) => Promise<void>
  readonly partitions: PartitionStore
  /** Resolves when every thread has applied the delta. */
  readonly publish: (delta: MetadataDelta) => Promise<void>
  readonly after: After
  readonly nowMs: () => number
  readonly newUuid: () => Uuid
  /** A whole number of [0, below). */
  readonly randomBelow: (below: number) => number
  readonly log: { info(message: string): void; warn(message: string): void }
}

/** What the commands work on; the topics of this map are those of the tree. */
export interface ControllerState {
  readonly options: ControllerOptions
  readonly topics: Map<string, Topic>
  readonly topicsById: Map<Uuid, Topic>
  readonly surroundings: TopicSurroundings
  readonly controllerEpoch: number
  readonly changes: ConfigChanges
}

export function keep(state: ControllerState, topic: Topic): void {
  state.topics.set(topic.name, topic)
  state.topicsById.set(topic.id, topic)
}

export function forget(state: ControllerState, topic: Topic): void {
  if (state.topics.get(topic.name) === topic) state.topics.delete(topic.name)
  state.topicsById.delete(topic.id)
}

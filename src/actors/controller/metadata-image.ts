// What every thread knows of the cluster: an immutable image, replaced as a whole when a delta from the controller
// arrives. A delta is plain data without Maps, so that any encoding between threads carries it.
import type { DynamicConfigs } from '../../config/dynamic-layer.js'
import { invariant } from '../../errors.js'
import type { Uuid } from '../../protocol/schema.js'

/** An endpoint as advertised to clients (listener name as in `listeners`; port 1..65535). */
export interface BrokerEndpoint {
  readonly listener: string
  readonly securityProtocol: string
  readonly host: string
  readonly port: number
}

/** A live broker. */
export interface BrokerInfo {
  readonly id: number
  /** czxid of its registration: tells apart two lives of one broker. */
  readonly epoch: number
  readonly rack: string | null
  readonly endpoints: readonly BrokerEndpoint[]
}

export interface PartitionInfo {
  /** Broker id, -1 when there is none. */
  readonly leader: number
  readonly leaderEpoch: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  /** Replicas on dead brokers or failed log directories. */
  readonly offline: readonly number[]
}

export interface TopicInfo {
  readonly name: string
  readonly id: Uuid
  readonly isInternal: boolean
  /** The topic's own overrides; what is not here comes from the broker's configuration. */
  readonly configs: Readonly<Record<string, string>>
  /** Index = partition id; there are no holes. */
  readonly partitions: readonly PartitionInfo[]
}

export interface MetadataImage {
  /** Grows by one with every delta; the empty image has 0. */
  readonly version: number
  /** 22 characters of base64url; empty before the first delta. */
  readonly clusterId: string
  /** -1 when unknown. */
  readonly controllerId: number
  readonly brokers: readonly BrokerInfo[]
  readonly topics: ReadonlyMap<string, TopicInfo>
  readonly topicNames: ReadonlyMap<Uuid, string>
  /** What single groups are configured with, by group id; a group without an override is not in it. */
  readonly groupConfigs: ReadonlyMap<string, Readonly<Record<string, string>>>
}

export function hasPartition({ topics }: MetadataImage, topic: string, partition: number): boolean {
  return topics.get(topic)?.partitions[partition] !== undefined
}

export interface ConfiguredGroup {
  readonly groupId: string
  /** All its overrides; none takes it out of the image. */
  readonly configs: Readonly<Record<string, string>>
}

/** A step from the image of `version - 1` to the image of `version`, or, when `full`, everything at once. */
export interface MetadataDelta {
  readonly version: number
  readonly full: boolean
  readonly clusterId?: string
  readonly controllerId?: number
  readonly brokers?: readonly BrokerInfo[]
  /** New and changed topics, each as a whole. */
  readonly topics: readonly TopicInfo[]
  /** Names of the topics that are gone. */
  readonly deletedTopics: readonly string[]
  /** Both entities, when one has changed; not part of the image: each thread lays them over its configuration. */
  readonly brokerConfigs?: DynamicConfigs
  /** Groups whose configuration has changed. */
  readonly groupConfigs?: readonly ConfiguredGroup[]
}

export const emptyImage: MetadataImage = {
  version: 0,
  clusterId: '',
  controllerId: -1,
  brokers: [],
  topics: new Map(),
  topicNames: new Map(),
  groupConfigs: new Map()
}

/**
 * The image after a delta; the given one is unchanged. A topic that is deleted and created again in one delta keeps
 * its new self. A delta that is not the next one (and not full) is a bug of the publisher.
 */
export function applyDelta(image: MetadataImage, delta: MetadataDelta): MetadataImage {
  invariant(delta.full || delta.version === image.version + 1, 'metadata deltas arrive without gaps')
  const from = delta.full ? emptyImage : image
  return {
    version: delta.version,
    clusterId: delta.clusterId ?? from.clusterId,
    controllerId: delta.controllerId ?? from.controllerId,
    brokers: delta.brokers ?? from.brokers,
    ...topicsAfter(from, delta),
    groupConfigs: groupConfigsAfter(from, delta)
  }
}

function groupConfigsAfter(
  from: MetadataImage,
  { groupConfigs = [] }: MetadataDelta
): MetadataImage['groupConfigs'] {
  if (groupConfigs.length === 0) return from.groupConfigs
  const all = new Map(from.groupConfigs)
  for (const { groupId, configs } of groupConfigs) {
    if (Object.keys(configs).length === 0) all.delete(groupId)
    else all.set(groupId, configs)
  }
  return all
}

function topicsAfter(
  from: MetadataImage,
  delta: MetadataDelta
): Pick<MetadataImage, 'topics' | 'topicNames'> {
  if (delta.topics.length === 0 && delta.deletedTopics.length === 0) {
    return { topics: from.topics, topicNames: from.topicNames }
  }
  const topics = new Map(from.topics)
  const topicNames = new Map(from.topicNames)
  for (const name of delta.deletedTopics) {
    const gone = topics.get(name)
    if (gone === undefined) continue
    topics.delete(name)
    topicNames.delete(gone.id)
  }
  for (const topic of delta.topics) {
    const before = topics.get(topic.name)
    if (before !== undefined && before.id !== topic.id) topicNames.delete(before.id)
    topics.set(topic.name, topic)
    topicNames.set(topic.id, topic.name)
  }
  return { topics, topicNames }
}

/** The whole image as one delta: for a thread that starts later than the controller. */
export function fullDelta(image: MetadataImage): MetadataDelta {
  return {
    version: image.version,
    full: true,
    clusterId: image.clusterId,
    controllerId: image.controllerId,
    brokers: image.brokers,
    topics: [...image.topics.values()],
    deletedTopics: [],
    groupConfigs: [...image.groupConfigs].map(([groupId, configs]) => ({ groupId, configs }))
  }
}

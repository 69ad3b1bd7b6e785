// Where Kafka keeps what in ZooKeeper, and in which JSON (ZooKeeper mode, 3.9). Readers take any key order and skip
// unknown keys; what does not read as expected is undefined, and the caller says so.
import type { TreeOp } from './tree.js'

export const paths = {
  clusterId: '/cluster/id',
  controller: '/controller',
  controllerEpoch: '/controller_epoch',
  brokerIds: '/brokers/ids',
  broker: (id: number) => `/brokers/ids/${id}`,
  brokerSequence: '/brokers/seqid',
  topics: '/brokers/topics',
  topic: (name: string) => `/brokers/topics/${name}`,
  partitions: (name: string) => `/brokers/topics/${name}/partitions`,
  partition: (name: string, id: number) => `/brokers/topics/${name}/partitions/${id}`,
  partitionState: (name: string, id: number) => `/brokers/topics/${name}/partitions/${id}/state`,
  topicConfigs: '/config/topics',
  topicConfig: (name: string) => `/config/topics/${name}`,
  brokerConfig: (id: number | '<default>') => `/config/brokers/${id}`,
  /** Not one of Kafka's: there, groups are configured with KRaft only. */
  groupConfigs: '/config/groups',
  groupConfig: (name: string) => `/config/groups/${name}`,
  configChanges: '/config/changes',
  configChange: '/config/changes/config_change_',
  deleteTopics: '/admin/delete_topics',
  deleteTopic: (name: string) => `/admin/delete_topics/${name}`,
  consumerOffset: (group: string, topic: string, partition: number) =>
    `/consumers/${group}/offsets/${topic}/${partition}`,
  producerIdBlock: '/latest_producer_id_block',
  feature: '/feature'
} as const

/** What every broker creates at start, parents first. */
export const persistentPaths: readonly string[] = [
  '/consumers',
  '/cluster',
  '/brokers',
  '/brokers/ids',
  '/brokers/topics',
  '/brokers/seqid',
  '/config',
  '/config/changes',
  '/config/topics',
  '/config/clients',
  '/config/users',
  '/config/brokers',
  '/config/ips',
  '/admin',
  '/admin/delete_topics',
  '/isr_change_notification',
  '/latest_producer_id_block',
  '/log_dir_event_notification'
]

export interface TopicZnode {
  /** Undefined in topics from before topic ids. */
  readonly id: string | undefined
  /** Replicas by partition; index = partition id. */
  readonly replicas: readonly (readonly number[])[]
}

export interface PartitionStateZnode {
  readonly leader: number
  readonly leaderEpoch: number
  readonly controllerEpoch: number
  readonly isr: readonly number[]
}

export interface EndpointZnode {
  readonly listener: string
  readonly securityProtocol: string
  readonly host: string
  readonly port: number
}

export interface ProducerIdBlock {
  readonly broker: number
  /** First and last id of the block, both in it; safe integers. */
  readonly start: number
  readonly end: number
}

export const producerIdBlockSize = 1000

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

export function encodeClusterId(id: string): Buffer {
  return json({ version: '1', id })
}

export function decodeClusterId(data: Buffer): string | undefined {
  const id = fields(data)?.id
  return typeof id === 'string' ? id : undefined
}

export function encodeController(brokerId: number, nowMs: number): Buffer {
  return json({ version: 2, brokerid: brokerId, timestamp: String(nowMs), kraftControllerEpoch: -1 })
}

export function encodeTopic(id: string, replicas: readonly (readonly number[])[]): Buffer {
  const partitions = Object.fromEntries(replicas.map((brokers, partition) => [partition, brokers]))
  return json({ partitions, topic_id: id, adding_replicas: {}, removing_replicas: {}, version: 3 })
}

/** Partitions must be 0 … n-1. */
export function decodeTopic(data: Buffer): TopicZnode | undefined {
  const object = fields(data)
  const partitions = object && record(object.partitions)
  if (object === undefined || partitions === undefined) return undefined
  const replicas: number[][] = []
  for (let id = 0; id < Object.keys(partitions).length; id += 1) {
    const brokers = integers(partitions[id])
    if (brokers === undefined) return undefined
    replicas.push(brokers)
  }
  return { id: typeof object.topic_id === 'string' ? object.topic_id : undefined, replicas }
}

export function encodePartitionState(state: PartitionStateZnode): Buffer {
  const { leader, leaderEpoch, controllerEpoch, isr } = state
  return json({ controller_epoch: controllerEpoch, leader, version: 1, leader_epoch: leaderEpoch, isr })
}

export function decodePartitionState(data: Buffer): PartitionStateZnode | undefined {
  const object = fields(data)
  const isr = integers(object?.isr)
  const leader = integer(object?.leader)
  const leaderEpoch = integer(object?.leader_epoch)
  if (isr === undefined || leader === undefined || leaderEpoch === undefined) return undefined
  return { leader, leaderEpoch, controllerEpoch: integer(object?.controller_epoch) ?? 0, isr }
}

export function encodeConfigs(configs: Readonly<Record<string, string>>): Buffer {
  return json({ version: 1, config: configs })
}

export function decodeConfigs(data: Buffer): Record<string, string> | undefined {
  const config = record(fields(data)?.config)
  if (config === undefined) return undefined
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, String(value)]))
}

/** `entityPath`: of a node below /config. */
export function encodeConfigChange(entityPath: string): Buffer {
  return json({ version: 2, entity_path: entityPath })
}

export function encodeProducerIdBlock({ broker, start, end }: ProducerIdBlock): Buffer {
  return json({ version: 1, broker, block_start: String(start), block_end: String(end) })
}

export function decodeProducerIdBlock(data: Buffer): ProducerIdBlock | undefined {
  const object = fields(data)
  const start = Number(object?.block_start)
  const end = Number(object?.block_end)
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end)) return undefined
  return { broker: integer(object?.broker) ?? -1, start, end }
}

/** Registration of a broker, version 5. */
export function encodeBroker(
  endpoints: readonly EndpointZnode[],
  rack: string | null,
  nowMs: number
): Buffer {
  const plaintext = endpoints.find(endpoint => endpoint.securityProtocol === 'PLAINTEXT')
  return json({
    features: {},
    listener_security_protocol_map: Object.fromEntries(
      endpoints.map(({ listener, securityProtocol }) => [listener, securityProtocol])
    ),
    endpoints: endpoints.map(({ listener, host, port }) => `${listener}://${host}:${port}`),
    ...(rack === null ? {} : { rack }),
    jmx_port: -1,
    port: plaintext?.port ?? -1,
    host: plaintext?.host ?? null,
    version: 5,
    timestamp: String(nowMs)
  })
}

/** Every node of a new topic: its configuration before the topic, as Kafka writes them. */
export function topicCreationOps(
  name: string,
  topic: { readonly id: string; readonly configs: Readonly<Record<string, string>> },
  states: readonly (PartitionStateZnode & { readonly replicas: readonly number[] })[]
): TreeOp[] {
  const empty = Buffer.alloc(0)
  return [
    { op: 'create', path: paths.topicConfig(name), data: encodeConfigs(topic.configs) },
    {
      op: 'create',
      path: paths.topic(name),
      data: encodeTopic(
        topic.id,
        states.map(({ replicas }) => replicas)
      )
    },
    { op: 'create', path: paths.partitions(name), data: empty },
    ...states.flatMap((state, partition) => partitionCreationOps(name, partition, state))
  ]
}

export function partitionCreationOps(name: string, partition: number, state: PartitionStateZnode): TreeOp[] {
  return [
    { op: 'create', path: paths.partition(name, partition), data: Buffer.alloc(0) },
    { op: 'create', path: paths.partitionState(name, partition), data: encodePartitionState(state) }
  ]
}

type Fields = Record<string, unknown>

function fields(data: Buffer): Fields | undefined {
  try {
    return record(JSON.parse(data.toString('utf8')))
  } catch {
    return undefined
  }
}

function record(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined
}

function integer(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? Number(value) : undefined
}

function integers(value: unknown): number[] | undefined {
  if (!Array.isArray(value)) return undefined
  const numbers = value.filter((item): item is number => Number.isSafeInteger(item))
  return numbers.length === value.length ? numbers : undefined
}

// What CreateTopics and CreatePartitions refuse, as pure functions of the request and of what is known: each check with
// its error code, in the order in which Kafka makes them.
import type { ErrorName } from '../../protocol/error-codes.js'
import type { CreatableTopic, GrowableTopic } from './controller-client.js'

export interface Refusal {
  readonly error: ErrorName
  readonly message: string
}

export const internalTopics: ReadonlySet<string> = new Set(['__consumer_offsets', '__transaction_state'])

export interface KnownTopics {
  /** In the tree: also those that are being created or deleted. */
  exists(name: string): boolean
  names(): Iterable<string>
}

export interface CreationContext {
  readonly known: KnownTopics
  readonly brokers: readonly number[]
  readonly numPartitions: number
  readonly defaultReplicationFactor: number
  readonly validateConfigs: (
    configs: Readonly<Record<string, string>>
  ) => { name: string; reason: string } | undefined
}

/** What a request comes to: explicit replicas, or counts to place. */
export interface TopicPlan {
  readonly configs: Readonly<Record<string, string>>
  readonly numPartitions: number
  readonly replicationFactor: number
  readonly replicas: readonly (readonly number[])[] | undefined
}

const refuse = (error: ErrorName, message: string): Refusal => ({ error, message })

export function isRefusal<T extends object>(value: T | Refusal): value is Refusal {
  return 'error' in value
}

/** 1 to 249 characters of `[a-zA-Z0-9._-]`, not `.` or `..`. */
export function topicNameFault(name: string): string | undefined {
  if (name === '') return 'the empty string is not allowed'
  if (name === '.' || name === '..') return `'${name}' is not allowed`
  if (name.length > 249) return `the length of '${name}' is longer than the max allowed length 249`
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`
  }
  return undefined
}

/** Metric names make no difference between `.` and `_`. */
function collidingTopic(name: string, known: KnownTopics): string | undefined {
  const folded = name.replaceAll('.', '_')
  for (const other of known.names()) if (other.replaceAll('.', '_') === folded) return other
  return undefined
}

export function checkCreation(topic: CreatableTopic, context: CreationContext): TopicPlan | Refusal {
  const { name, assignments } = topic
  if (name === '__cluster_metadata') {
    return refuse('INVALID_REQUEST', `Creation of internal topic ${name} is prohibited.`)
  }
  if (context.known.exists(name)) return refuse('TOPIC_ALREADY_EXISTS', `Topic '${name}' already exists.`)
  const configs = configsOf(topic)
  if (isRefusal(configs)) return configs
  const counts = checkCounts(topic, context)
  if (counts !== undefined && isRefusal(counts)) return counts
  const fault = topicNameFault(name)
  if (fault !== undefined) return refuse('INVALID_TOPIC_EXCEPTION', `Topic name is invalid: ${fault}`)
  const twin = collidingTopic(name, context.known)
  if (twin !== undefined) {
    return refuse('INVALID_TOPIC_EXCEPTION', `Topic '${name}' collides with existing topics: ${twin}`)
  }
  const replicas = assignments.length === 0 ? undefined : orderedAssignment(topic, context.brokers)
  if (replicas !== undefined && isRefusal(replicas)) return replicas
  const bad = context.validateConfigs(configs.overrides)
  if (bad !== undefined) return refuse('INVALID_CONFIG', bad.reason)
  return {
    configs: configs.overrides,
    numPartitions: replicas?.length ?? counts?.numPartitions ?? 0,
    replicationFactor: replicas?.[0]?.length ?? counts?.replicationFactor ?? 0,
    replicas
  }
}

function configsOf(topic: CreatableTopic): { overrides: Record<string, string> } | Refusal {
  const overrides: Record<string, string> = {}
  for (const { name, value } of topic.configs) {
    if (value === null) return refuse('INVALID_CONFIG', `Null value not supported for topic configs: ${name}`)
    overrides[name] = value
  }
  return { overrides }
}

type Counts = { readonly numPartitions: number; readonly replicationFactor: number }

function checkCounts(topic: CreatableTopic, context: CreationContext): Counts | Refusal | undefined {
  if (topic.assignments.length > 0) {
    if (topic.numPartitions === -1 && topic.replicationFactor === -1) return undefined
    return refuse(
      'INVALID_REQUEST',
      'Both numPartitions or replicationFactor and replicasAssignments were set. Both cannot be used at the same time.'
    )
  }
  const numPartitions = topic.numPartitions === -1 ? context.numPartitions : topic.numPartitions
  const replicationFactor =
    topic.replicationFactor === -1 ? context.defaultReplicationFactor : topic.replicationFactor
  if (numPartitions < 1) return refuse('INVALID_PARTITIONS', 'Number of partitions must be larger than 0.')
  if (replicationFactor < 1) {
    return refuse('INVALID_REPLICATION_FACTOR', 'Replication factor must be larger than 0.')
  }
  if (replicationFactor > context.brokers.length) {
    return refuse(
      'INVALID_REPLICATION_FACTOR',
      `Replication factor: ${replicationFactor} larger than available brokers: ${context.brokers.length}.`
    )
  }
  return { numPartitions, replicationFactor }
}

function orderedAssignment(topic: CreatableTopic, brokers: readonly number[]): number[][] | Refusal {
  const byPartition = new Map(topic.assignments.map(({ partition, brokerIds }) => [partition, brokerIds]))
  if (byPartition.size !== topic.assignments.length) {
    return refuse('INVALID_REPLICA_ASSIGNMENT', 'A partition is assigned twice.')
  }
  const replicas: number[][] = []
  for (let id = 0; id < byPartition.size; id += 1) {
    const ids = byPartition.get(id)
    if (ids === undefined) {
      return refuse(
        'INVALID_REPLICA_ASSIGNMENT',
        'Partitions should be a consecutive 0-based integer sequence.'
      )
    }
    replicas.push([...ids])
  }
  return checkAssignment(replicas, replicas[0]?.length ?? 0, brokers) ?? replicas
}

function checkAssignment(
  replicas: readonly (readonly number[])[],
  factor: number,
  brokers: readonly number[]
): Refusal | undefined {
  for (const ids of replicas) {
    if (ids.length === 0 || new Set(ids).size !== ids.length) {
      return refuse('INVALID_REPLICA_ASSIGNMENT', `Duplicate or missing brokers in a replica list: ${ids}.`)
    }
    if (ids.length !== factor) {
      return refuse('INVALID_REPLICA_ASSIGNMENT', 'All partitions should have the same number of replicas.')
    }
    const unknown = ids.filter(id => !brokers.includes(id))
    if (unknown.length > 0) {
      return refuse('INVALID_REPLICA_ASSIGNMENT', `Unknown broker(s) in replica assignment: ${unknown}.`)
    }
  }
  return undefined
}

/** The replicas of the added partitions when the request names them, else undefined; or what is wrong. */
export function checkGrowth(
  topic: GrowableTopic,
  existing: { readonly partitions: number; readonly factor: number },
  brokers: readonly number[]
): { readonly replicas: readonly (readonly number[])[] | undefined } | Refusal {
  const { count, assignments } = topic
  const had = existing.partitions
  if (count === had) return refuse('INVALID_PARTITIONS', `Topic already has ${had} partitions.`)
  if (count < had) {
    return refuse(
      'INVALID_PARTITIONS',
      `Topic currently has ${had} partitions, which is higher than the requested ${count}.`
    )
  }
  if (assignments === null) return { replicas: undefined }
  if (assignments.length !== count - had) {
    return refuse(
      'INVALID_REPLICA_ASSIGNMENT',
      `Increasing the number of partitions by ${count - had} but ${assignments.length} assignments provided.`
    )
  }
  return checkAssignment(assignments, existing.factor, brokers) ?? { replicas: assignments }
}

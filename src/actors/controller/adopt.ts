// An empty tree pointed at a directory that Kafka (or a broker that lost its tree) wrote: topics, partitions, ids and
// leader epochs are read off the directories. All of it becomes one transaction together with the cluster id, so that
// a crash leaves an empty tree and the next start adopts again.
import {
  encodeProducerIdBlock,
  paths,
  producerIdBlockSize,
  topicCreationOps
} from '../../coordination/kafka-znodes.js'
import type { TreeOp } from '../../coordination/tree.js'
import type { Uuid } from '../../protocol/schema.js'
import type { FoundPartition } from './topics-in-tree.js'

export interface Adoption {
  readonly ops: readonly TreeOp[]
  /** Directories that have no topic id yet: storage writes partition.metadata there. */
  readonly topicIdsToWrite: readonly { readonly directory: string; readonly topicId: Uuid }[]
  /** One line each, for the start-up log. */
  readonly report: readonly string[]
  readonly warnings: readonly string[]
}

interface AdoptionContext {
  readonly brokerId: number
  readonly newTopicId: () => Uuid
  /** ms since epoch. */
  readonly nowMs: number
  /** Configurations of internal topics: without `compact` retention would eat their state. */
  readonly internalTopicConfigs: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** Nothing found: no operations and an empty report. */
export function adoptionOf(found: readonly FoundPartition[], context: AdoptionContext): Adoption {
  const byTopic = new Map<string, FoundPartition[]>()
  for (const partition of found) {
    const partitions = byTopic.get(partition.topic)
    if (partitions === undefined) byTopic.set(partition.topic, [partition])
    else partitions.push(partition)
  }
  const topics = [...byTopic].sort(([a], [b]) => (a < b ? -1 : 1)).map(topic => adoptTopic(topic, context))
  if (topics.length === 0) return { ops: [], topicIdsToWrite: [], report: [], warnings: [] }
  const start = firstProducerId(context.nowMs)
  const block = encodeProducerIdBlock({
    broker: context.brokerId,
    start: start - producerIdBlockSize,
    end: start - 1
  })
  return {
    ops: [...topics.flatMap(({ ops }) => ops), { op: 'set', path: paths.producerIdBlock, data: block }],
    topicIdsToWrite: topics.flatMap(({ topicIdsToWrite }) => topicIdsToWrite),
    report: [
      `adopted ${topics.length} topics with ${found.length} partitions from the log directories`,
      ...topics.flatMap(({ report }) => report)
    ],
    warnings: [
      'topic configurations are not kept in log directories: adopted topics have the defaults of the broker',
      ...topics.flatMap(({ warnings }) => warnings)
    ]
  }
}

/**
 * Producer ids that the adopted logs may know must not be given out again. Their highest is not known here, so blocks
 * go on from the clock: no broker allocates a thousand ids a millisecond, so a later adoption starts above these too.
 */
function firstProducerId(nowMs: number): number {
  return Math.floor(nowMs) * producerIdBlockSize
}

function adoptTopic([name, found]: [string, FoundPartition[]], context: AdoptionContext): Adoption {
  const byPartition = new Map(found.map(partition => [partition.partition, partition]))
  const count = Math.max(...byPartition.keys()) + 1
  const id = commonId(found) ?? context.newTopicId()
  const warnings: string[] = []
  const states = Array.from({ length: count }, (_, partition) => {
    const here = byPartition.get(partition)
    if (here === undefined) warnings.push(`${name}-${partition} has no directory: it is created empty`)
    if (here?.topicId !== undefined && here.topicId !== id) {
      warnings.push(
        `${here.directory} has another topic id (${here.topicId}, not ${id}): it is set aside as stray`
      )
    }
    const replicas = [context.brokerId]
    const leaderEpoch = here?.leaderEpoch ?? 0
    return { leader: context.brokerId, leaderEpoch, controllerEpoch: 0, isr: replicas, replicas }
  })
  const without = found.filter(({ topicId }) => topicId === undefined)
  return {
    ops: topicCreationOps(name, { id, configs: context.internalTopicConfigs[name] ?? {} }, states),
    topicIdsToWrite: without.map(({ directory }) => ({ directory, topicId: id })),
    report: [
      `adopted topic ${name}: ${count} partitions, id ${id}${without.length === found.length ? ' (new)' : ''}`
    ],
    warnings
  }
}

/** The id that most directories of a topic carry; of equally frequent ones that of the lowest partition. */
function commonId(found: readonly FoundPartition[]): Uuid | undefined {
  const votes = new Map<Uuid, number>()
  for (const { topicId } of [...found].sort((a, b) => a.partition - b.partition)) {
    if (topicId !== undefined) votes.set(topicId, (votes.get(topicId) ?? 0) + 1)
  }
  return [...votes].reduce<[Uuid | undefined, number]>(
    (best, vote) => (vote[1] > best[1] ? vote : best),
    [undefined, 0]
  )[0]
}

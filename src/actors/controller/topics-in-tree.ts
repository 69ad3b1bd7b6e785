// Topics as the tree holds them, and what follows for the partition directories that were found on disk. Pure of
// policy about files: it only says which directories belong to which topic and which belong to none.
import { decodeConfigs, decodePartitionState, decodeTopic, paths } from '../../coordination/kafka-znodes.js'
import { isRefused, type Tree } from '../../coordination/tree.js'
import { StartupError } from '../../errors.js'
import type { Uuid } from '../../protocol/schema.js'
import type { PlacedPartition } from './topic.js'

export interface TopicRecord {
  readonly name: string
  readonly id: Uuid
  readonly configs: Readonly<Record<string, string>>
  readonly partitions: readonly PlacedPartition[]
  /** In /admin/delete_topics: invisible, and to be finished. */
  readonly markedForDeletion: boolean
}

/** A partition directory as the log directories report it. */
export interface FoundPartition {
  readonly topic: string
  readonly partition: number
  /** From partition.metadata; undefined when there is none (then the log is empty or from before topic ids). */
  readonly topicId: Uuid | undefined
  /** Last entry of leader-epoch-checkpoint. */
  readonly leaderEpoch: number | undefined
  /** Absolute path of the directory. */
  readonly directory: string
}

/** A directory to open, and what its topic says. */
export interface PartitionToLoad {
  readonly found: FoundPartition
  readonly topicId: Uuid
  readonly configs: Readonly<Record<string, string>>
  readonly leaderEpoch: number
}

export interface PartitionPlan {
  readonly load: readonly PartitionToLoad[]
  /** Kept on disk and not served: storage renames them to `-stray` (storage format: stray partitions). */
  readonly stray: readonly { readonly found: FoundPartition; readonly reason: string }[]
}

/** Throws StartupError when a topic's node does not read. */
export async function readTopics(tree: Tree): Promise<readonly TopicRecord[]> {
  const names = await tree.children(paths.topics)
  const marked = await tree.children(paths.deleteTopics)
  if (isRefused(names) || isRefused(marked)) return []
  return Promise.all(names.map(name => readTopic(tree, name, marked.includes(name))))
}

async function readTopic(tree: Tree, name: string, markedForDeletion: boolean): Promise<TopicRecord> {
  const [topicNode, configNode] = await Promise.all([
    tree.get(paths.topic(name)),
    tree.get(paths.topicConfig(name))
  ])
  const topic = topicNode && decodeTopic(topicNode.data)
  if (topic?.id === undefined)
    throw new StartupError(`metadata: ${paths.topic(name)} does not read as a topic`)
  const partitions = topic.replicas.map(async (replicas, id): Promise<PlacedPartition> => {
    const node = await tree.get(paths.partitionState(name, id))
    const state = node && decodePartitionState(node.data)
    const leader = replicas[0] ?? -1
    return { replicas, ...(state ?? { leader, leaderEpoch: 0, controllerEpoch: 0, isr: replicas }) }
  })
  return {
    name,
    id: topic.id as Uuid,
    configs: (configNode && decodeConfigs(configNode.data)) ?? {},
    partitions: await Promise.all(partitions),
    markedForDeletion
  }
}

/**
 * Which directories are opened. Those of topics marked for deletion are opened too: the controller deletes them like
 * any other log. Partitions without a directory are created by the controller when it starts.
 */
export function planPartitions(
  topics: readonly TopicRecord[],
  found: readonly FoundPartition[],
  brokerId: number
): PartitionPlan {
  const byName = new Map(topics.map(topic => [topic.name, topic]))
  const load: PartitionToLoad[] = []
  const stray: { found: FoundPartition; reason: string }[] = []
  for (const directory of found) {
    const topic = byName.get(directory.topic)
    const placed = topic?.partitions[directory.partition]
    if (topic === undefined) stray.push({ found: directory, reason: 'no such topic' })
    else if (placed === undefined) stray.push({ found: directory, reason: 'the topic has no such partition' })
    else if (!placed.replicas.includes(brokerId)) {
      stray.push({ found: directory, reason: 'this broker is not among its replicas' })
    } else if (directory.topicId !== undefined && directory.topicId !== topic.id) {
      stray.push({ found: directory, reason: `topic id ${directory.topicId} is not the topic's ${topic.id}` })
    } else {
      load.push({
        found: directory,
        topicId: topic.id,
        configs: topic.configs,
        leaderEpoch: placed.leaderEpoch
      })
    }
  }
  return { load, stray }
}

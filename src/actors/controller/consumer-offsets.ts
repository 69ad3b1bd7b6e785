// Offsets of consumers from before 0.8.2, which kept them in ZooKeeper: one node a partition, its data the offset in digits.
// Written by OffsetCommit 0 and read by OffsetFetch 0 only; the coordinators know nothing of them, and they never expire.
import { paths } from '../../coordination/kafka-znodes.js'
import { isRefused, type Tree } from '../../coordination/tree.js'
import type { ErrorName } from '../../protocol/error-codes.js'

export interface PartitionOfTopic {
  readonly topic: string
  readonly partition: number
}

export interface OffsetOfConsumer extends PartitionOfTopic {
  readonly offset: bigint
}

/** One error a partition, in their order: UNKNOWN_SERVER_ERROR where the group cannot be the name of a node. */
export function setConsumerOffsets(
  tree: Tree,
  group: string,
  offsets: readonly OffsetOfConsumer[]
): Promise<readonly ErrorName[]> {
  return Promise.all(
    offsets.map(({ topic, partition, offset }) =>
      setOrCreate(tree, paths.consumerOffset(group, topic, partition), Buffer.from(String(offset)))
    )
  )
}

/** In the order of what is asked; null where nothing, or no number, is kept. */
export async function consumerOffsets(
  tree: Tree,
  group: string,
  partitions: readonly PartitionOfTopic[]
): Promise<readonly (bigint | null)[]> {
  const nodes = partitions.map(({ topic, partition }) =>
    tree.get(paths.consumerOffset(group, topic, partition))
  )
  return (await Promise.all(nodes)).map(node => (node === undefined ? null : offsetIn(node.data)))
}

function offsetIn(data: Buffer): bigint | null {
  const text = data.toString().trim()
  return /^-?\d{1,19}$/.test(text) ? BigInt(text) : null
}

async function setOrCreate(tree: Tree, path: string, data: Buffer): Promise<ErrorName> {
  const set = await tree.set(path, data)
  if (!isRefused(set)) return 'NONE'
  if (set.error !== 'NoNode') return 'UNKNOWN_SERVER_ERROR'
  const parents = parentsOf(path)
  for (const parent of parents) {
    const made = await tree.create(parent, Buffer.alloc(0))
    if (isRefused(made) && made.error !== 'NodeExists') return 'UNKNOWN_SERVER_ERROR'
  }
  const created = await tree.create(path, data)
  if (!isRefused(created)) return 'NONE'
  if (created.error !== 'NodeExists') return 'UNKNOWN_SERVER_ERROR'
  // Another commit of the same partition was faster: the later one counts.
  return isRefused(await tree.set(path, data)) ? 'UNKNOWN_SERVER_ERROR' : 'NONE'
}

/** Every node above the path, the highest first. */
function parentsOf(path: string): string[] {
  const names = path.split('/')
  return names.slice(1, -1).map((_, i) => names.slice(0, i + 2).join('/'))
}

// Which thread owns what: one table, three placements. Thread 0 is main, workers are 1 .. W.
import { invariant } from '../../errors.js'
import type { ThreadId } from './mesh.js'

/** Per core: sockets, handlers and shards on workers. Network on main: only sockets on main. Inline: all on main. */
export type Placement = 'perCore' | 'networkOnMain' | 'inline'

/** 0 .. shards-1: the set of partitions that one thread owns. */
export type ShardId = number

export interface PlacementTable {
  readonly placement: Placement
  readonly workers: number
  /** W, or 1 when there are no workers. */
  readonly shards: number
  /** Threads that run Processors; each owns one arena region. */
  readonly networkThreads: readonly ThreadId[]
  /** Threads that run handler loops and shards. */
  readonly handlerThreads: readonly ThreadId[]
  threadOfProcessor(processorId: number): ThreadId
  threadOfShard(shard: ShardId): ThreadId
  shardOfThread(thread: ThreadId): ShardId | undefined
  /** Spreads the partitions of one topic evenly, beginning at a place that depends on the topic's id. */
  shardOf(topicId: string, partition: number): ShardId
}

/** `workers` must be 0 for inline and at least 1 for the others. */
export function placementTable(placement: Placement, workers: number): PlacementTable {
  invariant(
    placement === 'inline' ? workers === 0 : workers >= 1,
    `placement ${placement} with ${workers} workers`
  )
  const workerThreads = Array.from({ length: workers }, (_, i) => i + 1)
  const handlerThreads = placement === 'inline' ? [0] : workerThreads
  const networkThreads = placement === 'perCore' ? workerThreads : [0]
  const shards = handlerThreads.length
  return {
    placement,
    workers,
    shards,
    networkThreads,
    handlerThreads,
    threadOfProcessor: id => networkThreads[id % networkThreads.length] ?? 0,
    threadOfShard: shard => handlerThreads[shard] ?? 0,
    shardOfThread: thread => {
      const shard = handlerThreads.indexOf(thread)
      return shard < 0 ? undefined : shard
    },
    shardOf: (topicId, partition) => (fnv1a(topicId) + partition) % shards
  }
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

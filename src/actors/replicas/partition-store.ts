// How the controller reaches the shards that store partitions: create and delete by message, to the thread that the
// placement table names. The shard's half opens and removes logs through ShardLogs.

import type { Uuid } from '../../protocol/schema.js'
import type { PartitionStore, StoreVerdict } from '../controller/partition-store.js'
import { asking, type Mesh } from '../runtime/mesh.js'
import type { PlacementTable } from '../runtime/placement.js'
import type { HostedLog } from './partition.js'
import type { Shard } from './shard.js'

const actor = 'replicas.store'

interface StoreMessage {
  readonly op: 'create' | 'delete'
  readonly topic: string
  readonly id: Uuid
  readonly partition: number
  readonly configs: Readonly<Record<string, string>>
  readonly leaderEpoch: number
}

/** What a shard needs of storage: to make a log be there, and to make it be gone. */
export interface LogKeeper {
  /** Opens the log if it is there with this id. */
  create(topic: string, id: Uuid, partition: number, configs: Readonly<Record<string, string>>): HostedLog
  delete(topic: string, id: Uuid, partition: number): unknown
}

/** The controller's side, on the main thread. */
export function shardedPartitionStore(mesh: Mesh, placement: PlacementTable): PartitionStore {
  const send = (message: StoreMessage): Promise<StoreVerdict> => {
    const thread = placement.threadOfShard(placement.shardOf(message.id, message.partition))
    return asking(mesh).ask<StoreVerdict>(thread, actor, message)
  }
  return {
    create: (topic, id, partition, configs, leaderEpoch) =>
      send({ op: 'create', topic, id, partition, configs, leaderEpoch }),
    delete: (topic, id, partition) =>
      send({ op: 'delete', topic, id, partition, configs: {}, leaderEpoch: -1 })
  }
}

/** The shard's side. A new partition leads at once: the image that says so may come later than its first client. */
export function storePartitions(mesh: Mesh, shard: Shard, keeper: LogKeeper): void {
  const create = ({ topic, id, partition, configs, leaderEpoch }: StoreMessage): void => {
    if (shard.find(id, partition) !== undefined) return
    const log = keeper.create(topic, id, partition, configs)
    shard.host(log, id).elect(leaderEpoch, { isr: 1, replicas: 1 })
  }
  const remove = async ({ topic, id, partition }: StoreMessage): Promise<void> => {
    shard.drop(id, partition)
    await keeper.delete(topic, id, partition)
  }
  asking(mesh).answer(actor, async (raw): Promise<StoreVerdict> => {
    const message = raw as StoreMessage
    try {
      if (message.op === 'create') create(message)
      else await remove(message)
      return { kind: 'done' }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      return { kind: 'refused', error: 'KAFKA_STORAGE_ERROR', message: reason }
    }
  })
}

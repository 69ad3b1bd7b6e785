// Wires one thread's replicas: its shard, the metadata image that tells who leads, the access that handlers use, fetch
// sessions, and the controller's way to create and delete partitions here.
import type { BrokerConfig } from '../../config/broker-config.js'
import type { Uuid } from '../../protocol/schema.js'
import type { Arena, BlockRef } from '../runtime/arena.js'
import type { Clock } from '../runtime/clock.js'
import type { Logger } from '../runtime/log.js'
import type { Mesh } from '../runtime/mesh.js'
import type { PlacementTable } from '../runtime/placement.js'
import { createFetchSessions, type FetchSessionsOfThread } from './fetch-session.js'
import { MetadataCache, receiveMetadata } from './metadata-cache.js'
import type { HostedLog } from './partition.js'
import { type LogKeeper, storePartitions } from './partition-store.js'
import type { PurgatoryTimer } from './purgatory.js'
import { createReplicaAccess, type ReplicaAccess } from './replica-access.js'
import { Shard, type ShardOptions } from './shard.js'

export interface ShardThreadOptions {
  readonly mesh: Mesh
  readonly placement: PlacementTable
  readonly brokerId: number
  readonly config: BrokerConfig
  readonly clock: Clock
  readonly logger: Logger
  /** The thread's timing wheel. */
  readonly timer: PurgatoryTimer
  /** Logs of this shard by creation and deletion; ShardLogs with a log dir chosen for new ones. */
  readonly keeper: LogKeeper
  /** Request memory of all threads (`ref => arena.view(ref)`); not needed when all is on one thread. */
  readonly viewOf?: (ref: BlockRef) => ReturnType<Arena['view']>
  readonly onLogFailed?: ShardOptions['onLogFailed']
}

export interface ShardThread {
  readonly shard: Shard
  readonly metadata: MetadataCache
  readonly replicas: ReplicaAccess
  readonly fetchSessions: FetchSessionsOfThread
  /** Takes in a log that was loaded at start; it serves when the first image says so. */
  host(log: HostedLog, topicId: Uuid): void
  /** Requests that still wait are dropped; their memory is given back with their connections. */
  close(): void
}

export function createShardThread(options: ShardThreadOptions): ShardThread {
  const { mesh, placement, brokerId, config, clock, logger, timer, keeper, viewOf, onLogFailed } = options
  const shard = new Shard({
    brokerId,
    timer,
    logger,
    monotonicMs: clock.monotonicMs,
    flushAcks: config.get('log.flush.acks'),
    producePurgeInterval: config.get('producer.purgatory.purge.interval.requests'),
    fetchPurgeInterval: config.get('fetch.purgatory.purge.interval.requests'),
    ...(onLogFailed === undefined ? {} : { onLogFailed })
  })
  const metadata = new MetadataCache()
  metadata.onApplied((image, delta) => shard.applyImage(image, delta.full ? undefined : delta.topics))
  receiveMetadata(mesh, metadata)
  storePartitions(mesh, shard, keeper)
  const access = { mesh, placement, shard, monotonicMs: clock.monotonicMs, logger }
  const replicas = createReplicaAccess(viewOf === undefined ? access : { ...access, viewOf })
  const slots = config.get('max.incremental.fetch.session.cache.slots')
  const fetchSessions = createFetchSessions(mesh, {
    slots: Math.ceil(slots / placement.handlerThreads.length),
    monotonicMs: clock.monotonicMs
  })
  return {
    shard,
    metadata,
    replicas,
    fetchSessions,
    host: (log, topicId) => void shard.host(log, topicId),
    close: () => shard.close()
  }
}

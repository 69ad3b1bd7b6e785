// Wires one thread's groups: the coordinator of those whose offsets partition is in its shard, and the access to all of them.
import type { BrokerConfig } from '../../config/broker-config.js'
import type { ShardThread } from '../replicas/shard-thread.js'
import type { Clock } from '../runtime/clock.js'
import type { Logger } from '../runtime/log.js'
import type { Mesh } from '../runtime/mesh.js'
import type { PlacementTable } from '../runtime/placement.js'
import type { Cancel } from '../runtime/timers.js'
import { createGroupAccess, type GroupAccess } from './group-access.js'
import { GroupCoordinator } from './group-coordinator.js'
import { groupKinds } from './group-kinds.js'
import { groupSettings } from './group-settings.js'

export interface GroupThreadOptions {
  readonly mesh: Mesh
  readonly placement: PlacementTable
  readonly brokerId: number
  readonly config: BrokerConfig
  readonly shard: Pick<ShardThread, 'shard' | 'metadata'>
  readonly clock: Clock
  readonly logger: Logger
  /** On the thread's timing wheel. */
  readonly after: (delayMs: number, run: () => void) => Cancel
}

export interface GroupThread {
  readonly coordinator: GroupCoordinator
  readonly access: GroupAccess
}

/** Before the first metadata image comes: elections are in it. */
export function createGroupThread(options: GroupThreadOptions): GroupThread {
  const { mesh, placement, brokerId, config, shard, clock, logger, after } = options
  const { metadata } = shard
  const coordinator = new GroupCoordinator({
    brokerId,
    shard: shard.shard,
    metadata,
    settings: groupSettings(config),
    kinds: groupKinds,
    after,
    nowMs: clock.nowMs,
    logger
  })
  const access = createGroupAccess({ mesh, placement, metadata: () => metadata.image, coordinator })
  return { coordinator, access }
}

// One offsets partition with its coordinator's machinery and without a broker: a hosted log (in memory unless given), a
// clock and timers that the test moves, groups that only commit.
import { emptyImage } from '../../../src/actors/controller/metadata-image.js'
import type { GroupCaller } from '../../../src/actors/groups/group.js'
import { groupKinds } from '../../../src/actors/groups/group-kinds.js'
import { GroupLog } from '../../../src/actors/groups/group-log.js'
import type { GroupRecord } from '../../../src/actors/groups/group-record.js'
import { type GroupSettings, groupSettings } from '../../../src/actors/groups/group-settings.js'
import { LoadQueue } from '../../../src/actors/groups/load-queue.js'
import type { OffsetsHome } from '../../../src/actors/groups/offsets-home.js'
import { OffsetsPartition } from '../../../src/actors/groups/offsets-partition.js'
import { encodeRecord } from '../../../src/actors/groups/record-codec.js'
import type { HostedLog } from '../../../src/actors/replicas/partition.js'
import { Shard } from '../../../src/actors/replicas/shard.js'
import { loggerFor, silentSink } from '../../../src/actors/runtime/log.js'
import { systemTimers } from '../../../src/actors/runtime/timers.js'
import { loadBrokerConfig } from '../../../src/config/broker-config.js'
import { buildBatch } from '../../../src/protocol/records/build-batch.js'
import { endTxnBatch } from '../../../src/protocol/records/control-record.js'
import { topicId } from '../apis/harness.js'
import { memoryLog } from '../replicas/memory-log.js'

const { config } = loadBrokerConfig({ overrides: { 'broker.id': '1' } })
const logger = loggerFor('test', silentSink)

export const caller: GroupCaller = { apiVersion: 8, clientId: 'test', clientHost: '/here' }

export interface WorldOptions {
  readonly log?: HostedLog
  readonly settings?: Partial<GroupSettings>
  readonly queue?: LoadQueue
  /** log.flush.acks */
  readonly flushAcks?: boolean
}

export function offsetsWorld(options: WorldOptions = {}) {
  const log = options.log ?? memoryLog('__consumer_offsets', 0)
  const shard = new Shard({
    brokerId: 1,
    timer: { add: (ms, run) => systemTimers.after(ms, run) },
    logger,
    monotonicMs: () => performance.now(),
    flushAcks: options.flushAcks ?? false,
    producePurgeInterval: 1000,
    fetchPurgeInterval: 1000
  })
  const hosted = shard.host(log, topicId(100))
  hosted.elect(0, { isr: 1, replicas: 1 })
  const settings = { ...groupSettings(config), ...options.settings }
  let nowMs = 1_000_000_000_000
  const newPartition = () =>
    new OffsetsPartition({
      hosted,
      queue: options.queue ?? new LoadQueue(),
      settings,
      logger,
      nowMs: () => nowMs,
      metadata: () => emptyImage,
      after: () => () => {},
      log: new GroupLog({ shard, partition: hosted, timeoutMs: 5000 }),
      kinds: groupKinds,
      counts: { committed: 0, expired: 0, deleted: 0 }
    })
  return {
    log,
    hosted,
    partition: newPartition(),
    /** What a restart makes of the same log. */
    newPartition,
    pass(ms: number) {
      nowMs += ms
    },
    get nowMs() {
      return nowMs
    },
    /** Bytes into the log past the coordinator, as another broker may have written them. */
    write(batch: Buffer) {
      log.appendAsLeader(batch, { nowMs, origin: 'coordinator', requestVersion: 11 })
      log.advanceHighWatermark(log.logEndOffset)
    }
  }
}

export async function untilOwned(partition: OffsetsPartition): Promise<OffsetsHome> {
  for (;;) {
    const { home } = partition
    if (home !== undefined) return home
    if (partition.state !== 'queued' && partition.state !== 'loading')
      throw new Error(`it is ${partition.state}`)
    await new Promise(resolve => setImmediate(resolve))
  }
}

export const commitOf = (
  group: string,
  partition: number,
  offset: bigint | null,
  times: { readonly commit?: number; readonly expire?: number } = {}
): GroupRecord => ({
  kind: 'offsetCommit',
  key: { group, topic: 'a', partition },
  value:
    offset === null
      ? null
      : {
          offset,
          leaderEpoch: 4,
          metadata: `m${offset}`,
          commitTimestamp: BigInt(times.commit ?? 1),
          expireTimestamp: BigInt(times.expire ?? -1)
        }
})

export function batchOf(
  records: readonly GroupRecord[],
  producer?: { readonly id: bigint; readonly sequence: number }
): Buffer {
  return buildBatch(
    records.map((record, offset) => ({ offset, timestamp: 1n, ...encodeRecord(record), headers: [] })),
    producer === undefined
      ? {}
      : { producerId: producer.id, producerEpoch: 0, baseSequence: producer.sequence, isTransactional: true }
  )
}

export const markerOf = (type: 'COMMIT' | 'ABORT', producerId: bigint): Buffer =>
  endTxnBatch({ type, coordinatorEpoch: 0 }, producerId, 0, 1n)

/** partition -> offset of one group and topic "a". */
export function offsetsOf({ offsets }: OffsetsHome, group: string): Record<number, number> {
  const found = offsets.ofGroup(group)?.get('a') ?? new Map()
  return Object.fromEntries([...found].map(([partition, { offset }]) => [partition, Number(offset)]))
}

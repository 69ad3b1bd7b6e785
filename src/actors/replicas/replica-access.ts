// What handlers call: partitions of every shard as if they were here. Those of the own shard are served by plain calls
// (no promise when nothing has to be waited for), the others by message; one answer, complete, in the order asked for.

import { newStamps, type StageStamps } from '../network/stage-stamps.js'
import type { Arena, BlockRef } from '../runtime/arena.js'
import type { Logger } from '../runtime/log.js'
import { asking, type Mesh, type ThreadId } from '../runtime/mesh.js'
import type { PlacementTable } from '../runtime/placement.js'
import { createFetchAcross } from './fetch-across.js'
import type {
  DeleteRecordsPartition,
  EpochPartition,
  Eventually,
  ListOffsetsOptions,
  ListOffsetsPartition,
  LogSize,
  PartitionRef,
  ProduceCommand,
  ProducePartition,
  ProduceResult,
  ReplicaAccess
} from './partition-commands.js'
import type { Shard } from './shard.js'

export type * from './partition-commands.js'

const actor = 'replicas'

/** Records as a place in the request's memory; as bytes only where the request is not in shared memory. */
type RecordsPlace = { readonly at: number; readonly length: number } | { readonly bytes: Buffer }
type ProduceMessage = {
  readonly op: 'produce'
  readonly items: readonly (PartitionRef & { readonly place: RecordsPlace })[]
  readonly command: Omit<ProduceCommand, 'partitions' | 'stamps'>
}
type ReplicaMessage =
  | ProduceMessage
  | {
      readonly op: 'listOffsets'
      readonly items: readonly ListOffsetsPartition[]
      readonly options: ListOffsetsOptions
    }
  | { readonly op: 'deleteRecords'; readonly items: readonly DeleteRecordsPartition[] }
  | { readonly op: 'epochEnds'; readonly items: readonly EpochPartition[] }
  | { readonly op: 'producers'; readonly items: readonly PartitionRef[] }
  | { readonly op: 'logSizes' }

interface ProduceAnswer {
  readonly results: readonly ProduceResult[]
  readonly appendedMs: number
  readonly syncedMs: number
}

export interface ReplicaAccessOptions {
  readonly mesh: Mesh
  readonly placement: PlacementTable
  readonly shard: Shard
  /** Makes request memory of another thread visible; not needed when all is on one thread. */
  readonly viewOf?: (ref: BlockRef) => ReturnType<Arena['view']>
  readonly monotonicMs: () => number
  readonly logger: Logger
}

export function createReplicaAccess(options: ReplicaAccessOptions): ReplicaAccess {
  const { mesh, placement, shard } = options
  const ask = asking(mesh).ask
  const ownsAll = placement.shards === 1 && placement.threadOfShard(0) === mesh.self
  const ownerOf = (item: PartitionRef): ThreadId =>
    placement.threadOfShard(placement.shardOf(item.topicId, item.partition))
  const isOwn = (items: readonly PartitionRef[]): boolean =>
    ownsAll || items.every(item => ownerOf(item) === mesh.self)
  const across = createFetchAcross(mesh, shard, {
    monotonicMs: options.monotonicMs,
    onFailure: error => options.logger.error('reading for another thread failed', error)
  })
  asking(mesh).answer(actor, message => serve(shard, message as ReplicaMessage, options.viewOf))

  /** Splits by owner, asks all at once, and puts the answers back in order. */
  async function spread<Item extends PartitionRef, Result>(
    items: readonly Item[],
    own: (items: readonly Item[]) => Eventually<readonly Result[]>,
    askOther: (thread: ThreadId, items: readonly Item[]) => Promise<readonly Result[]>
  ): Promise<readonly Result[]> {
    const parts = new Map<ThreadId, number[]>()
    items.forEach((item, i) => {
      const owner = ownerOf(item)
      const part = parts.get(owner)
      if (part === undefined) parts.set(owner, [i])
      else part.push(i)
    })
    const results: Result[] = new Array(items.length)
    const answers = [...parts].map(async ([thread, places]) => {
      const part = places.flatMap(place => items[place] ?? [])
      const answer = await (thread === mesh.self ? own(part) : askOther(thread, part))
      answer.forEach((result, i) => {
        const place = places[i]
        if (place !== undefined) results[place] = result
      })
    })
    await Promise.all(answers)
    return results
  }

  return {
    produce(command) {
      if (isOwn(command.partitions)) return shard.produce(command.partitions, command)
      return spread(
        command.partitions,
        part => shard.produce(part, command),
        async (thread, part) => {
          const message = produceMessage(part, command, options.viewOf)
          const { results, appendedMs, syncedMs } = await ask<ProduceAnswer>(thread, actor, message)
          if (command.stamps !== undefined) noteLatest(command.stamps, appendedMs, syncedMs)
          return results
        }
      )
    },
    fetch: command => (isOwn(command.partitions) ? shard.fetch(command) : across.fetch(command, ownerOf)),
    giveBack: across.giveBack,
    listOffsets: (items, how) =>
      isOwn(items)
        ? shard.listOffsets(items, how)
        : spread(
            items,
            part => shard.listOffsets(part, how),
            (thread, part) => ask(thread, actor, { op: 'listOffsets', items: part, options: how })
          ),
    deleteRecords: items =>
      isOwn(items)
        ? shard.deleteRecords(items)
        : spread(
            items,
            part => shard.deleteRecords(part),
            (thread, part) => ask(thread, actor, { op: 'deleteRecords', items: part })
          ),
    epochEnds: items =>
      isOwn(items)
        ? shard.epochEnds(items)
        : spread(
            items,
            part => shard.epochEnds(part),
            (thread, part) => ask(thread, actor, { op: 'epochEnds', items: part })
          ),
    producers: items =>
      isOwn(items)
        ? shard.producers(items)
        : spread(
            items,
            part => shard.producers(part),
            (thread, part) => ask(thread, actor, { op: 'producers', items: part })
          ),
    async logSizes() {
      const parts = placement.handlerThreads.map(thread =>
        thread === mesh.self ? shard.logSizes() : ask<readonly LogSize[]>(thread, actor, { op: 'logSizes' })
      )
      return (await Promise.all(parts)).flat()
    }
  }
}

function noteLatest(stamps: StageStamps, appendedMs: number, syncedMs: number): void {
  stamps.appendedMs = Math.max(stamps.appendedMs, appendedMs)
  stamps.syncedMs = Math.max(stamps.syncedMs, syncedMs)
}

function produceMessage(
  part: readonly ProducePartition[],
  command: ProduceCommand,
  viewOf: ReplicaAccessOptions['viewOf']
): ReplicaMessage {
  const { acks, timeoutMs, requestVersion, nowMs, frame } = command
  // A block that is too large for the arena is memory that only this thread was given: its records are copied.
  const block = frame === undefined || frame.offset < 0 ? undefined : viewOf?.(frame)
  const items = part.map(({ records, ...ref }) => ({ ...ref, place: placeOf(records, block) }))
  return { op: 'produce', items, command: { acks, timeoutMs, requestVersion, nowMs, frame } }
}

function placeOf(records: Buffer, block: Buffer | undefined): RecordsPlace {
  if (block === undefined || !(records.buffer instanceof SharedArrayBuffer)) return { bytes: records }
  const at = records.byteOffset - block.byteOffset
  return at >= 0 && at + records.length <= block.length ? { at, length: records.length } : { bytes: records }
}

function serve(
  shard: Shard,
  message: ReplicaMessage,
  viewOf: ReplicaAccessOptions['viewOf']
): Eventually<readonly unknown[] | ProduceAnswer> {
  if (message.op === 'listOffsets') return shard.listOffsets(message.items, message.options)
  if (message.op === 'deleteRecords') return shard.deleteRecords(message.items)
  if (message.op === 'epochEnds') return shard.epochEnds(message.items)
  if (message.op === 'producers') return shard.producers(message.items)
  if (message.op === 'logSizes') return shard.logSizes()
  const { frame } = message.command
  const block = frame === undefined || frame.offset < 0 ? undefined : viewOf?.(frame)
  const partitions = message.items.map(({ place, ...ref }) => ({ ...ref, records: recordsAt(place, block) }))
  const stamps = newStamps(0)
  const told = (results: readonly ProduceResult[]): ProduceAnswer => ({
    results,
    appendedMs: stamps.appendedMs,
    syncedMs: stamps.syncedMs
  })
  const results = shard.produce(partitions, { ...message.command, partitions, stamps })
  return results instanceof Promise ? results.then(told) : told(results)
}

function recordsAt(place: RecordsPlace, block: Buffer | undefined): Buffer {
  if ('bytes' in place) return place.bytes
  return block?.subarray(place.at, place.at + place.length) ?? Buffer.alloc(0)
}

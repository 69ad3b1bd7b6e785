// Group records into the log of their partition: one batch of magic 2 with the time of its making, acknowledged as acks=-1 is
// (with log.flush.acks: on the disk). What does not fit into one batch is split, in order.
import type { ErrorName } from '../../protocol/error-codes.js'
import { batchHeaderBytes } from '../../protocol/records/batch.js'
import { buildBatch } from '../../protocol/records/build-batch.js'
import type { Partition } from '../replicas/partition.js'
import type { Eventually, ProduceResult } from '../replicas/partition-commands.js'
import { type Shard, settleAll } from '../replicas/shard.js'
import type { GroupRecord } from './group-record.js'
import { type EncodedRecord, encodeRecord } from './record-codec.js'

/** Of Produce: decides which formats are legal. */
const newestProduceVersion = 11
/** Lengths, deltas and attributes of one record at their largest. */
const recordOverhead = 32

export interface Appended {
  /** Of the append, as the partition gave it. */
  readonly error: ErrorName
  /** In the log; -1 when there is an error. The records follow each other. */
  readonly firstOffset: number
}

export interface GroupLogOptions {
  readonly shard: Pick<Shard, 'produce'>
  readonly partition: Partition
  /** How long an acknowledgement may wait for the disk. */
  readonly timeoutMs: number
}

export class GroupLog {
  readonly #options: GroupLogOptions

  constructor(options: GroupLogOptions) {
    this.#options = options
  }

  /** The bytes are in the page cache when it returns; a promise only where the acknowledgement waits for the disk. */
  append(records: readonly GroupRecord[], nowMs: number): Eventually<Appended> {
    const { partition } = this.#options
    const results = batchesOf(records, nowMs, partition.log.config.maxMessageBytes).map(batch =>
      this.#produce(batch, nowMs)
    )
    const settled = settleAll(results)
    return settled instanceof Promise ? settled.then(inOne) : inOne(settled)
  }

  #produce(records: Buffer, nowMs: number): Eventually<readonly ProduceResult[]> {
    const { shard, partition, timeoutMs } = this.#options
    const partitions = [
      { topic: partition.log.topic, topicId: partition.topicId, partition: partition.log.partition, records }
    ]
    return shard.produce(partitions, {
      partitions,
      acks: -1,
      timeoutMs,
      requestVersion: newestProduceVersion,
      nowMs
    })
  }
}

const nowhere = (error: ErrorName): Appended => ({ error, firstOffset: -1 })

function appendedOf([result]: readonly ProduceResult[]): Appended {
  if (result === undefined || result.kind === 'nothing') return nowhere('UNKNOWN_SERVER_ERROR')
  return result.kind === 'refused' ? nowhere(result.error) : { error: 'NONE', firstOffset: result.baseOffset }
}

/** The first error, or where the first batch begins. Other appends cannot come in between: all were made in one turn. */
function inOne(results: readonly (readonly ProduceResult[])[]): Appended {
  const all = results.map(appendedOf)
  return all.find(({ error }) => error !== 'NONE') ?? all[0] ?? nowhere('UNKNOWN_SERVER_ERROR')
}

function batchesOf(records: readonly GroupRecord[], nowMs: number, maxBytes: number): Buffer[] {
  const batches: Buffer[] = []
  const timestamp = BigInt(nowMs)
  let encoded: EncodedRecord[] = []
  let bytes = batchHeaderBytes
  const close = (): void => {
    if (encoded.length === 0) return
    batches.push(
      buildBatch(encoded.map(({ key, value }, offset) => ({ offset, timestamp, key, value, headers: [] })))
    )
    encoded = []
    bytes = batchHeaderBytes
  }
  for (const record of records) {
    const one = encodeRecord(record)
    const size = one.key.length + (one.value?.length ?? 0) + recordOverhead
    if (bytes + size > maxBytes) close()
    encoded.push(one)
    bytes += size
  }
  close()
  return batches
}

/** What a member is told when its group's records could not be written. */
export function groupErrorOf(error: ErrorName): ErrorName {
  return isTooLarge(error) ? 'UNKNOWN_SERVER_ERROR' : coordinatorErrorOf(error)
}

/** What a committer is told. */
export function commitErrorOf(error: ErrorName): ErrorName {
  return isTooLarge(error) ? 'INVALID_COMMIT_OFFSET_SIZE' : coordinatorErrorOf(error)
}

function isTooLarge(error: ErrorName): boolean {
  return error === 'MESSAGE_TOO_LARGE' || error === 'RECORD_LIST_TOO_LARGE' || error === 'INVALID_FETCH_SIZE'
}

function coordinatorErrorOf(error: ErrorName): ErrorName {
  switch (error) {
    case 'UNKNOWN_TOPIC_OR_PARTITION':
    case 'NOT_ENOUGH_REPLICAS':
    case 'NOT_ENOUGH_REPLICAS_AFTER_APPEND':
    case 'REQUEST_TIMED_OUT':
      return 'COORDINATOR_NOT_AVAILABLE'
    case 'NOT_LEADER_OR_FOLLOWER':
    case 'KAFKA_STORAGE_ERROR':
      return 'NOT_COORDINATOR'
    default:
      return error
  }
}

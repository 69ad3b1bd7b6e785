// What a file of a data directory holds, line by line as kafka-dump-log prints it, or as plain objects; damage is reported
// where it lies and does not stop the rest.
import path from 'node:path'
import { cooperate } from '../actors/runtime/cooperate.js'
import { BatchCursor, codecNames } from '../protocol/records/batch.js'
import { readBatch } from '../protocol/records/read-batch.js'
import { MalformedFile, parseCheckpointRows } from './checkpoint.js'
import { offsetInName } from './file-names.js'
import type { Files } from './files.js'
import { decodeProducerSnapshot } from './producer-snapshot.js'
import { parseAbortedEntries } from './transaction-index.js'

export interface DumpItem {
  readonly kind: 'file' | 'batch' | 'record' | 'entry' | 'damage'
  /** In the order in which they are printed. */
  readonly fields: Readonly<Record<string, string | number | boolean | bigint | null>>
}

export interface DumpOptions {
  /** Records too, decompressed. */
  readonly deep: boolean
  /** Keys and values of records. */
  readonly printData: boolean
}

type Items = AsyncGenerator<DumpItem>

const damage = (file: string, reason: string): DumpItem => ({ kind: 'damage', fields: { file, reason } })

const entry = (fields: DumpItem['fields']): DumpItem => ({ kind: 'entry', fields })

/** True for the files that `dumpFile` can read. */
export const isDumpable = (name: string): boolean =>
  /\.(log|index|timeindex|txnindex|snapshot)$/.test(name) || name.endsWith('-checkpoint')

export async function* dumpFile(files: Files, file: string, options: DumpOptions): Items {
  yield { kind: 'file', fields: { file } }
  const name = path.basename(file)
  if (name.endsWith('.log')) return yield* dumpLog(files, file, options)
  const bytes = files.readFile(file)
  if (bytes === undefined) return yield damage(file, 'there is no such file')
  if (name.endsWith('.timeindex')) return yield* dumpTimeIndex(bytes, file)
  if (name.endsWith('.txnindex')) return yield* dumpTransactionIndex(bytes, file)
  if (name.endsWith('.index')) return yield* dumpOffsetIndex(bytes, file)
  if (name.endsWith('.snapshot')) return yield* dumpSnapshot(bytes, file)
  if (name.endsWith('-checkpoint')) return yield* dumpCheckpoint(bytes, file)
  yield damage(
    file,
    'no file of a log: expected .log, .index, .timeindex, .txnindex, .snapshot or a checkpoint'
  )
}

const chunkBytes = 4 * 1024 * 1024

async function* dumpLog(files: Files, file: string, options: DumpOptions): Items {
  const open = files.open(file, 'read')
  try {
    const size = open.size()
    let chunk = Buffer.allocUnsafeSlow(Math.min(chunkBytes, size))
    let position = 0
    let problem: string | undefined
    while (position < size) {
      const got = open.read(chunk.subarray(0, Math.min(chunk.length, size - position)), position)
      const batch = new BatchCursor(chunk, 0, got)
      while (batch.next()) yield* dumpBatch(batch, file, position + batch.at, options)
      problem = batch.problem?.reason
      if (batch.validBytes === 0) {
        const needed = got < 12 ? 0 : chunk.readInt32BE(8) + 12
        if (problem !== undefined || needed <= chunk.length || position + needed > size) break
        chunk = Buffer.allocUnsafeSlow(needed)
      }
      position += batch.validBytes
    }
    if (position < size) {
      yield damage(
        file,
        `Found ${size - position} invalid bytes at the end, from position ${position}${problem === undefined ? '' : `: ${problem}`}`
      )
    }
  } finally {
    open.close()
  }
}

async function* dumpBatch(batch: BatchCursor, file: string, position: number, options: DumpOptions): Items {
  const isvalid = batch.checksumHolds
  const timeType =
    batch.magic === 0 ? 'NoTimestampType' : batch.isLogAppendTime ? 'LogAppendTime' : 'CreateTime'
  const compresscodec = codecNames[batch.codecId] ?? `unknown(${batch.codecId})`
  const tail = {
    position,
    [timeType]: batch.maxTimestamp,
    size: batch.bytes,
    magic: batch.magic,
    compresscodec
  }
  const head =
    batch.magic < 2
      ? { offset: batch.offsetField }
      : {
          baseOffset: batch.offsetField,
          lastOffset: batch.lastOffset,
          count: batch.count,
          baseSequence: batch.baseSequence,
          lastSequence: batch.lastSequence,
          producerId: batch.producerId,
          producerEpoch: batch.producerEpoch,
          partitionLeaderEpoch: batch.partitionLeaderEpoch,
          isTransactional: batch.isTransactional,
          isControl: batch.isControl,
          deleteHorizonMs: batch.hasDeleteHorizon
            ? `OptionalLong[${batch.baseTimestamp}]`
            : 'OptionalLong.empty'
        }
  yield { kind: 'batch', fields: { ...head, ...tail, crc: batch.storedChecksum, isvalid } }
  if (!isvalid) return yield damage(file, `checksum of the batch at position ${position} does not match`)
  if (!options.deep) return
  const { records, problem } = await cooperate(readBatch(batch))
  for (const { offset, timestamp, key, value, sequence, headers } of records) {
    const keys = headers.map(header => header.key.toString()).join(',')
    const data = options.printData ? { key: key?.toString() ?? null, payload: value?.toString() ?? null } : {}
    const sizes = { keySize: key?.length ?? -1, valueSize: value?.length ?? -1 }
    yield {
      kind: 'record',
      fields: { offset, [timeType]: timestamp, ...sizes, sequence, headerKeys: `[${keys}]`, ...data }
    }
  }
  if (problem !== undefined) yield damage(file, `batch at position ${position}: ${problem.reason}`)
}

async function* dumpOffsetIndex(bytes: Buffer, file: string): Items {
  const base = offsetInName(path.basename(file)) ?? 0
  if (bytes.length % 8 !== 0) yield damage(file, `${bytes.length} bytes are no multiple of 8`)
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const relative = bytes.readInt32BE(at)
    // Zeros behind the entries: the file was allocated ahead.
    if (relative === 0 && bytes.readInt32BE(at + 4) === 0) return
    if (at > 0 && relative <= bytes.readInt32BE(at - 8))
      yield damage(file, `offsets do not ascend at entry ${at / 8}`)
    yield entry({ offset: base + relative, position: bytes.readInt32BE(at + 4) })
  }
}

async function* dumpTimeIndex(bytes: Buffer, file: string): Items {
  const base = offsetInName(path.basename(file)) ?? 0
  if (bytes.length % 12 !== 0) yield damage(file, `${bytes.length} bytes are no multiple of 12`)
  for (let at = 0; at + 12 <= bytes.length; at += 12) {
    const timestamp = bytes.readBigInt64BE(at)
    if (timestamp === 0n && bytes.readInt32BE(at + 8) === 0) return
    if (at > 0 && timestamp <= bytes.readBigInt64BE(at - 12)) {
      yield damage(file, `timestamps do not ascend at entry ${at / 12}`)
    }
    yield entry({ timestamp, offset: base + bytes.readInt32BE(at + 8) })
  }
}

async function* dumpTransactionIndex(bytes: Buffer, file: string): Items {
  const { entries, version } = parseAbortedEntries(bytes)
  if (bytes.length % 34 !== 0) yield damage(file, `${bytes.length} bytes are no multiple of 34`)
  if (version !== 0) yield damage(file, `unknown version ${version}`)
  for (const aborted of entries) yield entry({ version: 0, ...aborted })
}

async function* dumpSnapshot(bytes: Buffer, file: string): Items {
  const producers = decodeProducerSnapshot(bytes)
  if (typeof producers === 'string') return yield damage(file, producers)
  for (const producer of producers) {
    const { last, producerId, producerEpoch, coordinatorEpoch, currentTxnFirstOffset, lastTimestamp } =
      producer
    const open = currentTxnFirstOffset < 0 ? 'None' : `Some(${currentTxnFirstOffset})`
    const { lastSequence = -1, lastOffset = -1, offsetDelta = 0, timestamp = -1n } = last ?? {}
    const batch = {
      firstSequence: lastSequence < 0 ? -1 : lastSequence - offsetDelta,
      lastSequence,
      lastOffset,
      offsetDelta,
      timestamp
    }
    yield entry({
      producerId,
      producerEpoch,
      coordinatorEpoch,
      currentTxnFirstOffset: open,
      lastTimestamp,
      ...batch
    })
  }
}

async function* dumpCheckpoint(bytes: Buffer, file: string): Items {
  const epochs = path.basename(file) === 'leader-epoch-checkpoint'
  const rows = parseCheckpointRows(bytes.toString('utf8'), epochs ? 2 : 3)
  if (rows instanceof MalformedFile) return yield damage(file, rows.reason)
  for (const [a = '', b = '', c = ''] of rows) {
    yield entry(
      epochs
        ? { epoch: Number(a), startOffset: Number(b) }
        : { topic: a, partition: Number(b), offset: Number(c) }
    )
  }
}

/** One line as kafka-dump-log has it. */
export function dumpLine({ kind, fields }: DumpItem): string {
  if (kind === 'file') {
    const file = String(fields.file)
    const start = file.endsWith('.log')
      ? `\nLog starting offset: ${offsetInName(path.basename(file)) ?? 0}`
      : ''
    return `Dumping ${file}${start}`
  }
  if (kind === 'damage') return `${fields.file}: ${fields.reason}`
  const text = Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}`)
    .join(' ')
  return kind === 'record' ? `| ${text}` : text
}

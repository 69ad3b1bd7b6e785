// The records of one batch as objects, whatever its magic and codec: for conversion, lookups by timestamp and tools.
// A generator for `cooperate`: loading a codec and large payloads take a promise.
import { addToSequence, type BatchCursor, batchHeaderBytes, type CodecName, codecNames } from './batch.js'
import {
  asyncFromBytes,
  type Codec,
  CompressionProblem,
  codecIfLoaded,
  decompressedBytesMax,
  loadCodec
} from './compression/codec.js'
import { plainOf, readInner, readMessage, resolveInner } from './message-set.js'
import { type PlainRecord, RecordsProblem } from './plain-record.js'
import { RecordCursor } from './record-cursor.js'

export type ReadSteps<T> = Generator<Promise<unknown> | undefined, T, unknown>

export function codecNameOf(id: number): CodecName | RecordsProblem {
  return codecNames[id] ?? new RecordsProblem('unsupportedCompression', `Unknown compression type id: ${id}`)
}

/** Loads a codec if it is not loaded yet. */
export function* codecNamed(name: Exclude<CodecName, 'none'>, magic = 2): ReadSteps<Codec> {
  let codec = codecIfLoaded(name)
  if (codec === undefined) {
    let arrived: Codec | undefined
    yield loadCodec(name).then(loaded => {
      arrived = loaded
    })
    codec = arrived
  }
  if (name === 'lz4' && magic === 0) {
    let module: typeof import('./compression/lz4.js') | undefined
    yield import('./compression/lz4.js').then(loaded => {
      module = loaded
    })
    codec = module?.lz4OfMagic0
  }
  if (codec === undefined) throw new Error(`codec ${name} did not load`)
  return codec
}

/** Decompresses on the spot when small, on the thread pool when large. */
export function* decompressed(
  name: Exclude<CodecName, 'none'>,
  magic: number,
  bytes: Buffer
): ReadSteps<Buffer | RecordsProblem> {
  const codec = yield* codecNamed(name, magic)
  const max = decompressedBytesMax(bytes.length)
  let plain: Buffer | CompressionProblem | undefined
  if (bytes.length < asyncFromBytes / 4) plain = codec.decompress(bytes, max)
  else {
    yield codec.decompressAsync(bytes, max).then(result => {
      plain = result
    })
  }
  if (plain === undefined || plain instanceof CompressionProblem) {
    return new RecordsProblem('compression', plain?.reason ?? 'nothing came out')
  }
  return plain
}

const slice = (buffer: Buffer, at: number, length: number): Buffer | null =>
  length < 0 ? null : buffer.subarray(at, at + length)

/** What was read before a problem, and the problem. */
export interface ReadRecords {
  readonly records: PlainRecord[]
  readonly problem: RecordsProblem | undefined
}

const failed = (problem: RecordsProblem, records: PlainRecord[] = []): ReadRecords => ({ records, problem })

/** Reads the current batch of the cursor; takes everything it needs from it before the first yield. */
export function* readBatch(batch: BatchCursor): ReadSteps<ReadRecords> {
  return batch.magic === 2 ? yield* readModern(batch) : yield* readLegacy(batch)
}

function* readModern(batch: BatchCursor): ReadSteps<ReadRecords> {
  const name = codecNameOf(batch.codecId)
  if (name instanceof RecordsProblem) return failed(name)
  const { buffer, at, bytes, count, baseTimestamp, baseSequence, offsetField } = batch
  const appendTime = batch.isLogAppendTime ? batch.maxTimestamp : undefined
  let plain = buffer.subarray(at + batchHeaderBytes, at + bytes)
  if (name !== 'none' && count > 0) {
    const result = yield* decompressed(name, 2, plain)
    if (result instanceof RecordsProblem) return failed(result)
    plain = result
  }
  const records: PlainRecord[] = []
  const cursor = new RecordCursor().reset(plain, 0, plain.length, count)
  while (cursor.next()) {
    if (records.length % 256 === 255) yield undefined
    const delta = cursor.timestampDeltaExact ?? BigInt(cursor.timestampDelta)
    records.push({
      offset: offsetField + cursor.offsetDelta,
      timestamp: appendTime ?? BigInt.asIntN(64, baseTimestamp + delta),
      key: slice(plain, cursor.keyAt, cursor.keyLength),
      value: slice(plain, cursor.valueAt, cursor.valueLength),
      headers: cursor.headers(),
      sequence: baseSequence < 0 ? -1 : addToSequence(baseSequence, cursor.offsetDelta)
    })
  }
  if (cursor.problem === undefined) return { records, problem: undefined }
  // A compressed batch is read as a whole or not at all, as Kafka's reader does.
  return failed(new RecordsProblem('invalid', cursor.problem), name === 'none' ? records : [])
}

function* readLegacy(batch: BatchCursor): ReadSteps<ReadRecords> {
  const message = readMessage(batch.buffer, batch.at, batch.bytes)
  if (message instanceof RecordsProblem) return failed(message)
  const name = codecNameOf(message.attributes & 7)
  if (name instanceof RecordsProblem) return failed(name)
  if (name === 'none')
    return { records: [plainOf(message, message.offset, message.timestamp)], problem: undefined }
  if (name === 'zstd') return failed(new RecordsProblem('invalid', 'zstd in a message of magic 0 or 1'))
  if (message.value === null)
    return failed(new RecordsProblem('invalid', 'compressed message without a value'))
  const plain = yield* decompressed(name, message.magic, message.value)
  if (plain instanceof RecordsProblem) return failed(plain)
  const inner = readInner(plain, message, true)
  if (inner instanceof RecordsProblem) return failed(inner)
  const resolved = resolveInner(inner, message)
  return resolved instanceof RecordsProblem ? failed(resolved) : { records: resolved, problem: undefined }
}

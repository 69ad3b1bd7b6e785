// The payload of a batch in and out of its codec; the codec decides whether on the spot, in slices or on the thread pool.
import { type CodecName, codecNames } from './batch.js'
import { type Codec, CompressionProblem, decompressedBytesMax } from './compression/codec.js'
import { codecIfLoaded, loadCodec } from './compression/loading.js'
import { RecordsProblem } from './plain-record.js'
import { awaited, type ReadSteps } from './steps.js'

export function codecNameOf(id: number): CodecName | RecordsProblem {
  return codecNames[id] ?? new RecordsProblem('unsupportedCompression', `Unknown compression type id: ${id}`)
}

/** Loads a codec if it is not loaded yet. */
export function* codecNamed(name: Exclude<CodecName, 'none'>, magic = 2): ReadSteps<Codec> {
  if (name === 'lz4' && magic === 0) return (yield* awaited(import('./compression/lz4.js'))).lz4OfMagic0
  return codecIfLoaded(name) ?? (yield* awaited(loadCodec(name)))
}

export function* decompressed(
  name: Exclude<CodecName, 'none'>,
  magic: number,
  bytes: Buffer
): ReadSteps<Buffer | RecordsProblem> {
  const codec = yield* codecNamed(name, magic)
  const plain = yield* codec.decompressSteps(bytes, decompressedBytesMax(bytes.length))
  return plain instanceof CompressionProblem ? new RecordsProblem('compression', plain.reason) : plain
}

export function* compressed(
  name: CodecName,
  magic: number,
  plain: Buffer,
  level: number | undefined
): ReadSteps<Buffer> {
  if (name === 'none') return plain
  const codec = yield* codecNamed(name, magic)
  return yield* codec.compressSteps(plain, level)
}

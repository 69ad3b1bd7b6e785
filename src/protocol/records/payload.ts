// The payload of a batch in and out of its codec: on the spot when small, on the thread pool when large.
import { type CodecName, codecNames } from './batch.js'
import {
  asyncFromBytes,
  type Codec,
  CompressionProblem,
  codecIfLoaded,
  decompressedBytesMax,
  loadCodec
} from './compression/codec.js'
import { RecordsProblem } from './plain-record.js'

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

/** On the spot when small, on the thread pool when large. */
export function* compressed(
  name: CodecName,
  magic: number,
  plain: Buffer,
  level: number | undefined
): ReadSteps<Buffer> {
  if (name === 'none') return plain
  const codec = yield* codecNamed(name, magic)
  if (plain.length < asyncFromBytes / 4) return codec.compress(plain, level)
  let packed = plain
  yield codec.compressAsync(plain, level).then(result => {
    packed = result
  })
  return packed
}

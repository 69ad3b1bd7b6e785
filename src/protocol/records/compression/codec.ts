// The five codecs of record batches by name, loaded when first used: start-up does not pay for them. Decompression is
// bounded: a bomb is a value, not an exhausted heap.
import type { CodecName } from '../batch.js'

/** Damaged, or larger than allowed. */
export class CompressionProblem {
  constructor(readonly reason: string) {}
}

export interface Codec {
  compress(bytes: Buffer, level: number | undefined): Buffer
  decompress(bytes: Buffer, maxBytes: number): Buffer | CompressionProblem
  /** On the thread pool where the library can; for payloads that would hold the event loop too long. */
  compressAsync(bytes: Buffer, level: number | undefined): Promise<Buffer>
  decompressAsync(bytes: Buffer, maxBytes: number): Promise<Buffer | CompressionProblem>
}

type Compressing = Exclude<CodecName, 'none'>
const loaded = new Map<Compressing, Codec>()

/** What a batch may grow to when decompressed: Kafka has no bound; ours is 1000 times its size and 64 MiB at least. */
export const decompressedBytesMax = (compressedBytes: number): number =>
  Math.min(Math.max(compressedBytes * 1000, 64 * 1024 * 1024), 0x3fff_ffff)

/** Payloads from this size on are compressed and decompressed off the event loop (about 2 ms of work). */
export const asyncFromBytes = 256 * 1024

export async function loadCodec(name: Compressing): Promise<Codec> {
  const known = loaded.get(name)
  if (known !== undefined) return known
  const codec = await importCodec(name)
  loaded.set(name, codec)
  return codec
}

/** `undefined` until loadCodec() has brought it in once. */
export const codecIfLoaded = (name: Compressing): Codec | undefined => loaded.get(name)

async function importCodec(name: Compressing): Promise<Codec> {
  switch (name) {
    case 'gzip':
      return (await import('./gzip.js')).gzip
    case 'snappy':
      return (await import('./snappy.js')).snappy
    case 'lz4':
      return (await import('./lz4.js')).lz4
    case 'zstd':
      return (await import('./zstd.js')).zstd
  }
}

export function problemOf(error: unknown): CompressionProblem {
  return new CompressionProblem(error instanceof Error ? error.message : String(error))
}

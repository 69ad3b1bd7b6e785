// What a codec of record batches can do. Decompression is bounded: a bomb is a value, not an exhausted heap.
import type { ReadSteps } from '../steps.js'

/** Damaged, or larger than allowed. */
export class CompressionProblem {
  constructor(readonly reason: string) {}
}

export interface Codec {
  compress(bytes: Buffer, level: number | undefined): Buffer
  /** `maxBytes` bounds what comes out. */
  decompress(bytes: Buffer, maxBytes: number): Buffer | CompressionProblem
  /** In slices or on the thread pool as soon as the work could take longer than a turn may. */
  compressSteps(bytes: Buffer, level: number | undefined): ReadSteps<Buffer>
  decompressSteps(bytes: Buffer, maxBytes: number): ReadSteps<Buffer | CompressionProblem>
}

/** What a batch may grow to when decompressed: Kafka has no bound; ours is 1000 times its size and 64 MiB at least. */
export const decompressedBytesMax = (compressedBytes: number): number =>
  Math.min(Math.max(compressedBytes * 1000, 64 * 1024 * 1024), 0x3fff_ffff)

/** One native call may make that much plain data on the event loop: about a millisecond. */
export const plainBytesAtOnce = 512 * 1024

/** One native call may compress that much on the event loop, two milliseconds at the usual levels. */
export const compressesAtOnce = (bytes: number, level: number): boolean =>
  bytes < (level <= 6 ? 64 * 1024 : 4 * 1024)

export function problemOf(error: unknown): CompressionProblem {
  return new CompressionProblem(error instanceof Error ? error.message : String(error))
}

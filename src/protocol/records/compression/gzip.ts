// gzip (RFC 1952): one member is written, several are read, as Java's GZIPInputStream does. Levels 1 to 9, -1 = the
// library's default (6).
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { awaited } from '../steps.js'
import {
  type Codec,
  type CompressionProblem,
  compressesAtOnce,
  plainBytesAtOnce,
  problemOf
} from './codec.js'

const gunzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip)
const gzipAsync = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gzip)

const bounded = (maxBytes: number): zlib.ZlibOptions => ({ maxOutputLength: Math.max(1, maxBytes) })
const levelOf = (level: number | undefined): zlib.ZlibOptions => ({ level: level ?? -1 })

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'

/** The last member says its plain size in its last four bytes; only a hint, for whoever wrote it may lie. */
const seemsSmall = (bytes: Buffer): boolean =>
  bytes.length < 64 * 1024 &&
  (bytes.length < 4 || bytes.readUInt32LE(bytes.length - 4) <= plainBytesAtOnce / 2)

export const gzip: Codec = {
  compress: (bytes, level) => zlib.gzipSync(bytes, levelOf(level)),
  decompress(bytes, maxBytes) {
    try {
      return zlib.gunzipSync(bytes, bounded(maxBytes))
    } catch (error) {
      return problemOf(error)
    }
  },
  *compressSteps(bytes, level) {
    if (compressesAtOnce(bytes.length, level ?? -1)) return gzip.compress(bytes, level)
    return yield* awaited(gzipAsync(bytes, levelOf(level)))
  },
  *decompressSteps(bytes, maxBytes) {
    if (seemsSmall(bytes)) {
      const atOnceMax = Math.min(maxBytes, plainBytesAtOnce / 2)
      try {
        return zlib.gunzipSync(bytes, bounded(atOnceMax))
      } catch (error) {
        if (!isTooLarge(error) || atOnceMax === maxBytes) return problemOf(error)
      }
    }
    return yield* awaited(
      gunzip(bytes, bounded(maxBytes)).catch((error): CompressionProblem => problemOf(error))
    )
  }
}

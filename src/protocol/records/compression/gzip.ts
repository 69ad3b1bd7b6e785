// One gzip member (RFC 1952); levels 1 to 9, -1 = the library's default (6).
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { type Codec, type CompressionProblem, problemOf } from './codec.js'

const gunzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip)
const gzipAsync = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gzip)

const bounded = (maxBytes: number): zlib.ZlibOptions => ({ maxOutputLength: Math.max(1, maxBytes) })
const levelOf = (level: number | undefined): zlib.ZlibOptions => ({ level: level ?? -1 })

export const gzip: Codec = {
  compress: (bytes, level) => zlib.gzipSync(bytes, levelOf(level)),
  compressAsync: (bytes, level) => gzipAsync(bytes, levelOf(level)),
  decompress(bytes, maxBytes) {
    try {
      return zlib.gunzipSync(bytes, bounded(maxBytes))
    } catch (error) {
      return problemOf(error)
    }
  },
  decompressAsync: (bytes, maxBytes) =>
    gunzip(bytes, bounded(maxBytes)).catch((error): CompressionProblem => problemOf(error))
}

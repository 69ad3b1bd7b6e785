// Snappy in the framing of the xerial Java library: a header, then blocks of 32 KiB with their length in front. Some
// clients send one raw block without the header; several streams may stand one after the other.
import { compressSync, uncompress, uncompressSync } from 'snappy'
import { atOnce, awaited, joined, Pace, type ReadSteps } from '../steps.js'
import { type Codec, CompressionProblem, plainBytesAtOnce, problemOf } from './codec.js'

const magic = Buffer.from('82534e4150505900', 'hex')
const header = Buffer.concat([magic, Buffer.from('0000000100000001', 'hex')])
const blockBytes = 32 * 1024

/** The length that a raw block says it has: an unsigned varint at its start. */
function declaredLength(block: Buffer): number {
  let value = 0
  for (let i = 0; i < 5; i++) {
    const byte = block[i]
    if (byte === undefined) return -1
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return value
  }
  return -1
}

function* block(
  bytes: Buffer,
  maxBytes: number,
  bytesAtOnce: number
): ReadSteps<Buffer | CompressionProblem> {
  const length = declaredLength(bytes)
  if (length < 0 || length > maxBytes) return new CompressionProblem(`snappy block of ${length} bytes`)
  if (length > bytesAtOnce) {
    return yield* awaited(uncompress(bytes, { asBuffer: true }).then(plain => plain as Buffer, problemOf))
  }
  try {
    return uncompressSync(bytes, { asBuffer: true }) as Buffer
  } catch (error) {
    return problemOf(error)
  }
}

function* decompressSteps(
  bytes: Buffer,
  maxBytes: number,
  bytesAtOnce: number
): ReadSteps<Buffer | CompressionProblem> {
  if (!bytes.subarray(0, magic.length).equals(magic)) return yield* block(bytes, maxBytes, bytesAtOnce)
  const pieces: Buffer[] = []
  const pace = new Pace()
  let total = 0
  let at = 0
  while (at < bytes.length) {
    if (bytes.subarray(at, at + magic.length).equals(magic)) {
      at += header.length
      if (pace.due(0)) yield undefined
      continue
    }
    if (at + 4 > bytes.length) return new CompressionProblem('snappy stream ends inside a length')
    const length = bytes.readInt32BE(at)
    if (length < 0 || length > bytes.length - at - 4) return new CompressionProblem('snappy block is cut off')
    const piece = yield* block(bytes.subarray(at + 4, at + 4 + length), maxBytes - total, bytesAtOnce)
    if (piece instanceof CompressionProblem) return piece
    total += piece.length
    pieces.push(piece)
    at += 4 + length
    if (pace.due(piece.length)) yield undefined
  }
  return yield* joined(pieces)
}

function* compressSteps(bytes: Buffer): ReadSteps<Buffer> {
  const pieces: Buffer[] = [header]
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const packed = compressSync(bytes.subarray(at, at + blockBytes))
    const length = Buffer.alloc(4)
    length.writeInt32BE(packed.length)
    pieces.push(length, packed)
    if (at % (8 * blockBytes) === 7 * blockBytes) yield undefined
  }
  return yield* joined(pieces)
}

/** A gigabyte a second: blocks of the usual size are not worth a trip to the thread pool. */
export const snappy: Codec = {
  compress: bytes => atOnce(compressSteps(bytes)),
  decompress: (bytes, maxBytes) => atOnce(decompressSteps(bytes, maxBytes, Number.POSITIVE_INFINITY)),
  compressSteps,
  decompressSteps: (bytes, maxBytes) => decompressSteps(bytes, maxBytes, plainBytesAtOnce)
}

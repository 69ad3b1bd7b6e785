// LZ4 frames as Kafka writes them: version 1, independent blocks of 64 KiB, no checksums but the header's. Magic 0 has a
// historic header checksum that covers the frame magic as well: it is written that way, and read without a look at it.
import { compressSync, uncompressSync } from 'lz4-napi'
import { atOnce, joined, Pace, type ReadSteps } from '../steps.js'
import { type Codec, CompressionProblem, problemOf } from './codec.js'
import { xxhash32 } from './xxhash32.js'

const frameMagic = Buffer.from('04224d18', 'hex')
const flags = 0x60
const blockDescriptor = 0x40
const blockBytes = 64 * 1024
const endMark = Buffer.alloc(4)
/** A byte of an LZ4 block stands for 255 plain bytes at most. */
const largestExpansion = 255

function frameHeader(brokenChecksum: boolean): Buffer {
  const header = Buffer.from([...frameMagic, flags, blockDescriptor, 0])
  header[6] = (xxhash32(header.subarray(brokenChecksum ? 0 : 4, 6)) >>> 8) & 0xff
  return header
}

function* compressFrame(bytes: Buffer, brokenChecksum: boolean): ReadSteps<Buffer> {
  const pieces: Buffer[] = [frameHeader(brokenChecksum)]
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const plain = bytes.subarray(at, at + blockBytes)
    // The library puts the plain length in front of the block.
    const packed = compressSync(plain).subarray(4)
    const stored = packed.length >= plain.length
    const size = Buffer.alloc(4)
    size.writeUInt32LE(stored ? (plain.length | 0x8000_0000) >>> 0 : packed.length)
    pieces.push(size, stored ? plain : packed)
    if (at % (4 * blockBytes) === 3 * blockBytes) yield undefined
  }
  pieces.push(endMark)
  return yield* joined(pieces)
}

interface FrameHeader {
  readonly bytes: number
  readonly blockBytesMax: number
  readonly blockChecksums: boolean
  readonly contentChecksum: boolean
}

function readHeader(bytes: Buffer, ignoreChecksum: boolean): FrameHeader | CompressionProblem {
  if (bytes.length < 7 || !bytes.subarray(0, 4).equals(frameMagic))
    return new CompressionProblem('no LZ4 frame')
  const [flg = 0, bd = 0] = [bytes[4], bytes[5]]
  if (flg >>> 6 !== 1) return new CompressionProblem(`LZ4 frame version ${flg >>> 6}`)
  if ((flg & 0x20) === 0) return new CompressionProblem('LZ4 blocks that depend on each other')
  if ((flg & 0x03) !== 0 || (bd & 0x8f) !== 0 || bd >>> 4 < 4)
    return new CompressionProblem('LZ4 reserved bits')
  const end = (flg & 0x08) !== 0 ? 14 : 6
  if (bytes.length <= end) return new CompressionProblem('LZ4 frame is cut off')
  if (!ignoreChecksum && bytes[end] !== ((xxhash32(bytes.subarray(4, end)) >>> 8) & 0xff)) {
    return new CompressionProblem('LZ4 frame header checksum')
  }
  const blockBytesMax = 1 << (8 + 2 * (bd >>> 4))
  return {
    bytes: end + 1,
    blockBytesMax,
    blockChecksums: (flg & 0x10) !== 0,
    contentChecksum: (flg & 0x04) !== 0
  }
}

function decompressBlock(packed: Buffer, blockBytesMax: number): Buffer | CompressionProblem {
  const prefixed = Buffer.allocUnsafe(packed.length + 4)
  // The library allocates what the prefix says: no more than the block can fill.
  prefixed.writeUInt32LE(Math.min(blockBytesMax, packed.length * largestExpansion), 0)
  packed.copy(prefixed, 4)
  try {
    return uncompressSync(prefixed)
  } catch (error) {
    return problemOf(error)
  }
}

function* decompressFrame(
  bytes: Buffer,
  maxBytes: number,
  ignoreChecksum: boolean
): ReadSteps<Buffer | CompressionProblem> {
  const header = readHeader(bytes, ignoreChecksum)
  if (header instanceof CompressionProblem) return header
  const pieces: Buffer[] = []
  const pace = new Pace()
  let total = 0
  for (let at = header.bytes; ; ) {
    if (at + 4 > bytes.length) return new CompressionProblem('LZ4 frame has no end mark')
    const word = bytes.readUInt32LE(at)
    if (word === 0) return yield* joined(pieces)
    const size = word & 0x7fff_ffff
    at += 4
    if (size > bytes.length - at || size > header.blockBytesMax)
      return new CompressionProblem('LZ4 block is cut off')
    const block = bytes.subarray(at, at + size)
    const plain = word >= 0x8000_0000 ? block : decompressBlock(block, header.blockBytesMax)
    if (plain instanceof CompressionProblem) return plain
    at += size
    if (header.blockChecksums) {
      if (at + 4 > bytes.length || bytes.readUInt32LE(at) !== xxhash32(block)) {
        return new CompressionProblem('LZ4 block checksum')
      }
      at += 4
    }
    total += plain.length
    if (total > maxBytes) return new CompressionProblem(`LZ4 frame of more than ${maxBytes} bytes`)
    pieces.push(plain)
    if (pace.due(plain.length)) yield undefined
  }
}

const codecWith = (magic0: boolean): Codec => ({
  compress: bytes => atOnce(compressFrame(bytes, magic0)),
  decompress: (bytes, maxBytes) => atOnce(decompressFrame(bytes, maxBytes, magic0)),
  compressSteps: bytes => compressFrame(bytes, magic0),
  decompressSteps: (bytes, maxBytes) => decompressFrame(bytes, maxBytes, magic0)
})

export const lz4: Codec = codecWith(false)
/** For messages of magic 0. */
export const lz4OfMagic0: Codec = codecWith(true)

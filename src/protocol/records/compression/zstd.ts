// One zstd frame or several. The library decompresses without a limit, so the frame is measured first: a block expands to
// 128 KiB at most (RFC 8878), which bounds the whole before anything is allocated.
import { Decoder, Encoder } from '@toondepauw/node-zstd'
import { awaited } from '../steps.js'
import { type Codec, CompressionProblem, compressesAtOnce, plainBytesAtOnce, problemOf } from './codec.js'

const frameMagic = 0xfd2fb528
const blockBytesMax = 128 * 1024
const defaultLevel = 3

const contentSizeBytes = (descriptor: number): number => {
  const flag = descriptor >>> 6
  if (flag === 0) return (descriptor & 0x20) !== 0 ? 1 : 0
  return 1 << flag
}

/** Upper bound of what the frames expand to; -1 when they are damaged. */
export function boundOf(bytes: Buffer): number {
  let bound = 0
  let at = 0
  while (at < bytes.length) {
    if (at + 5 > bytes.length) return -1
    const magic = bytes.readUInt32LE(at)
    if (magic >>> 4 === 0x184d2a5) {
      if (at + 8 > bytes.length) return -1
      at += 8 + bytes.readUInt32LE(at + 4)
      continue
    }
    if (magic !== frameMagic) return -1
    const descriptor = bytes[at + 4] ?? 0
    const window = (descriptor & 0x20) !== 0 ? 0 : 1
    const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0
    at += 5 + window + dictionary + contentSizeBytes(descriptor)
    for (let last = false; !last; ) {
      if (at + 3 > bytes.length) return -1
      const header = bytes.readUIntLE(at, 3)
      last = (header & 1) === 1
      const type = (header >>> 1) & 3
      const size = header >>> 3
      if (type === 3) return -1
      bound += type === 2 ? blockBytesMax : size
      at += 3 + (type === 1 ? 1 : size)
    }
    if ((descriptor & 4) !== 0) at += 4
  }
  return at === bytes.length ? bound : -1
}

function decompress(bytes: Buffer): Buffer | CompressionProblem {
  try {
    return new Decoder().decodeSync(bytes)
  } catch (error) {
    return problemOf(error)
  }
}

function refused(bound: number, maxBytes: number): CompressionProblem | undefined {
  if (bound < 0) return new CompressionProblem('damaged zstd frame')
  return bound > maxBytes ? new CompressionProblem(`zstd frame of up to ${bound} bytes`) : undefined
}

export const zstd: Codec = {
  compress: (bytes, level) => new Encoder(level ?? defaultLevel).encodeSync(bytes),
  decompress: (bytes, maxBytes) => refused(boundOf(bytes), maxBytes) ?? decompress(bytes),
  *compressSteps(bytes, level = defaultLevel) {
    if (compressesAtOnce(bytes.length, level)) return zstd.compress(bytes, level)
    return yield* awaited(new Encoder(level).encode(bytes))
  },
  *decompressSteps(bytes, maxBytes) {
    const bound = boundOf(bytes)
    const problem = refused(bound, maxBytes)
    if (problem !== undefined) return problem
    if (bound <= plainBytesAtOnce) return decompress(bytes)
    return yield* awaited(new Decoder().decode(bytes).catch(problemOf))
  }
}

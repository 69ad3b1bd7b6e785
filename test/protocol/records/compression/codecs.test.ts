// Goal: every codec reads what any Kafka client may send and refuses bombs and damage as values. Method: frames put
// together by hand around known payloads, in both ways of running a codec.
import zlib from 'node:zlib'
import fc from 'fast-check'
import { compressSync as lz4Block } from 'lz4-napi'
import { compressSync as snappyBlock } from 'snappy'
import { describe, expect, test } from 'vitest'
import { cooperate } from '../../../../src/actors/runtime/cooperate.js'
import { CompressionProblem } from '../../../../src/protocol/records/compression/codec.js'
import { loadCodec } from '../../../../src/protocol/records/compression/loading.js'
import { lz4OfMagic0 } from '../../../../src/protocol/records/compression/lz4.js'
import { xxhash32 } from '../../../../src/protocol/records/compression/xxhash32.js'
import { boundOf } from '../../../../src/protocol/records/compression/zstd.js'

const names = ['gzip', 'snappy', 'lz4', 'zstd'] as const
type Name = (typeof names)[number]
const max = 1024 * 1024
const text = Buffer.from('the quick brown fox '.repeat(40))

async function read(name: Name, bytes: Buffer, maxBytes = max): Promise<Buffer | CompressionProblem> {
  const codec = await loadCodec(name)
  const whole = codec.decompress(bytes, maxBytes)
  const sliced = await cooperate(codec.decompressSteps(bytes, maxBytes))
  expect(sliced instanceof CompressionProblem).toBe(whole instanceof CompressionProblem)
  if (Buffer.isBuffer(whole)) expect(whole.equals(sliced as Buffer)).toBe(true)
  return whole
}
const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}

describe.each(names)('%s', name => {
  test.each([0, 1, 5, 70_000, 700_000])('gives %d bytes back', async size => {
    const codec = await loadCodec(name)
    const plain = Buffer.from(Array.from({ length: size }, (_, i) => (i * i) >>> 7))
    const packed = codec.compress(plain, undefined)
    expect((await cooperate(codec.compressSteps(plain, undefined))).equals(packed)).toBe(true)
    expect(plain.equals((await read(name, packed)) as Buffer)).toBe(true)
  })

  test('refuses what expands beyond the bound without filling memory', async () => {
    const codec = await loadCodec(name)
    const bomb = codec.compress(Buffer.alloc(48 * max), 1)
    const before = process.memoryUsage()
    expect(await read(name, bomb)).toBeInstanceOf(CompressionProblem)
    const after = process.memoryUsage()
    expect(after.arrayBuffers + after.external - before.arrayBuffers - before.external).toBeLessThan(16 * max)
  })

  test('takes arbitrary and damaged bytes as values', async () => {
    const codec = await loadCodec(name)
    const base = codec.compress(text, undefined)
    const flips = fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), flips, async (noise, changed) => {
        await read(name, Buffer.from(noise))
        const damaged = Buffer.from(base)
        for (const [at, value] of changed) damaged[at] = value
        await read(name, damaged)
      }),
      { numRuns: 200 }
    )
  })
})

test('gzip reads several members as one, as GZIPInputStream does', async () => {
  const two = Buffer.concat([zlib.gzipSync(text), zlib.gzipSync('end')])
  expect(String(await read('gzip', two))).toBe(`${text}end`)
})

describe('snappy', () => {
  const header = Buffer.from('82534e41505059000000000100000001', 'hex')
  const block = (plain: Buffer): Buffer => {
    const packed = snappyBlock(plain)
    return Buffer.concat([uint32(packed.length).reverse(), packed])
  }

  test('reads one raw block', async () => {
    expect(text.equals((await read('snappy', snappyBlock(text))) as Buffer)).toBe(true)
  })

  test('reads a raw block that is worth the thread pool', async () => {
    const large = Buffer.alloc(900_000, 'ab')
    expect(large.equals((await read('snappy', snappyBlock(large))) as Buffer)).toBe(true)
  })

  test('reads streams that stand one after the other', async () => {
    const bytes = Buffer.concat([header, block(text), header, block(Buffer.from('end'))])
    expect(String(await read('snappy', bytes))).toBe(`${text}end`)
  })

  test('refuses a block that claims gigabytes', async () => {
    expect(await read('snappy', Buffer.from('ffffffff0f00', 'hex'))).toBeInstanceOf(CompressionProblem)
  })
})

describe('lz4', () => {
  const frame = (options: { size?: boolean; block?: boolean; content?: boolean }, damage = 0): Buffer => {
    const flags = 0x60 | (options.size ? 8 : 0) | (options.block ? 16 : 0) | (options.content ? 4 : 0)
    const size = Buffer.alloc(options.size ? 8 : 0)
    if (options.size) size.writeUInt32LE(text.length)
    const described = Buffer.concat([Buffer.from([flags, 0x40]), size])
    const packed = lz4Block(text).subarray(4)
    return Buffer.concat([
      Buffer.from('04224d18', 'hex'),
      described,
      Buffer.from([(xxhash32(described) >>> 8) & 0xff]),
      uint32(packed.length),
      packed,
      options.block ? uint32(xxhash32(packed) + damage) : Buffer.alloc(0),
      uint32(0),
      options.content ? uint32(xxhash32(text)) : Buffer.alloc(0)
    ])
  }

  test.each([
    {},
    { size: true },
    { block: true },
    { content: true },
    { size: true, block: true, content: true }
  ])('reads a frame with %j', async options => {
    expect(text.equals((await read('lz4', frame(options))) as Buffer)).toBe(true)
  })

  test('refuses a wrong block checksum', async () => {
    expect(await read('lz4', frame({ block: true }, 1))).toMatchObject({ reason: 'LZ4 block checksum' })
  })

  test('writes the historic header checksum for magic 0 and reads any there', async () => {
    const old = lz4OfMagic0.compress(text, undefined)
    expect(text.equals(lz4OfMagic0.decompress(old, max) as Buffer)).toBe(true)
    expect(await read('lz4', old)).toMatchObject({ reason: 'LZ4 frame header checksum' })
    const current = (await loadCodec('lz4')).compress(text, undefined)
    expect(text.equals(lz4OfMagic0.decompress(current, max) as Buffer)).toBe(true)
  })
})

describe('zstd', () => {
  const raw = (plain: string): Buffer => {
    const header = Buffer.alloc(3)
    header.writeUIntLE((plain.length << 3) | 1, 0, 3)
    return Buffer.concat([header, Buffer.from(plain)])
  }
  const magic = Buffer.from('28b52ffd', 'hex')
  const withSize = (plain: string): Buffer =>
    Buffer.concat([magic, Buffer.from([0x20, plain.length]), raw(plain)])
  const withoutSize = (plain: string): Buffer => Buffer.concat([magic, Buffer.from([0x00, 0x58]), raw(plain)])
  const skippable = Buffer.concat([Buffer.from('502a4d18', 'hex'), uint32(3), Buffer.from('abc')])

  test.each([
    ['with its content size', withSize('hello'), 'hello'],
    ['without it', withoutSize('hello'), 'hello'],
    ['after another', Buffer.concat([withSize('hello '), withoutSize('world')]), 'hello world'],
    ['after one to be skipped', Buffer.concat([skippable, withSize('hello')]), 'hello']
  ])('reads a frame %s', async (_, bytes, plain) => {
    expect(boundOf(bytes)).toBe(plain.length)
    expect(String(await read('zstd', bytes))).toBe(plain)
  })
})

// Goal: the append path refuses what Kafka refuses, with its error, and changes in place only what the broker decides.
// Method: batches built by hand, arbitrary ones and damaged ones.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BatchCursor, type CodecName, setBaseOffset } from '../../../src/protocol/records/batch.js'
import { type BatchOptions, buildBatch } from '../../../src/protocol/records/build-batch.js'
import { loadCodec } from '../../../src/protocol/records/compression/loading.js'
import { downConvert } from '../../../src/protocol/records/convert.js'
import { buildMessageSet } from '../../../src/protocol/records/message-set.js'
import { readBatch } from '../../../src/protocol/records/read-batch.js'
import {
  type AppendContext,
  type AppendRules,
  validateAppend
} from '../../../src/protocol/records/validate.js'

const rules: AppendRules = {
  maxMessageBytes: 1_048_588,
  compressionType: 'producer',
  compressionGzipLevel: -1,
  compressionLz4Level: 9,
  compressionZstdLevel: 3,
  messageTimestampType: 'CreateTime',
  messageTimestampBeforeMaxMs: 2 ** 63,
  messageTimestampAfterMaxMs: 2 ** 63,
  cleanupPolicy: ['delete']
}
const context: AppendContext = {
  firstOffset: 100,
  leaderEpoch: 3,
  nowMs: 1_700_000_000_000,
  origin: 'client',
  requestVersion: 9
}

async function finish<T>(steps: Generator<Promise<unknown> | undefined, T, unknown>): Promise<T> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    await step.value
  }
}

const record = (
  offset: number,
  key: string | null,
  value: string | null,
  timestamp = 1_699_999_999_000n
) => ({
  offset,
  timestamp,
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  headers: []
})
const three = [record(0, 'a', '1'), record(1, null, '2', 1_699_999_999_500n), record(2, 'c', null)]
const append = (bytes: Buffer, with_: Partial<AppendRules> = {}, at: Partial<AppendContext> = {}) =>
  finish(validateAppend(bytes, { ...rules, ...with_ }, { ...context, ...at }))

async function readAll(bytes: Buffer) {
  const cursor = new BatchCursor(bytes)
  const all = []
  while (cursor.next()) {
    expect(cursor.checksumHolds).toBe(true)
    all.push(...(await finish(readBatch(cursor))).records)
  }
  return all
}

const codecs: CodecName[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const built = async (codecName: CodecName, options: BatchOptions = {}) =>
  buildBatch(three, {
    codecName,
    codec: codecName === 'none' ? undefined : await loadCodec(codecName),
    ...options
  })

describe('an accepted batch', () => {
  test.each(codecs)('in %s keeps its records and gets offset and epoch', async codecName => {
    const verdict = await append(await built(codecName))
    if (verdict.kind !== 'valid') throw new Error(JSON.stringify(verdict))
    expect(verdict).toMatchObject({
      baseOffset: 100,
      lastOffset: 102,
      maxTimestamp: 1_699_999_999_500n,
      logAppendTimeMs: -1
    })
    const cursor = new BatchCursor(verdict.bytes)
    cursor.next()
    expect(cursor.partitionLeaderEpoch).toBe(3)
    expect((await readAll(verdict.bytes)).map(({ offset, value }) => [offset, value?.toString()])).toEqual([
      [100, '1'],
      [101, '2'],
      [102, undefined]
    ])
  })

  test('is the same memory when nothing has to be rebuilt', async () => {
    const bytes = await built('none')
    const verdict = await append(bytes)
    expect(verdict.kind === 'valid' && verdict.bytes.buffer === bytes.buffer).toBe(true)
  })

  test('carries the broker’s time with LogAppendTime, and its checksum holds', async () => {
    const verdict = await append(await built('none'), { messageTimestampType: 'LogAppendTime' })
    if (verdict.kind !== 'valid') throw new Error('refused')
    expect(verdict.logAppendTimeMs).toBe(context.nowMs)
    expect((await readAll(verdict.bytes)).every(({ timestamp }) => timestamp === 1_700_000_000_000n)).toBe(
      true
    )
  })

  test.each(codecs)('is rewritten to %s when the topic asks for it', async codecName => {
    const source = codecName === 'gzip' ? 'zstd' : 'gzip'
    const compressionType = codecName === 'none' ? 'uncompressed' : codecName
    const verdict = await append(await built(source), { compressionType })
    if (verdict.kind !== 'valid') throw new Error(JSON.stringify(verdict))
    const cursor = new BatchCursor(verdict.bytes)
    cursor.next()
    expect(cursor.codecId).toBe(codecs.indexOf(codecName))
    expect(await readAll(verdict.bytes)).toHaveLength(3)
  })

  test('has its largest timestamp corrected', async () => {
    const bytes = await built('none')
    bytes.writeBigInt64BE(5n, 35)
    const wrong = new BatchCursor(bytes)
    wrong.next()
    bytes.writeUInt32BE(wrong.checksum(), 17)
    const verdict = await append(bytes)
    expect(verdict).toMatchObject({ kind: 'valid', maxTimestamp: 1_699_999_999_500n })
    if (verdict.kind === 'valid') await readAll(verdict.bytes)
  })
})

describe('a refused batch', () => {
  const refusals: [string, () => Promise<Buffer>, Partial<AppendRules>, string][] = [
    [
      'larger than max.message.bytes is MESSAGE_TOO_LARGE',
      () => built('none'),
      { maxMessageBytes: 80 },
      'MESSAGE_TOO_LARGE'
    ],
    [
      'without a key on a compacted topic is INVALID_RECORD',
      () => built('none'),
      { cleanupPolicy: ['compact'] },
      'INVALID_RECORD'
    ],
    [
      'too old is INVALID_TIMESTAMP',
      () => built('none'),
      { messageTimestampBeforeMaxMs: 100 },
      'INVALID_TIMESTAMP'
    ],
    ['of control records is INVALID_RECORD', () => built('none', { isControl: true }), {}, 'INVALID_RECORD'],
    [
      'with a producer id and no sequence is INVALID_RECORD',
      () => built('none', { producerId: 4n }),
      {},
      'INVALID_RECORD'
    ],
    [
      'that claims LogAppendTime is INVALID_TIMESTAMP',
      () => built('none', { logAppendTime: 7n }),
      {},
      'INVALID_TIMESTAMP'
    ],
    [
      'with gaps in its offsets is INVALID_RECORD',
      () => built('none', { lastOffsetDelta: 7 }),
      {},
      'INVALID_RECORD'
    ],
    ['damaged by a bit is CORRUPT_MESSAGE', async () => flip(await built('none')), {}, 'CORRUPT_MESSAGE'],
    [
      'with a base offset is INVALID_RECORD',
      async () => withOffset(await built('none')),
      {},
      'INVALID_RECORD'
    ]
  ]
  const flip = (bytes: Buffer): Buffer => {
    bytes[70] = (bytes[70] ?? 0) ^ 4
    return bytes
  }
  const withOffset = (bytes: Buffer): Buffer => {
    setBaseOffset(bytes, 0, 9)
    return bytes
  }

  test.each(refusals)('%s', async (_, make, with_, error) => {
    expect(await append(await make(), with_)).toMatchObject({ kind: 'refused', error })
  })

  test('names each bad record', async () => {
    const verdict = await append(await built('none'), { cleanupPolicy: ['compact'] })
    expect(verdict).toMatchObject({ recordErrors: [{ batchIndex: 1 }] })
  })

  test('counts a record without key and with a bad time once, as one without key', async () => {
    const verdict = await append(await built('none'), {
      cleanupPolicy: ['compact'],
      messageTimestampBeforeMaxMs: 600
    })
    expect(verdict).toMatchObject({ error: 'INVALID_TIMESTAMP' })
    expect(verdict.kind === 'refused' && verdict.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([
      0, 1, 2
    ])
    const onlyKey = await append(buildBatch([record(0, null, '1', 1n)]), {
      cleanupPolicy: ['compact'],
      messageTimestampBeforeMaxMs: 600
    })
    expect(onlyKey).toMatchObject({ error: 'INVALID_RECORD', recordErrors: [{ batchIndex: 0 }] })
  })

  test('never comes as an exception, whatever the bytes', async () => {
    const base = await built('lz4')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        async (flips, repaired) => {
          const bytes = Buffer.from(base)
          for (const [at, value] of flips) bytes[at] = value
          const cursor = new BatchCursor(bytes)
          if (repaired && cursor.next() && cursor.magic === 2 && cursor.hasHeader)
            bytes.writeUInt32BE(cursor.checksum(), 17)
          expect(['valid', 'nothing', 'refused']).toContain((await append(bytes)).kind)
        }
      ),
      { numRuns: 1500 }
    )
  })
})

describe('old formats', () => {
  test.each([
    [0, 'none'],
    [1, 'none'],
    [0, 'gzip'],
    [1, 'lz4'],
    [0, 'lz4'],
    [1, 'snappy']
  ] as const)('of magic %d in %s become magic 2 and back', async (magic, codecName) => {
    const loaded = codecName === 'none' ? undefined : await loadCodec(codecName)
    const lz4OfMagic0 = (await import('../../../src/protocol/records/compression/lz4.js')).lz4OfMagic0
    const codec = codecName === 'lz4' && magic === 0 ? lz4OfMagic0 : loaded
    const verdict = await append(
      buildMessageSet(magic, three, { codecName, codec }),
      {},
      { requestVersion: 2 }
    )
    if (verdict.kind !== 'valid') throw new Error(JSON.stringify(verdict))
    const stored = await readAll(verdict.bytes)
    expect(stored.map(({ offset }) => offset)).toEqual([100, 101, 102])
    const down = await finish(downConvert([verdict.bytes], magic, 100))
    if (typeof down === 'string') throw new Error(down)
    const back = await readAll(down)
    expect(back.map(({ offset, key, value }) => [offset, key, value])).toEqual(
      three.map(({ key, value }, index) => [100 + index, key, value])
    )
    if (magic === 1)
      expect(back.map(({ timestamp }) => timestamp)).toEqual(three.map(({ timestamp }) => timestamp))
  })

  test('are refused by Produce v3 and newer', async () => {
    expect(await append(buildMessageSet(1, three))).toMatchObject({
      kind: 'refused',
      error: 'INVALID_RECORD'
    })
  })
})

test('any records survive building and reading in every codec', async () => {
  const bytes = fc.option(
    fc.uint8Array({ maxLength: 50 }).map(array => Buffer.from(array)),
    { nil: null }
  )
  const one = fc.record({ timestamp: fc.bigInt({ min: -1n, max: 2n ** 62n }), key: bytes, value: bytes })
  await fc.assert(
    fc.asyncProperty(
      fc.array(one, { minLength: 1, maxLength: 20 }),
      fc.constantFrom(...codecs),
      async (records, codecName) => {
        const codec = codecName === 'none' ? undefined : await loadCodec(codecName)
        const input = records.map((each, offset) => ({
          ...each,
          offset,
          headers: [{ key: Buffer.from('h'), value: each.key }]
        }))
        const read = await readAll(buildBatch(input, { codecName, codec }))
        expect(read.map(({ sequence, ...rest }) => rest)).toEqual(input)
      }
    ),
    { numRuns: 300 }
  )
})

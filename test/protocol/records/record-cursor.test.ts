// Goal: the short way through a record and the careful one agree, and neither throws. Method: a plain reader written for
// this test, records that are sound, damaged or arbitrary, and numbers of every length.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeRecords } from '../../../src/protocol/records/build-batch.js'
import { RecordCursor } from '../../../src/protocol/records/record-cursor.js'
import { atOnce } from '../../../src/protocol/records/steps.js'

const seen = (bytes: Buffer, count: number) => {
  const cursor = new RecordCursor().reset(bytes, 0, bytes.length, count)
  const records = []
  while (cursor.next()) {
    records.push({
      start: cursor.start,
      end: cursor.end,
      delta: cursor.timestampDeltaExact ?? BigInt(cursor.timestampDelta),
      offsetDelta: cursor.offsetDelta,
      key: cursor.keyLength < 0 ? null : bytes.subarray(cursor.keyAt, cursor.keyAt + cursor.keyLength),
      value:
        cursor.valueLength < 0 ? null : bytes.subarray(cursor.valueAt, cursor.valueAt + cursor.valueLength),
      headers: cursor.headers()
    })
  }
  return { records, problem: cursor.problem }
}

/** Varints padded to five bytes (ten for the time) mean the same and are never read by the short way. */
function padded(value: bigint, bytes: number): number[] {
  let rest = BigInt.asUintN(bytes === 10 ? 64 : 32, (value << 1n) ^ (value >> 63n))
  const out: number[] = []
  for (let i = 0; i < bytes; i++, rest >>= 7n) out.push(Number(rest & 0x7fn) | (i < bytes - 1 ? 0x80 : 0))
  return out
}

const field = fc.option(
  fc.uint8Array({ maxLength: 300 }).map(array => Buffer.from(array)),
  { nil: null }
)
const plain = fc.record({ timestamp: fc.bigInt({ min: -9000n, max: 9000n }), key: field, value: field })

describe('the record cursor', () => {
  test('reads the same from short and from padded numbers', () => {
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1, maxLength: 8 }), input => {
        const records = input.map((each, offset) => ({ ...each, offset, headers: [] }))
        const long = records.map(({ timestamp, offset, key, value }) => {
          const body = [
            0,
            ...padded(timestamp, 10),
            ...padded(BigInt(offset), 5),
            ...padded(BigInt(key?.length ?? -1), 5),
            ...(key ?? []),
            ...padded(BigInt(value?.length ?? -1), 5),
            ...(value ?? []),
            0
          ]
          return Buffer.from([...padded(BigInt(body.length), 5), ...body])
        })
        const strip = ({ records: list, problem }: ReturnType<typeof seen>) => ({
          problem,
          list: list.map(({ start, end, ...rest }) => rest)
        })
        const short = strip(seen(atOnce(encodeRecords(records, 0, 0n)), records.length))
        expect(short).toEqual(strip(seen(Buffer.concat(long), records.length)))
        expect(short.problem).toBeUndefined()
        expect(short.list.map(({ delta, key, value }) => ({ timestamp: delta, key, value }))).toEqual(input)
      }),
      { numRuns: 300 }
    )
  })

  test.each([
    0n,
    63n,
    -64n,
    64n,
    8191n,
    8192n,
    -8193n,
    2n ** 31n,
    -(2n ** 48n),
    2n ** 52n,
    2n ** 62n,
    2n ** 63n - 1n,
    -(2n ** 63n)
  ])('reads a time difference of %d exactly', timestamp => {
    const record = { timestamp, offset: 0, key: null, value: Buffer.from('v'), headers: [] }
    expect(seen(atOnce(encodeRecords([record], 0, 0n)), 1).records[0]?.delta).toBe(timestamp)
  })

  test('stays within the bytes and never throws, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: -2, max: 9 }), (array, count) => {
        const bytes = Buffer.from(array)
        const { records, problem } = seen(bytes, count)
        let at = 0
        for (const { start, end } of records) {
          expect(start).toBe(at)
          expect(end).toBeLessThanOrEqual(bytes.length)
          at = end
        }
        if (problem === undefined) expect(records.length).toBe(Math.max(count, 0))
        if (problem === undefined && count > 0) expect(at).toBe(bytes.length)
      }),
      { numRuns: 3000 }
    )
  })
})

// Goal: conversions and rebuilt batches never hold the event loop up. Method: large batches of small records go through
// the generators step by step; the CPU time of the longest stretch is what a neighbour would have waited (not the clock: other
// processes would count). It is the whole process's, with its collections of garbage, so that of some runs the shortest counts.
import { describe, expect, test } from 'vitest'
import { cooperate } from '../../../src/actors/runtime/cooperate.js'
import type { CodecName } from '../../../src/protocol/records/batch.js'
import { buildBatch } from '../../../src/protocol/records/build-batch.js'
import { loadCodec } from '../../../src/protocol/records/compression/loading.js'
import { downConvert } from '../../../src/protocol/records/convert.js'
import type { ReadSteps } from '../../../src/protocol/records/steps.js'
import { type AppendRules, validateAppend } from '../../../src/protocol/records/validate.js'

const rules: AppendRules = {
  maxMessageBytes: 2 ** 30,
  compressionType: 'producer',
  compressionGzipLevel: 1,
  compressionLz4Level: 9,
  compressionZstdLevel: 3,
  messageTimestampType: 'CreateTime',
  messageTimestampBeforeMaxMs: 2 ** 63,
  messageTimestampAfterMaxMs: 2 ** 63,
  cleanupPolicy: ['delete']
}
const context = {
  firstOffset: 0,
  leaderEpoch: 0,
  nowMs: 1_700_000_000_000,
  origin: 'client',
  requestVersion: 9
} as const
const codecs: CodecName[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

const value = Buffer.alloc(80)
for (let i = 0; i < value.length; i++) value[i] = (i * i * 31) & 0x3f
const records = Array.from({ length: 120_000 }, (_, offset) => ({
  offset,
  timestamp: 1_700_000_000_000n + BigInt(offset >> 7),
  key: Buffer.from(`key ${offset}`),
  value,
  headers: []
}))
const batchIn = async (codecName: CodecName) =>
  buildBatch(records, {
    codecName,
    codec: codecName === 'none' ? undefined : await loadCodec(codecName),
    compressionLevel: 1
  })

interface Run<T> {
  readonly result: T
  readonly slices: number[]
}

const runsMost = 4

/** The first run whose stretches are all short, or the last of some. */
async function sliced<T>(steps: () => ReadSteps<T> | Promise<ReadSteps<T>>): Promise<Run<T>> {
  for (let runs = 1; ; runs++) {
    const run = await slicedOnce(await steps())
    if (isShort(run.slices) || runs === runsMost) return run
  }
}

/** Notes how long every stretch lasts for which `cooperate` keeps the thread. */
async function slicedOnce<T>(steps: ReadSteps<T>): Promise<Run<T>> {
  const slices: number[] = []
  let begun: NodeJS.CpuUsage | undefined
  const usedMs = (since: NodeJS.CpuUsage): number => {
    const { user, system } = process.cpuUsage(since)
    return (user + system) / 1000
  }
  const close = (): void => {
    if (begun !== undefined) slices.push(usedMs(begun))
    begun = undefined
  }
  function* watched(): ReadSteps<T> {
    for (;;) {
      begun ??= process.cpuUsage()
      const step = steps.next()
      if (step.done === true) {
        close()
        return step.value
      }
      if (step.value !== undefined || usedMs(begun) >= 5) close()
      yield step.value
    }
  }
  const result = await cooperate(watched())
  return { result, slices }
}

/** Collections of garbage fall into some stretches; in one piece the work of this test takes 130 ms and more. */
function isShort(slices: readonly number[]): boolean {
  return slices.filter(ms => ms > 20).length <= 3 && Math.max(0, ...slices) < 100
}

function expectShort(slices: readonly number[]): void {
  expect(isShort(slices), `ms of CPU: ${slices.map(ms => ms.toFixed(1)).join(' ')}`).toBe(true)
}

describe('no slice lasts much longer than a turn may', () => {
  test.each(['none', 'gzip', 'snappy', 'lz4'] as const)(
    'when a batch in %s becomes magic 1',
    async codecName => {
      const { result, slices } = await sliced(async () => downConvert([await batchIn(codecName)], 1, 0))
      expect(Buffer.isBuffer(result)).toBe(true)
      expect(slices.length).toBeGreaterThan(5)
      expectShort(slices)
    }
  )

  test.each(codecs)('when 13 MB are recompressed to %s', async codecName => {
    const compressionType = codecName === 'none' ? 'uncompressed' : codecName
    const source = await batchIn(codecName === 'snappy' ? 'lz4' : 'snappy')
    const { result, slices } = await sliced(() =>
      validateAppend(Buffer.from(source), { ...rules, compressionType }, context)
    )
    expect(result.kind).toBe('valid')
    expect(slices.length).toBeGreaterThan(3)
    expectShort(slices)
  })

  test('when a message set of magic 1 becomes a batch', async () => {
    const old = await cooperate(downConvert([await batchIn('lz4')], 1, 0))
    if (typeof old === 'string') throw new Error(old)
    const { result, slices } = await sliced(() =>
      validateAppend(Buffer.from(old), rules, { ...context, requestVersion: 2 })
    )
    expect(result).toMatchObject({ kind: 'valid', lastOffset: records.length - 1 })
    expectShort(slices)
  })

  test.each(['gzip', 'zstd'] as const)('when few bytes of %s expand a thousandfold', async codecName => {
    const codec = await loadCodec(codecName)
    const small = codec.compress(Buffer.alloc(40 * 2 ** 20), 1)
    expect(small.length).toBeLessThan(256 * 1024)
    const { result, slices } = await sliced(() => codec.decompressSteps(small, 2 ** 30))
    expect(Buffer.isBuffer(result) && result.length).toBe(40 * 2 ** 20)
    expectShort(slices)
  })
})

// Goal: records far from the log's end are read at once as far as the page cache has them, and the rest in the background,
// with the same bytes in any case. Method: a log of 40 MB over files of which the test says how much is cached.
import { randomBytes } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildBatch } from '../../src/protocol/records/build-batch.js'
import type { Uuid } from '../../src/protocol/schema.js'
import { cachedRead } from '../../src/storage/cached-read.js'
import { type Files, systemFiles } from '../../src/storage/files.js'
import { defaultLogConfig } from '../../src/storage/log-config.js'
import { closeDirectory, openDirectory } from './support/fixture.js'

const topicId = 'AAAAAAAAAAAAAAAAAAAAAg' as Uuid
const config = { ...defaultLogConfig, segmentBytes: 10_000_000, maxMessageBytes: 2_000_000 }
let directory = ''

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'odradek-cached-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** `cached`: how many bytes of a read of so many need no disk. */
function filesWith(cached: (bytes: number) => number, background: number[]): Files {
  return {
    ...systemFiles,
    open(target, mode) {
      const file = systemFiles.open(target, mode)
      return {
        read: (into, at) => file.read(into, at),
        readCached: (into, at) => file.read(into.subarray(0, cached(into.length)), at),
        readAsync(into, at) {
          background.push(into.length)
          return file.readAsync(into, at)
        },
        write: (bytes, at) => file.write(bytes, at),
        size: () => file.size(),
        truncate: size => file.truncate(size),
        sync: () => file.sync(),
        syncAsync: () => file.syncAsync(),
        close: () => file.close()
      }
    }
  }
}

const read = { from: 3, maxBytes: 1_500_000, upTo: 'logEnd', minOneBatch: true } as const

test.each([
  ['all', (bytes: number) => bytes, []],
  ['nothing', () => 0, [16 * 1024, 1_500_000]],
  ['the beginning', (bytes: number) => Math.min(bytes, 500_000), [1_000_000]],
  ['a part of what a search needs', (bytes: number) => Math.min(bytes, 5000), [16 * 1024, 1_495_000]]
] as const)('with %s in memory the records are the same', async (_, cached, expected) => {
  const background: number[] = []
  const opened = await openDirectory(directory, config, filesWith(cached, background))
  const log = opened.shard.create({ topic: 't', topicId, partition: 0, logDir: opened.directory, config })
  const values = Array.from({ length: 40 }, () => randomBytes(1_000_000))
  for (const value of values) {
    const batch = buildBatch([{ offset: 0, timestamp: 1n, key: null, value, headers: [] }])
    await log.appendAsLeader(batch, { nowMs: 1, origin: 'client', requestVersion: 9 })
  }
  const result = log.read(read)
  expect(result instanceof Promise).toBe(expected.length > 0)
  const { records } = (await result) as Extract<Awaited<typeof result>, { kind: 'records' }>
  const bytes = Buffer.concat(records)
  expect(bytes.length).toBe(1_500_000)
  expect(bytes.includes(values[3] ?? '')).toBe(true)
  expect(bytes.includes(values[4]?.subarray(0, 400_000) ?? '')).toBe(true)
  expect(background).toEqual(expected)
  await closeDirectory(opened)
})

test('what the system gives without waiting is what the file has', () => {
  const file = path.join(directory, 'some')
  const content = randomBytes(200_000)
  writeFileSync(file, content)
  const fd = openSync(file, 'r')
  const into = Buffer.alloc(100_000)
  const got = cachedRead(fd, into.subarray(10), 50_000)
  // Elsewhere than on Linux it may be nothing.
  expect(into.subarray(10, 10 + got).equals(content.subarray(50_000, 50_000 + got))).toBe(true)
  if (process.platform === 'linux') expect(got).toBe(99_990)
  expect(cachedRead(fd, into, 500_000)).toBe(0)
  expect(cachedRead(fd, into.subarray(0, 0), 0)).toBe(0)
  closeSync(fd)
  expect(cachedRead(-1, into, 0)).toBe(0)
})

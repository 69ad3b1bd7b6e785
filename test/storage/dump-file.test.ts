// Goal: the dump shows each batch and record and says where a file is damaged. Method: one log written by the builder,
// dumped whole, with a flipped bit, and cut.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { buildBatch } from '../../src/protocol/records/build-batch.js'
import { type DumpItem, dumpFile, dumpLine } from '../../src/storage/dump-file.js'
import { systemFiles } from '../../src/storage/files.js'

const directory = mkdtempSync(path.join(tmpdir(), 'odradek-dump-'))
afterAll(() => rmSync(directory, { recursive: true }))
const file = path.join(directory, '00000000000000000000.log')
const record = {
  offset: 0,
  timestamp: 1_700_000_000_000n,
  key: Buffer.from('k'),
  value: Buffer.from('v'),
  headers: []
}
const whole = buildBatch([record])

async function dump(bytes: Buffer): Promise<DumpItem[]> {
  writeFileSync(file, bytes)
  const items: DumpItem[] = []
  for await (const item of dumpFile(systemFiles, file, { deep: true, printData: true })) items.push(item)
  return items
}

it('prints a batch and its records as kafka-dump-log does', async () => {
  const items = await dump(whole)
  expect(items.map(item => item.kind)).toEqual(['file', 'batch', 'record'])
  expect(items.map(dumpLine).join('\n')).toContain(
    'position: 0 CreateTime: 1700000000000 size: 70 magic: 2 compresscodec: none crc:'
  )
  expect(items.map(dumpLine).at(-1)).toBe(
    '| offset: 0 CreateTime: 1700000000000 keySize: 1 valueSize: 1 sequence: -1 headerKeys: [] key: k payload: v'
  )
})

it('reports a flipped bit and a cut batch as damage', async () => {
  const flipped = Buffer.from(whole)
  flipped.writeUInt8((flipped[69] ?? 0) ^ 1, 69)
  expect((await dump(flipped)).map(item => item.kind)).toEqual(['file', 'batch', 'damage'])
  const cut = Buffer.concat([whole, whole.subarray(0, 30)])
  expect((await dump(cut)).map(item => item.kind)).toEqual(['file', 'batch', 'record', 'damage'])
})

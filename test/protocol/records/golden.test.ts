// Goal: record sets read and written as Kafka's library does. Method: a part of the vectors that library made.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseExact } from '../../../src/protocol/golden-vectors.js'
import { checkRecordBatchVector, type RecordVector } from '../../../src/protocol/records/golden-vectors.js'

const vectors = readFileSync(new URL('../../golden/record-batches.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(line => line !== '')
  .map(line => parseExact(line) as unknown as RecordVector)

describe('golden record sets', () => {
  test.each(
    vectors.map(vector => [`magic ${vector.magic}, ${vector.codec}, ${vector.case}`, vector] as const)
  )('%s reads as Kafka reads it', async (_, vector) => {
    expect(await checkRecordBatchVector(vector)).toBeUndefined()
  })
})

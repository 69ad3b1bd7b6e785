// Goal: control records say what Kafka's say and unknown ones are no error. Method: keys written and read back.
import { expect, test } from 'vitest'
import { BatchCursor } from '../../../src/protocol/records/batch.js'
import {
  controlKey,
  controlTypeOf,
  controlTypes,
  endTxnBatch,
  endTxnValue,
  readEndTxnMarker
} from '../../../src/protocol/records/control-record.js'

test.each(controlTypes)('the key of %s says so', type => {
  expect(controlTypeOf(controlKey(type))).toBe(type)
})

test('types of the future are unknown, and keys that are none are nothing', () => {
  expect(controlTypeOf(Buffer.from('00000063', 'hex'))).toBe('UNKNOWN')
  expect(controlTypeOf(Buffer.from('ffff0000', 'hex'))).toBeUndefined()
  expect(controlTypeOf(Buffer.alloc(3))).toBeUndefined()
  expect(controlTypeOf(null)).toBeUndefined()
})

test('a marker gives its coordinator epoch back, a short value none', () => {
  expect(readEndTxnMarker(controlKey('ABORT'), endTxnValue(9))).toEqual({
    type: 'ABORT',
    coordinatorEpoch: 9
  })
  expect(readEndTxnMarker(controlKey('ABORT'), Buffer.alloc(5))).toBeUndefined()
  expect(readEndTxnMarker(controlKey('KRAFT_VERSION'), endTxnValue(9))).toBeUndefined()
})

test('the batch that ends a transaction is a transactional control batch', () => {
  const cursor = new BatchCursor(endTxnBatch({ type: 'COMMIT', coordinatorEpoch: 1 }, 8n, 2, 5n))
  expect(cursor.next()).toBe(true)
  expect(cursor).toMatchObject({ isControl: true, isTransactional: true, producerId: 8n, producerEpoch: 2 })
  expect(cursor.checksumHolds).toBe(true)
})

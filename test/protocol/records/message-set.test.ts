// Goal: inner messages get the offsets that Kafka gives them. Method: wrappers around hand-made sets.
import { describe, expect, test } from 'vitest'
import {
  buildMessage,
  type LegacyMessage,
  readInner,
  readMessage,
  resolveInner
} from '../../../src/protocol/records/message-set.js'
import { RecordsProblem } from '../../../src/protocol/records/plain-record.js'
import { atOnce } from '../../../src/protocol/records/steps.js'

const message = (magic: 0 | 1, offset: number, timestamp = 5n, attributes = 0): Buffer =>
  buildMessage(magic, { offset, timestamp, key: null, value: Buffer.from('v') }, attributes)
const readOf = (bytes: Buffer): LegacyMessage => {
  const read = readMessage(bytes, 0, bytes.length)
  if (read instanceof RecordsProblem) throw new Error(read.reason)
  return read
}
const inside = (wrapper: Buffer, inner: Buffer[]) => {
  const outer = readOf(wrapper)
  const messages = atOnce(readInner(Buffer.concat(inner), outer, true))
  return messages instanceof RecordsProblem ? messages : atOnce(resolveInner(messages, outer))
}

describe('a wrapper', () => {
  test('of magic 1 gives its last inner message its own offset', () => {
    expect(inside(message(1, 41), [message(1, 0), message(1, 2)])).toMatchObject([
      { offset: 39 },
      { offset: 41 }
    ])
  })

  test('of magic 1 whose offset was never set counts from 0', () => {
    expect(inside(message(1, 0), [message(1, 0), message(1, 1)])).toMatchObject([
      { offset: 0 },
      { offset: 1 }
    ])
  })

  test('of magic 0 leaves the inner offsets alone', () => {
    expect(inside(message(0, 99), [message(0, 7), message(0, 9)])).toMatchObject([
      { offset: 7 },
      { offset: 9 }
    ])
  })

  test('with an offset below its inner ones is invalid', () => {
    expect(inside(message(1, 1), [message(1, 0), message(1, 5)])).toMatchObject({ kind: 'invalid' })
  })

  test('with LogAppendTime gives its time to all', () => {
    expect(inside(message(1, 1, 77n, 8), [message(1, 0), message(1, 1)])).toMatchObject([
      { timestamp: 77n },
      { timestamp: 77n }
    ])
  })

  test.each([
    ['nothing', []],
    ['a compressed message', [message(1, 0, 5n, 1)]],
    ['a piece of a message', [message(1, 0).subarray(0, 11)]]
  ])('around %s is invalid', (_, inner) => {
    expect(inside(message(1, 0), inner)).toMatchObject({ kind: 'invalid' })
  })
})

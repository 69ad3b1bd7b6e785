// Goal: decoding is total and costs no more than the frame. Method: arbitrary bytes and damaged golden vectors.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codecOf } from '../../src/protocol/codec.js'
import { type MessageVector, parseExact } from '../../src/protocol/golden-vectors.js'
import { encodeResponse, readRequestHeader } from '../../src/protocol/header.js'
import { allMessages, messageByName } from '../../src/protocol/messages/index.js'
import { ProtocolError } from '../../src/protocol/protocol-error.js'
import { type MessageSchema, versionBounds } from '../../src/protocol/schema.js'

const vectors = readFileSync(new URL('../golden/messages.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(line => line !== '')
  .map(line => parseExact(line) as unknown as MessageVector)

function decodes(schema: MessageSchema, version: number, bytes: Buffer): boolean {
  const result = codecOf(schema, version).decode(bytes)
  return result instanceof ProtocolError ? result.reason !== '' : result.end <= bytes.length
}

const schemaAndVersion = fc.constantFrom(...allMessages).chain(schema => {
  const [min, max] = versionBounds(schema.versions)
  return fc.tuple(fc.constant(schema), fc.integer({ min, max }))
})

describe('the decoder', () => {
  test('gives a value or a ProtocolError for arbitrary bytes', () => {
    fc.assert(
      fc.property(schemaAndVersion, fc.uint8Array({ maxLength: 200 }), ([schema, version], bytes) =>
        decodes(schema, version, Buffer.from(bytes))
      ),
      { numRuns: 5000 }
    )
  })

  test('gives a value or a ProtocolError for damaged messages', () => {
    const damaged = fc.tuple(
      fc.constantFrom(...vectors),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
      fc.nat()
    )
    fc.assert(
      fc.property(damaged, ([vector, flips, cut]) => {
        const bytes = Buffer.from(vector.hex, 'hex')
        for (const [at, value] of flips) if (bytes.length > 0) bytes[at % bytes.length] = value
        const schema = messageByName(vector.name)
        const end = cut % 3 === 0 && bytes.length > 0 ? cut % bytes.length : bytes.length
        return schema !== undefined && decodes(schema, vector.version, bytes.subarray(0, end))
      }),
      { numRuns: 5000 }
    )
  })

  test('does not believe a count that the frame cannot hold', () => {
    const metadata = messageByName('MetadataRequest')
    if (metadata === undefined) throw new Error('no MetadataRequest')
    const before = process.memoryUsage().heapUsed
    for (let i = 0; i < 1000; i++) {
      const result = codecOf(metadata, 1).decode(Buffer.from('7fffffff0001410000', 'hex'))
      expect(result).toBeInstanceOf(ProtocolError)
    }
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000)
  })
})

describe('the request header', () => {
  test('gives a header or a ProtocolError for arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
        const header = readRequestHeader(Buffer.from(bytes))
        return header instanceof ProtocolError || header.bodyOffset <= bytes.length
      }),
      { numRuns: 5000 }
    )
  })

  test('of an ApiVersions version from the future is understood', () => {
    const header = readRequestHeader(Buffer.from('00120063000000070001610000', 'hex'))
    expect(header).toEqual({ apiKey: 18, apiVersion: 99, correlationId: 7, clientId: 'a', bodyOffset: 12 })
  })

  test('of ControlledShutdown v0 ends behind the correlation id', () => {
    const header = readRequestHeader(Buffer.from('0007000000000007', 'hex'))
    expect(header).toEqual({ apiKey: 7, apiVersion: 0, correlationId: 7, clientId: null, bodyOffset: 8 })
  })

  test('of a response has tagged fields in flexible versions, except in ApiVersions', () => {
    const sizeOf = (key: number, version: number): number =>
      Buffer.concat(encodeResponse(key, version, 1, [])).length
    expect([sizeOf(0, 8), sizeOf(0, 9), sizeOf(18, 4)]).toEqual([8, 9, 8])
  })
})

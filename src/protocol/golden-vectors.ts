// Checks one golden vector (byte-exact encodings made by Kafka's own library) against our codec, in both directions.
import { codecOf } from './codec.js'
import { messageByName } from './messages/index.js'
import { ProtocolError } from './protocol-error.js'
import type { Fields, FieldType, InputOf, MessageSchema, UnknownTaggedField } from './schema.js'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export interface MessageVector {
  readonly name: string
  readonly version: number
  readonly json: Json
  readonly hex: string
  readonly unknownTaggedFields?: readonly { path: string; tag: number; hex: string }[]
}

const bigMark = '@int:'

/** JSON whose integers of 16 digits and more stay exact (they become marked strings). */
export function parseExact(text: string): Json {
  const exact = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, token =>
    /^-?\d{16,}$/.test(token) ? `"${bigMark}${token}"` : token
  )
  return JSON.parse(exact) as Json
}

type Struct = Record<string, unknown>

function fromJson(type: FieldType, json: Json): unknown {
  if (json === null) return null
  if (type.kind === 'array') return (json as readonly Json[]).map(element => fromJson(type.element, element))
  if (type.kind === 'struct') return structFromJson(type.fields, json)
  switch (type.name) {
    case 'int64':
      return BigInt(String(json).replace(bigMark, ''))
    case 'bytes':
    case 'records':
      return Buffer.from(String(json), 'base64')
    default:
      return json
  }
}

function structFromJson(fields: Fields, json: Json): Struct {
  const struct: Struct = {}
  for (const [name, value] of Object.entries(json as { readonly [key: string]: Json })) {
    const field = fields[name]
    if (field === undefined) throw new Error(`the schema has no field ${name}`)
    struct[name] = fromJson(field.type, value)
  }
  return struct
}

/** Puts unknown tagged fields where their path says: `` or `someArray[0].inner`. */
function addUnknown(root: Struct, path: string, unknown: UnknownTaggedField): void {
  let at: unknown = root
  for (const [, name, index] of path.matchAll(/([A-Za-z]\w*)(?:\[(\d+)\])?/g)) {
    at = (at as Struct)[name ?? '']
    if (index !== undefined) at = (at as unknown[])[Number(index)]
  }
  const struct = at as Struct
  struct.unknownTaggedFields = [...((struct.unknownTaggedFields as UnknownTaggedField[]) ?? []), unknown]
}

/** Where `actual` differs from `expected`; fields that `expected` does not name are not compared. */
function difference(expected: unknown, actual: unknown, path: string): string | undefined {
  if (Buffer.isBuffer(expected)) {
    return Buffer.isBuffer(actual) && actual.equals(expected) ? undefined : `${path}: other bytes`
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length)
      return `${path}: another number of elements`
    for (let i = 0; i < expected.length; i++) {
      const found = difference(expected[i], actual[i], `${path}[${i}]`)
      if (found !== undefined) return found
    }
    return undefined
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) return `${path}: ${String(actual)} for a struct`
    for (const [name, value] of Object.entries(expected)) {
      const found = difference(value, (actual as Struct)[name], `${path}.${name}`)
      if (found !== undefined) return found
    }
    return undefined
  }
  return Object.is(expected, actual) ? undefined : `${path}: ${String(actual)} for ${String(expected)}`
}

/** `undefined` when the vector holds in both directions, else what does not. */
export function checkMessageVector(vector: MessageVector): string | undefined {
  const schema = messageByName(vector.name)
  if (schema === undefined) return `no schema ${vector.name}`
  try {
    return checkWith(schema, vector)
  } catch (error) {
    return String(error)
  }
}

function checkWith(schema: MessageSchema, vector: MessageVector): string | undefined {
  const expected = structFromJson(schema.fields, vector.json)
  for (const { path, tag, hex } of vector.unknownTaggedFields ?? []) {
    addUnknown(expected, path, { tag, data: Buffer.from(hex, 'hex') })
  }
  const codec = codecOf(schema, vector.version)
  const encoded = Buffer.concat(codec.encode(expected as InputOf<MessageSchema>)).toString('hex')
  if (encoded !== vector.hex) return `encodes to ${encoded} instead of ${vector.hex}`
  const decoded = codec.decode(Buffer.from(vector.hex, 'hex'))
  if (decoded instanceof ProtocolError) return `does not decode: ${decoded.reason}`
  if (decoded.end * 2 !== vector.hex.length)
    return `decoding leaves ${vector.hex.length / 2 - decoded.end} bytes`
  const again = Buffer.concat(codec.encode(decoded.value as InputOf<MessageSchema>)).toString('hex')
  if (again !== vector.hex) return `encodes to ${again} after decoding instead of ${vector.hex}`
  return difference(expected, decoded.value, vector.name)
}

// Between the records of __consumer_offsets and their bytes. Key and value each begin with the version of their schema; the
// key's says which kind it is. Versions written are those of Kafka 3.9, so that its tools and brokers read them.
import { codecOf } from '../../protocol/codec.js'
import { ProtocolError } from '../../protocol/protocol-error.js'
import { type InputOf, type MessageSchema, versionBounds } from '../../protocol/schema.js'
import { type GroupRecord, type GroupRecordKind, recordKinds } from './group-record.js'

export interface EncodedRecord {
  readonly key: Buffer
  /** null: a tombstone. */
  readonly value: Buffer | null
}

export function encodeRecord(record: GroupRecord): EncodedRecord {
  const { key, value, keyVersion }: KindSchemas = recordKinds[record.kind]
  return {
    key: versioned(key, keyVersion, record.key),
    value: record.value === null ? null : versioned(value, valueVersionOf(record), record.value)
  }
}

interface KindSchemas {
  readonly keyVersion: number
  readonly key: MessageSchema
  readonly value: MessageSchema
}

function versioned(schema: MessageSchema, version: number, fields: InputOf<MessageSchema>): Buffer {
  const chunks = codecOf(schema, version).encode(fields)
  const front = Buffer.allocUnsafe(2)
  front.writeInt16BE(version)
  return Buffer.concat([front, ...chunks])
}

/** An explicit expiry exists in version 1 only, a leader epoch from 3 on. */
function valueVersionOf(record: GroupRecord): number {
  if (record.kind === 'offsetCommit') return (record.value?.expireTimestamp ?? -1n) >= 0n ? 1 : 3
  return record.kind === 'groupMetadata' ? 3 : 0
}

const kindOfKey: readonly GroupRecordKind[] = [
  'offsetCommit',
  'offsetCommit',
  'groupMetadata',
  'consumerGroupMetadata',
  'consumerGroupPartitionMetadata',
  'consumerGroupMemberMetadata',
  'consumerGroupTargetAssignmentMetadata',
  'consumerGroupTargetAssignmentMember',
  'consumerGroupCurrentMemberAssignment'
]

/** A record of a kind or version that is not known here: of a newer broker. */
export interface UnknownRecord {
  readonly kind: 'unknown'
  readonly reason: string
}

/** Byte fields of the result are views of the arguments. */
export function decodeRecord(key: Buffer, value: Buffer | null): GroupRecord | UnknownRecord {
  if (key.length < 2) return unknown('a key without a version')
  const keyVersion = key.readInt16BE(0)
  const kind = kindOfKey[keyVersion]
  if (kind === undefined) return unknown(`a key of version ${keyVersion}`)
  const schemas: KindSchemas = recordKinds[kind]
  const decodedKey = codecOf(schemas.key, keyVersion).decode(key, 2)
  if (decodedKey instanceof ProtocolError) return unknown(decodedKey.reason)
  if (value === null) return recordOf(kind, decodedKey.value, null)
  if (value.length < 2) return unknown('a value without a version')
  const valueVersion = value.readInt16BE(0)
  const [oldest, newest] = versionBounds(schemas.value.versions)
  if (valueVersion < oldest || valueVersion > newest) {
    return unknown(`${schemas.value.name} of version ${valueVersion}`)
  }
  const decodedValue = codecOf(schemas.value, valueVersion).decode(value, 2)
  if (decodedValue instanceof ProtocolError) return unknown(decodedValue.reason)
  return recordOf(kind, decodedKey.value, decodedValue.value)
}

const unknown = (reason: string): UnknownRecord => ({ kind: 'unknown', reason })

/** The schemas of the kind have made key and value what they are; the union cannot follow that. */
function recordOf(kind: GroupRecordKind, key: object, value: object | null): GroupRecord {
  return { kind, key, value } as GroupRecord
}

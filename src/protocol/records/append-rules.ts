// What an append may be refused for, and what the broker writes into an accepted batch (storage facts 4.1 to 4.3).
import type { ErrorName } from '../error-codes.js'
import type { CodecName } from './batch.js'

/** The part of a topic's configuration that decides about an append; LogConfig fits. */
export interface AppendRules {
  readonly maxMessageBytes: number
  readonly compressionType: 'producer' | 'uncompressed' | Exclude<CodecName, 'none'>
  readonly compressionGzipLevel: number
  readonly compressionLz4Level: number
  readonly compressionZstdLevel: number
  readonly messageTimestampType: 'CreateTime' | 'LogAppendTime'
  /** ms; 2^63 = no limit. */
  readonly messageTimestampBeforeMaxMs: number
  readonly messageTimestampAfterMaxMs: number
  readonly cleanupPolicy: readonly ('delete' | 'compact')[]
}

export interface AppendContext {
  /** The offset of the first record: the log's end. */
  readonly firstOffset: number
  readonly leaderEpoch: number
  readonly nowMs: number
  readonly origin: 'client' | 'coordinator'
  /** Version of the Produce request. */
  readonly requestVersion: number
}

export interface RecordError {
  readonly batchIndex: number
  readonly message: string
}

export type Validation =
  | {
      readonly kind: 'valid'
      /** One batch of magic 2, ready to be written: the bytes that came, changed in place, or new ones. */
      readonly bytes: Buffer
      readonly baseOffset: number
      readonly lastOffset: number
      readonly maxTimestamp: bigint
      /** -1 with CreateTime. */
      readonly logAppendTimeMs: number
    }
  | { readonly kind: 'nothing' }
  | Refused

export interface Refused {
  readonly kind: 'refused'
  readonly error: ErrorName
  readonly message: string
  readonly recordErrors: readonly RecordError[]
}

export const refuse = (
  error: ErrorName,
  message: string,
  recordErrors: readonly RecordError[] = []
): Refused => ({
  kind: 'refused',
  error,
  message,
  recordErrors
})

export function targetCodec(rules: AppendRules, source: CodecName): CodecName {
  if (rules.compressionType === 'producer') return source
  return rules.compressionType === 'uncompressed' ? 'none' : rules.compressionType
}

export function levelOf(rules: AppendRules, codec: CodecName): number | undefined {
  switch (codec) {
    case 'gzip':
      return rules.compressionGzipLevel
    case 'lz4':
      return rules.compressionLz4Level
    case 'zstd':
      return rules.compressionZstdLevel
    default:
      return undefined
  }
}

const unlimited = 2 ** 63
const largest = 2n ** 63n - 1n
const safe = 2 ** 51

/** NaN beyond 2^51 in size, so that sums of two are exact or NaN. */
export const asSafeNumber = (value: bigint): number => {
  const number = Number(value)
  return number > -safe && number < safe ? number : Number.NaN
}

const asInt64 = (ms: number): bigint => (ms < unlimited ? BigInt(ms) : largest)
const clamped = (value: bigint): bigint =>
  value > largest ? largest : value < -largest - 1n ? -largest - 1n : value

/** Checks timestamps record by record; free of cost for topics without limits. */
export class TimestampLimits {
  readonly limited: boolean
  readonly #earliest: bigint
  readonly #latest: bigint
  readonly #earliestNumber: number
  readonly #latestNumber: number

  constructor(rules: AppendRules, nowMs: number) {
    const { messageTimestampBeforeMaxMs: before, messageTimestampAfterMaxMs: after } = rules
    this.limited = rules.messageTimestampType === 'CreateTime' && (before < unlimited || after < unlimited)
    if (!this.limited) {
      this.#earliest = -largest
      this.#latest = largest
    } else {
      this.#earliest = clamped(BigInt(nowMs) - asInt64(before))
      this.#latest = clamped(BigInt(nowMs) + asInt64(after))
    }
    this.#earliestNumber = Number(this.#earliest)
    this.#latestNumber = Number(this.#latest)
  }

  /** True when the time is surely within the limits; false when problem() has to be asked. */
  allows(timestamp: number): boolean {
    return timestamp > this.#earliestNumber && timestamp < this.#latestNumber
  }

  problem(timestamp: bigint): string | undefined {
    if (timestamp === -1n || (timestamp >= this.#earliest && timestamp <= this.#latest)) return undefined
    return `Timestamp ${timestamp} of message is out of range. The timestamp should be within [${this.#earliest}, ${this.#latest}]`
  }
}

export const noKey = 'Compacted topic cannot accept message without key.'
export const claimsAppendTime =
  'Invalid timestamp type in message. Producer should not set timestamp type to LogAppendTime.'

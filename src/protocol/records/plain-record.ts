// A record as an object: for conversion, tests and tools, not for the append path.

export interface PlainHeader {
  readonly key: Buffer
  readonly value: Buffer | null
}

export interface PlainRecord {
  readonly offset: number
  /** ms since the epoch; -1 = none. */
  readonly timestamp: bigint
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly PlainHeader[]
  /** -1 = none. */
  readonly sequence: number
}

/** Bytes that claim to be records and are not. */
export class RecordsProblem {
  constructor(
    readonly kind: 'corrupt' | 'invalid' | 'compression' | 'unsupportedCompression',
    readonly reason: string
  ) {}
}

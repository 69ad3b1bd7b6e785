// The records of a magic-2 batch, one after the other, without an object a record: the fields are those of the current one
// and positions point into the (decompressed) bytes. Total on arbitrary bytes.

const maxVarintBytes = 5
const maxVarlongBytes = 10
/** More than four fields of two bytes and the attributes take: within that distance no read leaves the batch. */
const fastBytes = 16

/** A varint of one or two bytes before its zigzag is undone; -1 for longer and for padded ones. */
function short(buffer: Buffer, at: number): number {
  const first = buffer[at] ?? 0
  if (first < 0x80) return first
  const second = buffer[at + 1] ?? 0
  return second < 0x80 && second > 0 ? (first & 0x7f) | (second << 7) : -1
}

const widthOf = (raw: number): number => (raw < 0x80 ? 1 : 2)
const unzigzag = (raw: number): number => (raw >>> 1) ^ -(raw & 1)

export class RecordCursor {
  buffer: Buffer = Buffer.alloc(0)
  /** Index of the current record, from 0. */
  index = -1
  /** Where the current record begins (its length) and ends. */
  start = 0
  end = 0
  offsetDelta = 0
  /** Exact up to 2^53 in size; beyond that `timestampDeltaExact` has it. */
  timestampDelta = 0
  timestampDeltaExact: bigint | undefined
  keyAt = 0
  /** -1 = null. */
  keyLength = -1
  valueAt = 0
  valueLength = -1
  headersAt = 0
  headerCount = 0
  problem: string | undefined
  #at = 0
  #end = 0
  #count = 0

  /** `count` records in `buffer` from `start` to `end`. */
  reset(buffer: Buffer, start: number, end: number, count: number): this {
    this.buffer = buffer
    this.#at = start
    this.#end = end
    this.#count = count
    this.index = -1
    this.problem = count < 0 ? `Found invalid record count ${count} in magic v2 batch` : undefined
    return this
  }

  /** False at the end or when `problem` is set. */
  next(): boolean {
    if (this.problem !== undefined) return false
    if (this.index + 1 >= this.#count) return false
    if (this.#nextFast()) return true
    this.start = this.#at
    if (this.#at >= this.#end) return this.#fail('Incorrect declared batch size, premature EOF reached')
    const length = this.#varint()
    if (this.problem !== undefined) return false
    if (length < 0) return this.#fail('Found invalid record structure')
    if (length > this.#end - this.#at) {
      return this.#fail(
        `Invalid record size: expected ${length} bytes in record payload, but the batch ends before`
      )
    }
    this.end = this.#at + length
    return this.#fields(length)
  }

  /**
   * Reads a sound record without headers whose numbers have one or two bytes; anything else is left untouched for the
   * careful way, which also knows what to call a problem.
   */
  #nextFast(): boolean {
    const { buffer } = this
    const start = this.#at
    if (this.#end - start < fastBytes) return false
    const length = short(buffer, start)
    let at = start + widthOf(length)
    const end = at + (length >>> 1)
    // An odd number stands for a negative length, and -1 is odd.
    if ((length & 1) === 1 || end > this.#end) return false
    const timestampDelta = short(buffer, ++at)
    at += widthOf(timestampDelta)
    const offsetDelta = short(buffer, at)
    at += widthOf(offsetDelta)
    const key = short(buffer, at)
    at += widthOf(key)
    if (timestampDelta < 0 || offsetDelta < 0 || key < 0) return false
    const keyLength = unzigzag(key)
    const valueField = keyLength > 0 ? at + keyLength : at
    if (valueField + 2 > end) return false
    const value = short(buffer, valueField)
    if (value < 0) return false
    const valueLength = unzigzag(value)
    const valueAt = valueField + widthOf(value)
    const headersAt = valueLength > 0 ? valueAt + valueLength : valueAt
    if (headersAt + 1 !== end || buffer[headersAt] !== 0) return false
    if (this.index + 2 === this.#count && end !== this.#end) return false
    this.start = start
    this.end = end
    this.timestampDelta = unzigzag(timestampDelta)
    this.timestampDeltaExact = undefined
    this.offsetDelta = unzigzag(offsetDelta)
    this.keyAt = at
    this.keyLength = keyLength < 0 ? -1 : keyLength
    this.valueAt = valueAt
    this.valueLength = valueLength < 0 ? -1 : valueLength
    this.headersAt = end
    this.headerCount = 0
    this.#at = end
    this.index++
    return true
  }

  #fields(length: number): boolean {
    const from = this.#at
    this.#at++ // attributes of a record are unused
    this.#varlong()
    this.offsetDelta = this.#varint()
    this.keyLength = this.#lengthOf()
    this.keyAt = this.#at
    this.#skip(this.keyLength)
    this.valueLength = this.#lengthOf()
    this.valueAt = this.#at
    this.#skip(this.valueLength)
    const headers = this.#varint()
    if (this.problem !== undefined) return false
    if (headers < 0) return this.#fail(`Found invalid number of record headers ${headers}`)
    if (headers > this.#end - this.#at) {
      return this.#fail(
        `Found invalid number of record headers. ${headers} is larger than the remaining size of the buffer`
      )
    }
    this.headerCount = headers
    this.headersAt = this.#at
    if (headers > 0) this.#skipHeaders(headers)
    if (this.problem !== undefined) return false
    if (this.#at !== this.end) {
      return this.#fail(
        `Invalid record size: expected to read ${length} bytes, but instead read ${this.#at - from}`
      )
    }
    if (this.index + 2 === this.#count && this.#at !== this.#end) {
      return this.#fail('Incorrect declared batch size, records still remaining in file')
    }
    this.index++
    return true
  }

  /** Lengths below -1 read as null, as Kafka's reader does. */
  #lengthOf(): number {
    const length = this.#varint()
    return length < 0 ? -1 : length
  }

  #skip(length: number): void {
    if (length <= 0 || this.problem !== undefined) return
    if (length > this.#end - this.#at) this.#fail('Found invalid record structure')
    else this.#at += length
  }

  #skipHeaders(count: number): void {
    for (let i = 0; i < count && this.problem === undefined; i++) {
      const keyLength = this.#varint()
      if (keyLength < 0) {
        this.#fail(`Invalid negative header key size ${keyLength}`)
        return
      }
      this.#skip(keyLength)
      this.#skip(this.#varint())
    }
  }

  /** The headers of the current record, as views; for readers that are not in a hurry. */
  headers(): { key: Buffer; value: Buffer | null }[] {
    const list: { key: Buffer; value: Buffer | null }[] = []
    const back = this.#at
    this.#at = this.headersAt
    for (let i = 0; i < this.headerCount; i++) {
      const keyLength = this.#varint()
      const key = this.buffer.subarray(this.#at, this.#at + keyLength)
      this.#at += keyLength
      const valueLength = this.#varint()
      const value = valueLength < 0 ? null : this.buffer.subarray(this.#at, this.#at + valueLength)
      this.#at += Math.max(valueLength, 0)
      list.push({ key, value })
    }
    this.#at = back
    return list
  }

  #fail(problem: string): false {
    this.problem ??= problem
    return false
  }

  #varint(): number {
    const { buffer } = this
    const first = buffer[this.#at] ?? 0
    if (first < 0x80 && this.#at < this.#end) {
      this.#at++
      return (first >>> 1) ^ -(first & 1)
    }
    let value = 0
    for (let i = 0; i < maxVarintBytes; i++) {
      if (this.#at >= this.#end) {
        this.#fail('Found invalid record structure')
        return 0
      }
      const byte = buffer[this.#at++] ?? 0
      value |= (byte & 0x7f) << (7 * i)
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1)
    }
    this.#fail('Found invalid record structure')
    return 0
  }

  #varlong(): void {
    const { buffer } = this
    const from = this.#at
    this.timestampDeltaExact = undefined
    let value = 0
    for (let i = 0; i < maxVarlongBytes; i++) {
      if (this.#at >= this.#end) break
      const byte = buffer[this.#at++] ?? 0
      if (i < 4) value |= (byte & 0x7f) << (7 * i)
      else if (i < 7) value += (byte & 0x7f) * 2 ** (7 * i)
      if (byte < 0x80) {
        if (i < 4) this.timestampDelta = (value >>> 1) ^ -(value & 1)
        else if (i < 7) this.timestampDelta = value % 2 === 0 ? value / 2 : -(value + 1) / 2
        else this.#exactVarlong(from)
        return
      }
    }
    this.#fail('Found invalid record structure')
  }

  #exactVarlong(from: number): void {
    let value = 0n
    for (let i = from; i < this.#at; i++)
      value |= BigInt((this.buffer[i] ?? 0) & 0x7f) << BigInt(7 * (i - from))
    const unsigned = BigInt.asUintN(64, value)
    this.timestampDeltaExact = BigInt.asIntN(64, (unsigned >> 1n) ^ -(unsigned & 1n))
    this.timestampDelta = Number(this.timestampDeltaExact)
  }
}

// Zigzag and unsigned LEB128 as records use them. Sizes and writes only; reading is done in place by the record cursor.

export const zigzag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0

export function sizeOfUvarint(value: number): number {
  let size = 1
  for (let rest = value >>> 0; rest > 0x7f; rest >>>= 7) size++
  return size
}

export const sizeOfVarint = (value: number): number => sizeOfUvarint(zigzag(value))

/** Returns the position behind the bytes written. */
export function writeUvarint(buffer: Buffer, at: number, value: number): number {
  let position = at
  let rest = value >>> 0
  while (rest > 0x7f) {
    buffer[position++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  buffer[position++] = rest
  return position
}

export const writeVarint = (buffer: Buffer, at: number, value: number): number =>
  writeUvarint(buffer, at, zigzag(value))

export function sizeOfVarlong(value: bigint): number {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
  let size = 1
  for (; rest > 0x7fn; rest >>= 7n) size++
  return size
}

export function writeVarlong(buffer: Buffer, at: number, value: bigint): number {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
  let position = at
  for (; rest > 0x7fn; rest >>= 7n) buffer[position++] = Number(rest & 0x7fn) | 0x80
  buffer[position++] = Number(rest)
  return position
}

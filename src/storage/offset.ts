// A place in a partition's log. Kafka's int64 is kept as a number: 2^53 records are 285 years at a million a second.
import { invariant } from '../errors.js'

declare const offsetBrand: unique symbol
/** 0 .. 2^53-1. */
export type Offset = number & { readonly [offsetBrand]: true }

export function offset(n: number): Offset {
  invariant(Number.isSafeInteger(n) && n >= 0, `${n} is no offset`)
  return n as Offset
}

export const zeroOffset = 0 as Offset

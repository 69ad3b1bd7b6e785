// Chance, for decisions and for names.
import { loop } from './loop.js'

/** 0 <= x < 1 */
export const random = (): number => loop().random()

/** A whole number, 0 <= n < below. */
export const randomBelow = (below: number): number => Math.floor(loop().random() * below)

/** 32 hexadecimal digits, a version 4 UUID of RFC 4122. */
export const randomHex = (): string => loop().randomUuid().replaceAll('-', '')

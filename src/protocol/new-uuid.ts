import { randomHex } from '../actors/runtime/randomness.js'
import type { Uuid } from './schema.js'

/** A random id as Kafka makes them: never beginning with a dash, which command lines would take for an option. */
export function newUuid(): Uuid {
  for (;;) {
    const text = Buffer.from(randomHex(), 'hex').toString('base64url')
    if (!text.startsWith('-')) return text as Uuid
  }
}

// Why an operation of a member is not done: an error of Kafka's, and a sentence for people.
import type { ErrorName } from '../../../protocol/error-codes.js'

export interface Refusal {
  readonly kind: 'refused'
  readonly error: ErrorName
  readonly message: string
}

export const refused = (error: ErrorName, message: string): Refusal => ({ kind: 'refused', error, message })

export function isRefused(value: object): value is Refusal {
  return 'kind' in value && value.kind === 'refused'
}

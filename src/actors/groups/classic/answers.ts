// What members are answered, in the shapes of the wire, and the answers that refuse.
import { type ErrorName, errorCode } from '../../../protocol/error-codes.js'
import type { Operations } from '../group-operations.js'

export type JoinAnswer = Operations['joinGroup']['answer']
export type SyncAnswer = Operations['syncGroup']['answer']

/** A request of a member that is not answered yet. */
export type Waiting =
  | { readonly kind: 'join'; readonly answer: (answer: JoinAnswer) => void }
  | { readonly kind: 'sync'; readonly answer: (answer: SyncAnswer) => void }

/** Versions below 7 know no null for the protocol's name. */
export function joinRefusal(memberId: string, error: ErrorName): JoinAnswer {
  return {
    errorCode: errorCode(error),
    generationId: -1,
    protocolType: null,
    protocolName: '',
    leader: '',
    memberId,
    members: []
  }
}

export function syncRefusal(error: ErrorName): SyncAnswer {
  return { errorCode: errorCode(error), assignment: nothing }
}

export const nothing: Buffer = Buffer.alloc(0)

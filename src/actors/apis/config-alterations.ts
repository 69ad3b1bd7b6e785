// What AlterConfigs and IncrementalAlterConfigs answer: the controller checks and changes each resource alone, and each has
// its verdict, in the order asked for.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import type { Verdict } from '../controller/controller-client.js'
import { type Outcome, respond } from './api.js'

type Resources = readonly { readonly resourceType: number; readonly resourceName: string }[]

const answerOf = (resources: Resources, verdictOf: (i: number) => Verdict) => ({
  responses: resources.map(({ resourceType, resourceName }, i) => {
    const { error, message } = verdictOf(i)
    return { errorCode: errorCode(error), errorMessage: message, resourceType, resourceName }
  })
})

type Answer = ReturnType<typeof answerOf>

/** Answered when every thread works with the new values. */
export function answerWhenAltered(
  resources: Resources,
  verdicts: Promise<readonly Verdict[]>
): Outcome<Answer> {
  const completion = verdicts.then(all =>
    respond(answerOf(resources, i => all[i] ?? { error: 'UNKNOWN_SERVER_ERROR', message: null }))
  )
  return { kind: 'park', completion }
}

export const refuseAll = (resources: Resources, error: ErrorName): Answer =>
  answerOf(resources, () => ({ error, message: null }))

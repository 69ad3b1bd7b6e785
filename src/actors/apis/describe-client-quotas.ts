// DescribeClientQuotas. Behaviour: the filter is checked, and no quota matches it, since none can be set.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type DescribeClientQuotasRequest,
  describeClientQuotasRequest,
  describeClientQuotasResponse
} from '../../protocol/messages/describe-client-quotas.js'
import { defineApi, respond } from './api.js'

type Component = DescribeClientQuotasRequest['components'][number]
type Problem = { readonly error: ErrorName; readonly message: string }

/** As Kafka's messages call them. */
const namesOfTypes = new Map([
  ['user', 'user'],
  ['client-id', 'client'],
  ['ip', 'ip']
])
const matchTypes = { exact: 0, anyName: 2 } as const

export const describeClientQuotas = defineApi({
  key: 48,
  name: 'DescribeClientQuotas',
  versions: [0, 1],
  request: describeClientQuotasRequest,
  response: describeClientQuotasResponse,
  needs: [],
  handle({ components }) {
    const problem = problemOf(components)
    if (problem !== undefined) return respond(refused(problem.error, problem.message))
    return respond({ errorCode: 0, errorMessage: null, entries: [] })
  },
  errorResponse: (_, error) => refused(error, null)
})

function problemOf(components: readonly Component[]): Problem | undefined {
  for (const { matchType, match } of components) {
    if (matchType >= matchTypes.exact && matchType <= matchTypes.anyName) {
      if (matchType !== matchTypes.exact || match !== null) continue
      return { error: 'INVALID_REQUEST', message: 'An exact match needs a name' }
    }
    return { error: 'INVALID_REQUEST', message: `Unexpected match type: ${matchType}` }
  }
  const seen = new Set<string>()
  for (const { entityType } of components) {
    if (entityType === '') {
      return { error: 'INVALID_REQUEST', message: 'Unexpected empty filter component entity type' }
    }
    const name = namesOfTypes.get(entityType)
    if (name === undefined) {
      return { error: 'UNSUPPORTED_VERSION', message: `Custom entity type '${entityType}' not supported` }
    }
    if (seen.has(name)) {
      return { error: 'INVALID_REQUEST', message: `Duplicate ${name} filter component entity type` }
    }
    seen.add(name)
  }
  if (seen.size < 2 || !seen.has('ip')) return undefined
  const message =
    'Invalid entity filter component combination, IP filter component should not be used with user or clientId filter component.'
  return { error: 'INVALID_REQUEST', message }
}

function refused(error: ErrorName, errorMessage: string | null) {
  return { errorCode: errorCode(error), errorMessage, entries: null }
}

// DescribeUserScramCredentials. Behaviour: no user has credentials, since none can be stored; who asks for one by name
// hears that it is not there.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse
} from '../../protocol/messages/describe-user-scram-credentials.js'
import { defineApi, respond } from './api.js'

export const describeUserScramCredentials = defineApi({
  key: 50,
  name: 'DescribeUserScramCredentials',
  versions: [0, 0],
  request: describeUserScramCredentialsRequest,
  response: describeUserScramCredentialsResponse,
  needs: [],
  handle({ users }) {
    const asked = (users ?? []).map(({ name }) => name)
    const results = [...new Set(asked)].map(user => {
      const [error, errorMessage] = verdictOn(user, asked)
      return { user, errorCode: errorCode(error), errorMessage, credentialInfos: [] }
    })
    return respond({ errorCode: 0, errorMessage: null, results })
  },
  errorResponse: (_, error) => ({ errorCode: errorCode(error), errorMessage: null, results: [] })
})

function verdictOn(user: string, asked: readonly string[]): [ErrorName, string] {
  if (user === '') return ['RESOURCE_NOT_FOUND', 'Username must not be empty']
  if (asked.indexOf(user) !== asked.lastIndexOf(user)) {
    const message = `Cannot describe SCRAM credentials for the same user twice in a single request: ${user}`
    return ['DUPLICATE_RESOURCE', message]
  }
  return ['RESOURCE_NOT_FOUND', `Attempt to describe a user credential that does not exist: ${user}`]
}

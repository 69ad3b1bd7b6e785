// DescribeAcls. Behaviour: there is no authorizer, and so says the answer. Versions: 1 patterns, 2 flexible.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import { describeAclsRequest, describeAclsResponse } from '../../protocol/messages/describe-acls.js'
import { defineApi, respond } from './api.js'

export const describeAcls = defineApi({
  key: 29,
  name: 'DescribeAcls',
  versions: [0, 3],
  request: describeAclsRequest,
  response: describeAclsResponse,
  needs: [],
  handle: () => respond(refused('SECURITY_DISABLED', 'No Authorizer is configured on the broker')),
  errorResponse: (_, error) => refused(error, null)
})

function refused(error: ErrorName, errorMessage: string | null) {
  return { errorCode: errorCode(error), errorMessage, resources: [] }
}

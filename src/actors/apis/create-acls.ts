// CreateAcls. Behaviour: there is no authorizer, and so says the answer to each entry. Versions: 1 patterns, 2 flexible.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type CreateAclsRequest,
  createAclsRequest,
  createAclsResponse
} from '../../protocol/messages/create-acls.js'
import { defineApi, respond } from './api.js'

export const createAcls = defineApi({
  key: 30,
  name: 'CreateAcls',
  versions: [0, 3],
  request: createAclsRequest,
  response: createAclsResponse,
  needs: [],
  handle: request => respond(allWith(request, 'SECURITY_DISABLED', 'No Authorizer is configured.')),
  errorResponse: (request, error) => allWith(request, error, null)
})

function allWith({ creations }: CreateAclsRequest, error: ErrorName, errorMessage: string | null) {
  return { results: creations.map(() => ({ errorCode: errorCode(error), errorMessage })) }
}

// DeleteAcls. Behaviour: there is no authorizer, and so says the answer to each filter. Versions: 1 patterns, 2 flexible.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type DeleteAclsRequest,
  deleteAclsRequest,
  deleteAclsResponse
} from '../../protocol/messages/delete-acls.js'
import { defineApi, respond } from './api.js'

export const deleteAcls = defineApi({
  key: 31,
  name: 'DeleteAcls',
  versions: [0, 3],
  request: deleteAclsRequest,
  response: deleteAclsResponse,
  needs: [],
  handle: request => respond(allWith(request, 'SECURITY_DISABLED', 'No Authorizer is configured.')),
  errorResponse: (request, error) => allWith(request, error, null)
})

function allWith({ filters }: DeleteAclsRequest, error: ErrorName, errorMessage: string | null) {
  return {
    filterResults: filters.map(() => ({ errorCode: errorCode(error), errorMessage, matchingAcls: [] }))
  }
}

// ListPartitionReassignments. Behaviour: none ever runs on a cluster of one broker, and partitions without one are left
// out of the answer, known or not.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse
} from '../../protocol/messages/list-partition-reassignments.js'
import { defineApi, respond } from './api.js'

export const listPartitionReassignments = defineApi({
  key: 46,
  name: 'ListPartitionReassignments',
  versions: [0, 0],
  request: listPartitionReassignmentsRequest,
  response: listPartitionReassignmentsResponse,
  needs: ['metadata', 'brokerId'],
  handle: (_, __, { metadata, brokerId }) =>
    respond(noneWith(metadata().controllerId === brokerId ? 'NONE' : 'NOT_CONTROLLER')),
  errorResponse: (_, error) => noneWith(error)
})

function noneWith(error: ErrorName) {
  return { errorCode: errorCode(error), errorMessage: null, topics: [] }
}

// DescribeCluster. Behaviour: the brokers that clients of this listener can reach. Versions: 1 endpoint type.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import { describeClusterRequest, describeClusterResponse } from '../../protocol/messages/describe-cluster.js'
import { allowedOperations } from './allowed-operations.js'
import { defineApi, respond } from './api.js'
import { endpointsOf } from './listener-view.js'

const brokers = 1
const controllers = 2

export const describeCluster = defineApi({
  key: 60,
  name: 'DescribeCluster',
  versions: [0, 1],
  request: describeClusterRequest,
  response: describeClusterResponse,
  needs: ['metadata'],
  handle({ endpointType, includeClusterAuthorizedOperations }, { apiVersion, connection }, { metadata }) {
    if (endpointType !== brokers) {
      const mismatch = endpointType === controllers ? 'MISMATCHED_ENDPOINT_TYPE' : 'UNSUPPORTED_ENDPOINT_TYPE'
      const error = apiVersion === 0 ? 'INVALID_REQUEST' : mismatch
      return respond(refused(error, 'This broker lists brokers only'))
    }
    const image = metadata()
    const nodes = endpointsOf(image, connection.listener)
    const isListed = nodes.some(({ nodeId }) => nodeId === image.controllerId)
    const answer = {
      errorCode: 0,
      clusterId: image.clusterId,
      controllerId: isListed ? image.controllerId : -1,
      brokers: nodes.map(({ nodeId, host, port, rack }) => ({ brokerId: nodeId, host, port, rack }))
    }
    if (!includeClusterAuthorizedOperations) return respond(answer)
    return respond({ ...answer, clusterAuthorizedOperations: allowedOperations.cluster })
  },
  errorResponse: (_, error) => refused(error, null)
})

function refused(error: ErrorName, errorMessage: string | null) {
  return { errorCode: errorCode(error), errorMessage, clusterId: '', brokers: [] }
}

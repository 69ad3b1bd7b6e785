// DescribeCluster (60): request and response in every version.
import { array, bool, int8, int16, int32, message, string, type ValueOf } from '../schema.js'

export const describeClusterRequest = message({
  name: 'DescribeClusterRequest',
  key: 60,
  type: 'request',
  versions: '0-1',
  flexible: '0+',
  fields: {
    includeClusterAuthorizedOperations: bool('0+'),
    endpointType: int8('1+', { default: 1 })
  }
})
export type DescribeClusterRequest = ValueOf<typeof describeClusterRequest>

export const describeClusterResponse = message({
  name: 'DescribeClusterResponse',
  key: 60,
  type: 'response',
  versions: '0-1',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    endpointType: int8('1+', { default: 1 }),
    clusterId: string('0+'),
    controllerId: int32('0+', { default: -1 }),
    brokers: array('0+', {
      brokerId: int32('0+'),
      host: string('0+'),
      port: int32('0+'),
      rack: string('0+', { nullable: '0+', default: null })
    }),
    clusterAuthorizedOperations: int32('0+', { default: -2147483648 })
  },
  errors: {
    INVALID_REQUEST: 'v1: an endpoint type that is not brokers'
  }
})
export type DescribeClusterResponse = ValueOf<typeof describeClusterResponse>

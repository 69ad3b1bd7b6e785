// ListPartitionReassignments (46): request and response in every version.
import { array, int16, int32, list, message, string, type ValueOf } from '../schema.js'

export const listPartitionReassignmentsRequest = message({
  name: 'ListPartitionReassignmentsRequest',
  key: 46,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    timeoutMs: int32('0+', { default: 60000 }),
    topics: array(
      '0+',
      {
        name: string('0+'),
        partitionIndexes: list('int32', '0+')
      },
      { nullable: '0+', default: null }
    )
  }
})
export type ListPartitionReassignmentsRequest = ValueOf<typeof listPartitionReassignmentsRequest>

export const listPartitionReassignmentsResponse = message({
  name: 'ListPartitionReassignmentsResponse',
  key: 46,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        replicas: list('int32', '0+'),
        addingReplicas: list('int32', '0+'),
        removingReplicas: list('int32', '0+')
      })
    })
  }
})
export type ListPartitionReassignmentsResponse = ValueOf<typeof listPartitionReassignmentsResponse>

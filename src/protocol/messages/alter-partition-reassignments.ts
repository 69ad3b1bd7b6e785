// AlterPartitionReassignments (45): request and response in every version.
import { array, int16, int32, list, message, string, type ValueOf } from '../schema.js'

export const alterPartitionReassignmentsRequest = message({
  name: 'AlterPartitionReassignmentsRequest',
  key: 45,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    timeoutMs: int32('0+', { default: 60000 }),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        replicas: list('int32', '0+', { nullable: '0+', default: null })
      })
    })
  }
})
export type AlterPartitionReassignmentsRequest = ValueOf<typeof alterPartitionReassignmentsRequest>

export const alterPartitionReassignmentsResponse = message({
  name: 'AlterPartitionReassignmentsResponse',
  key: 45,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    responses: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+' })
      })
    })
  }
})
export type AlterPartitionReassignmentsResponse = ValueOf<typeof alterPartitionReassignmentsResponse>

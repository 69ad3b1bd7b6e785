// StopReplica (5): request and response in every version.
import { array, bool, int16, int32, int64, list, message, string, type ValueOf } from '../schema.js'

export const stopReplicaRequest = message({
  name: 'StopReplicaRequest',
  key: 5,
  type: 'request',
  versions: '0-4',
  flexible: '2+',
  fields: {
    controllerId: int32('0+'),
    isKRaftController: bool('4+'),
    controllerEpoch: int32('0+'),
    brokerEpoch: int64('1+', { default: -1n, ignorable: true }),
    deletePartitions: bool('0-2'),
    ungroupedPartitions: array('0', {
      topicName: string('0'),
      partitionIndex: int32('0')
    }),
    topics: array('1-2', {
      name: string('1-2'),
      partitionIndexes: list('int32', '1-2')
    }),
    topicStates: array('3+', {
      topicName: string('3+'),
      partitionStates: array('3+', {
        partitionIndex: int32('3+'),
        leaderEpoch: int32('3+', { default: -1 }),
        deletePartition: bool('3+')
      })
    })
  }
})
export type StopReplicaRequest = ValueOf<typeof stopReplicaRequest>

export const stopReplicaResponse = message({
  name: 'StopReplicaResponse',
  key: 5,
  type: 'response',
  versions: '0-4',
  flexible: '2+',
  fields: {
    errorCode: int16('0+'),
    partitionErrors: array('0+', {
      topicName: string('0+'),
      partitionIndex: int32('0+'),
      errorCode: int16('0+')
    })
  }
})
export type StopReplicaResponse = ValueOf<typeof stopReplicaResponse>

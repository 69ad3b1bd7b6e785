// LeaderAndIsr (4): request and response in every version.
import {
  array,
  bool,
  int8,
  int16,
  int32,
  int64,
  list,
  message,
  string,
  uuid,
  type ValueOf
} from '../schema.js'

const leaderAndIsrPartitionStateFields = {
  topicName: string('0-1', { ignorable: true }),
  partitionIndex: int32('0+'),
  controllerEpoch: int32('0+'),
  leader: int32('0+'),
  leaderEpoch: int32('0+'),
  isr: list('int32', '0+'),
  partitionEpoch: int32('0+'),
  replicas: list('int32', '0+'),
  addingReplicas: list('int32', '3+', { ignorable: true }),
  removingReplicas: list('int32', '3+', { ignorable: true }),
  isNew: bool('1+', { ignorable: true }),
  leaderRecoveryState: int8('6+')
}

export const leaderAndIsrRequest = message({
  name: 'LeaderAndIsrRequest',
  key: 4,
  type: 'request',
  versions: '0-7',
  flexible: '4+',
  fields: {
    controllerId: int32('0+'),
    isKRaftController: bool('7+'),
    controllerEpoch: int32('0+'),
    brokerEpoch: int64('2+', { default: -1n, ignorable: true }),
    type: int8('5+'),
    ungroupedPartitionStates: array('0-1', leaderAndIsrPartitionStateFields),
    topicStates: array('2+', {
      topicName: string('2+'),
      topicId: uuid('5+', { ignorable: true }),
      partitionStates: array('2+', leaderAndIsrPartitionStateFields)
    }),
    liveLeaders: array('0+', {
      brokerId: int32('0+'),
      hostName: string('0+'),
      port: int32('0+')
    })
  }
})
export type LeaderAndIsrRequest = ValueOf<typeof leaderAndIsrRequest>

const leaderAndIsrPartitionErrorFields = {
  topicName: string('0-4', { ignorable: true }),
  partitionIndex: int32('0+'),
  errorCode: int16('0+')
}

export const leaderAndIsrResponse = message({
  name: 'LeaderAndIsrResponse',
  key: 4,
  type: 'response',
  versions: '0-7',
  flexible: '4+',
  fields: {
    errorCode: int16('0+'),
    partitionErrors: array('0-4', leaderAndIsrPartitionErrorFields),
    topics: array('5+', {
      topicId: uuid('5+'),
      partitionErrors: array('5+', leaderAndIsrPartitionErrorFields)
    })
  }
})
export type LeaderAndIsrResponse = ValueOf<typeof leaderAndIsrResponse>

// UpdateMetadata (6): request and response in every version.
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

const updateMetadataPartitionStateFields = {
  topicName: string('0-4', { ignorable: true }),
  partitionIndex: int32('0+'),
  controllerEpoch: int32('0+'),
  leader: int32('0+'),
  leaderEpoch: int32('0+'),
  isr: list('int32', '0+'),
  zkVersion: int32('0+'),
  replicas: list('int32', '0+'),
  offlineReplicas: list('int32', '4+', { ignorable: true })
}

export const updateMetadataRequest = message({
  name: 'UpdateMetadataRequest',
  key: 6,
  type: 'request',
  versions: '0-8',
  flexible: '6+',
  fields: {
    controllerId: int32('0+'),
    isKRaftController: bool('8+'),
    type: int8('8+', { tag: 0, tagged: '8+' }),
    controllerEpoch: int32('0+'),
    brokerEpoch: int64('5+', { default: -1n, ignorable: true }),
    ungroupedPartitionStates: array('0-4', updateMetadataPartitionStateFields),
    topicStates: array('5+', {
      topicName: string('5+'),
      topicId: uuid('7+', { ignorable: true }),
      partitionStates: array('5+', updateMetadataPartitionStateFields)
    }),
    liveBrokers: array('0+', {
      id: int32('0+'),
      v0Host: string('0', { ignorable: true }),
      v0Port: int32('0', { ignorable: true }),
      endpoints: array(
        '1+',
        {
          port: int32('1+'),
          host: string('1+'),
          listener: string('3+', { ignorable: true }),
          securityProtocol: int16('1+')
        },
        { ignorable: true }
      ),
      rack: string('2+', { nullable: '0+', ignorable: true })
    })
  }
})
export type UpdateMetadataRequest = ValueOf<typeof updateMetadataRequest>

export const updateMetadataResponse = message({
  name: 'UpdateMetadataResponse',
  key: 6,
  type: 'response',
  versions: '0-8',
  flexible: '6+',
  fields: {
    errorCode: int16('0+')
  }
})
export type UpdateMetadataResponse = ValueOf<typeof updateMetadataResponse>

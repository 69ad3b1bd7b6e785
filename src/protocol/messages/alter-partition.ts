// AlterPartition (56): request and response in every version.
import { array, int8, int16, int32, int64, list, message, string, uuid, type ValueOf } from '../schema.js'

export const alterPartitionRequest = message({
  name: 'AlterPartitionRequest',
  key: 56,
  type: 'request',
  versions: '0-3',
  flexible: '0+',
  fields: {
    brokerId: int32('0+'),
    brokerEpoch: int64('0+', { default: -1n }),
    topics: array('0+', {
      topicName: string('0-1', { ignorable: true }),
      topicId: uuid('2+', { ignorable: true }),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        leaderEpoch: int32('0+'),
        newIsr: list('int32', '0-2'),
        newIsrWithEpochs: array('3+', {
          brokerId: int32('3+'),
          brokerEpoch: int64('3+', { default: -1n })
        }),
        leaderRecoveryState: int8('1+'),
        partitionEpoch: int32('0+')
      })
    })
  }
})
export type AlterPartitionRequest = ValueOf<typeof alterPartitionRequest>

export const alterPartitionResponse = message({
  name: 'AlterPartitionResponse',
  key: 56,
  type: 'response',
  versions: '0-3',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    topics: array('0+', {
      topicName: string('0-1', { ignorable: true }),
      topicId: uuid('2+', { ignorable: true }),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        leaderId: int32('0+'),
        leaderEpoch: int32('0+'),
        isr: list('int32', '0+'),
        leaderRecoveryState: int8('1+', { ignorable: true }),
        partitionEpoch: int32('0+')
      })
    })
  }
})
export type AlterPartitionResponse = ValueOf<typeof alterPartitionResponse>

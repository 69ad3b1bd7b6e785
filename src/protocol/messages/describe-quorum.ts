// DescribeQuorum (55): request and response in every version.
import { array, int16, int32, int64, message, string, uint16, uuid, type ValueOf } from '../schema.js'

export const describeQuorumRequest = message({
  name: 'DescribeQuorumRequest',
  key: 55,
  type: 'request',
  versions: '0-2',
  flexible: '0+',
  fields: {
    topics: array('0+', {
      topicName: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+')
      })
    })
  }
})
export type DescribeQuorumRequest = ValueOf<typeof describeQuorumRequest>

const replicaStateFields = {
  replicaId: int32('0+'),
  replicaDirectoryId: uuid('2+'),
  logEndOffset: int64('0+'),
  lastFetchTimestamp: int64('1+', { default: -1n, ignorable: true }),
  lastCaughtUpTimestamp: int64('1+', { default: -1n, ignorable: true })
}

export const describeQuorumResponse = message({
  name: 'DescribeQuorumResponse',
  key: 55,
  type: 'response',
  versions: '0-2',
  flexible: '0+',
  fields: {
    errorCode: int16('0+'),
    errorMessage: string('2+', { nullable: '2+', ignorable: true }),
    topics: array('0+', {
      topicName: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        errorMessage: string('2+', { nullable: '2+', ignorable: true }),
        leaderId: int32('0+'),
        leaderEpoch: int32('0+'),
        highWatermark: int64('0+'),
        currentVoters: array('0+', replicaStateFields),
        observers: array('0+', replicaStateFields)
      })
    }),
    nodes: array('2+', {
      nodeId: int32('2+'),
      listeners: array('2+', {
        name: string('2+'),
        host: string('2+'),
        port: uint16('2+')
      })
    })
  }
})
export type DescribeQuorumResponse = ValueOf<typeof describeQuorumResponse>

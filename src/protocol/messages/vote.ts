// Vote (52): request and response in every version.
import { array, bool, int16, int32, int64, message, string, uint16, uuid, type ValueOf } from '../schema.js'

export const voteRequest = message({
  name: 'VoteRequest',
  key: 52,
  type: 'request',
  versions: '0-1',
  flexible: '0+',
  fields: {
    clusterId: string('0+', { nullable: '0+', default: null }),
    voterId: int32('1+', { default: -1, ignorable: true }),
    topics: array('0+', {
      topicName: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        candidateEpoch: int32('0+'),
        candidateId: int32('0+'),
        candidateDirectoryId: uuid('1+', { ignorable: true }),
        voterDirectoryId: uuid('1+', { ignorable: true }),
        lastOffsetEpoch: int32('0+'),
        lastOffset: int64('0+')
      })
    })
  }
})
export type VoteRequest = ValueOf<typeof voteRequest>

export const voteResponse = message({
  name: 'VoteResponse',
  key: 52,
  type: 'response',
  versions: '0-1',
  flexible: '0+',
  fields: {
    errorCode: int16('0+'),
    topics: array('0+', {
      topicName: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        leaderId: int32('0+'),
        leaderEpoch: int32('0+'),
        voteGranted: bool('0+')
      })
    }),
    nodeEndpoints: array(
      '1+',
      {
        nodeId: int32('1+'),
        host: string('1+'),
        port: uint16('1+')
      },
      { tag: 0, tagged: '1+' }
    )
  }
})
export type VoteResponse = ValueOf<typeof voteResponse>

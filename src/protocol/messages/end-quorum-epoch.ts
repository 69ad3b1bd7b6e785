// EndQuorumEpoch (54): request and response in every version.
import { array, int16, int32, list, message, string, uint16, uuid, type ValueOf } from '../schema.js'

export const endQuorumEpochRequest = message({
  name: 'EndQuorumEpochRequest',
  key: 54,
  type: 'request',
  versions: '0-1',
  flexible: '1+',
  fields: {
    clusterId: string('0+', { nullable: '0+', default: null }),
    topics: array('0+', {
      topicName: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        leaderId: int32('0+'),
        leaderEpoch: int32('0+'),
        preferredSuccessors: list('int32', '0', { ignorable: true }),
        preferredCandidates: array(
          '1+',
          {
            candidateId: int32('1+'),
            candidateDirectoryId: uuid('1+')
          },
          { ignorable: true }
        )
      })
    }),
    leaderEndpoints: array(
      '1+',
      {
        name: string('1+'),
        host: string('1+'),
        port: uint16('1+')
      },
      { ignorable: true }
    )
  }
})
export type EndQuorumEpochRequest = ValueOf<typeof endQuorumEpochRequest>

export const endQuorumEpochResponse = message({
  name: 'EndQuorumEpochResponse',
  key: 54,
  type: 'response',
  versions: '0-1',
  flexible: '1+',
  fields: {
    errorCode: int16('0+'),
    topics: array('0+', {
      topicName: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        leaderId: int32('0+'),
        leaderEpoch: int32('0+')
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
export type EndQuorumEpochResponse = ValueOf<typeof endQuorumEpochResponse>

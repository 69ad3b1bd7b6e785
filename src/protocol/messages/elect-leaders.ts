// ElectLeaders (43): request and response in every version.
import { array, int8, int16, int32, list, message, string, type ValueOf } from '../schema.js'

export const electLeadersRequest = message({
  name: 'ElectLeadersRequest',
  key: 43,
  type: 'request',
  versions: '0-2',
  flexible: '2+',
  fields: {
    electionType: int8('1+'),
    topicPartitions: array(
      '0+',
      {
        topic: string('0+'),
        partitions: list('int32', '0+')
      },
      { nullable: '0+' }
    ),
    timeoutMs: int32('0+', { default: 60000 })
  }
})
export type ElectLeadersRequest = ValueOf<typeof electLeadersRequest>

export const electLeadersResponse = message({
  name: 'ElectLeadersResponse',
  key: 43,
  type: 'response',
  versions: '0-2',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('1+'),
    replicaElectionResults: array('0+', {
      topic: string('0+'),
      partitionResult: array('0+', {
        partitionId: int32('0+'),
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+' })
      })
    })
  }
})
export type ElectLeadersResponse = ValueOf<typeof electLeadersResponse>

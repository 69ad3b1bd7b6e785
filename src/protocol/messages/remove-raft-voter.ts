// RemoveRaftVoter (81): request and response in every version.
import { int16, int32, message, string, uuid, type ValueOf } from '../schema.js'

export const removeRaftVoterRequest = message({
  name: 'RemoveRaftVoterRequest',
  key: 81,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    clusterId: string('0+', { nullable: '0+' }),
    voterId: int32('0+'),
    voterDirectoryId: uuid('0+')
  }
})
export type RemoveRaftVoterRequest = ValueOf<typeof removeRaftVoterRequest>

export const removeRaftVoterResponse = message({
  name: 'RemoveRaftVoterResponse',
  key: 81,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+', ignorable: true })
  }
})
export type RemoveRaftVoterResponse = ValueOf<typeof removeRaftVoterResponse>

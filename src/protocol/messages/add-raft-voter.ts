// AddRaftVoter (80): request and response in every version.
import { array, int16, int32, message, string, uint16, uuid, type ValueOf } from '../schema.js'

export const addRaftVoterRequest = message({
  name: 'AddRaftVoterRequest',
  key: 80,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    clusterId: string('0+', { nullable: '0+' }),
    timeoutMs: int32('0+'),
    voterId: int32('0+'),
    voterDirectoryId: uuid('0+'),
    listeners: array('0+', {
      name: string('0+'),
      host: string('0+'),
      port: uint16('0+')
    })
  }
})
export type AddRaftVoterRequest = ValueOf<typeof addRaftVoterRequest>

export const addRaftVoterResponse = message({
  name: 'AddRaftVoterResponse',
  key: 80,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+', ignorable: true })
  }
})
export type AddRaftVoterResponse = ValueOf<typeof addRaftVoterResponse>

// LeaderChangeMessage: stored or embedded data, every version.
import { array, int16, int32, message, uuid, type ValueOf } from '../schema.js'

const voterFields = {
  voterId: int32('0+'),
  voterDirectoryId: uuid('1+')
}

export const leaderChangeMessage = message({
  name: 'LeaderChangeMessage',
  type: 'data',
  versions: '0-1',
  flexible: '0+',
  fields: {
    version: int16('0+'),
    leaderId: int32('0+'),
    voters: array('0+', voterFields),
    grantingVoters: array('0+', voterFields)
  }
})
export type LeaderChangeMessage = ValueOf<typeof leaderChangeMessage>

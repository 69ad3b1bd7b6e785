// JoinGroup (11): request and response in every version.
import { array, bool, bytes, int16, int32, message, string, type ValueOf } from '../schema.js'

export const joinGroupRequest = message({
  name: 'JoinGroupRequest',
  key: 11,
  type: 'request',
  versions: '0-9',
  flexible: '6+',
  fields: {
    groupId: string('0+'),
    sessionTimeoutMs: int32('0+'),
    rebalanceTimeoutMs: int32('1+', { default: -1, ignorable: true }),
    memberId: string('0+'),
    groupInstanceId: string('5+', { nullable: '5+', default: null }),
    protocolType: string('0+'),
    protocols: array('0+', {
      name: string('0+'),
      metadata: bytes('0+')
    }),
    reason: string('8+', { nullable: '8+', default: null, ignorable: true })
  }
})
export type JoinGroupRequest = ValueOf<typeof joinGroupRequest>

export const joinGroupResponse = message({
  name: 'JoinGroupResponse',
  key: 11,
  type: 'response',
  versions: '0-9',
  flexible: '6+',
  fields: {
    throttleTimeMs: int32('2+', { ignorable: true }),
    errorCode: int16('0+'),
    generationId: int32('0+', { default: -1 }),
    protocolType: string('7+', { nullable: '7+', default: null, ignorable: true }),
    protocolName: string('0+', { nullable: '7+' }),
    leader: string('0+'),
    skipAssignment: bool('9+'),
    memberId: string('0+'),
    members: array('0+', {
      memberId: string('0+'),
      groupInstanceId: string('5+', { nullable: '5+', default: null, ignorable: true }),
      metadata: bytes('0+')
    })
  }
})
export type JoinGroupResponse = ValueOf<typeof joinGroupResponse>

// LeaveGroup (13): request and response in every version.
import { array, int16, int32, message, string, type ValueOf } from '../schema.js'

export const leaveGroupRequest = message({
  name: 'LeaveGroupRequest',
  key: 13,
  type: 'request',
  versions: '0-5',
  flexible: '4+',
  fields: {
    groupId: string('0+'),
    memberId: string('0-2'),
    members: array('3+', {
      memberId: string('3+'),
      groupInstanceId: string('3+', { nullable: '3+', default: null }),
      reason: string('5+', { nullable: '5+', default: null, ignorable: true })
    })
  }
})
export type LeaveGroupRequest = ValueOf<typeof leaveGroupRequest>

export const leaveGroupResponse = message({
  name: 'LeaveGroupResponse',
  key: 13,
  type: 'response',
  versions: '0-5',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16('0+'),
    members: array('3+', {
      memberId: string('3+'),
      groupInstanceId: string('3+', { nullable: '3+' }),
      errorCode: int16('3+')
    })
  }
})
export type LeaveGroupResponse = ValueOf<typeof leaveGroupResponse>

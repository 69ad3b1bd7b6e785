// SyncGroup (14): request and response in every version.
import { array, bytes, int16, int32, message, string, type ValueOf } from '../schema.js'

export const syncGroupRequest = message({
  name: 'SyncGroupRequest',
  key: 14,
  type: 'request',
  versions: '0-5',
  flexible: '4+',
  fields: {
    groupId: string('0+'),
    generationId: int32('0+'),
    memberId: string('0+'),
    groupInstanceId: string('3+', { nullable: '3+', default: null }),
    protocolType: string('5+', { nullable: '5+', default: null, ignorable: true }),
    protocolName: string('5+', { nullable: '5+', default: null, ignorable: true }),
    assignments: array('0+', {
      memberId: string('0+'),
      assignment: bytes('0+')
    })
  }
})
export type SyncGroupRequest = ValueOf<typeof syncGroupRequest>

export const syncGroupResponse = message({
  name: 'SyncGroupResponse',
  key: 14,
  type: 'response',
  versions: '0-5',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16('0+'),
    protocolType: string('5+', { nullable: '5+', default: null, ignorable: true }),
    protocolName: string('5+', { nullable: '5+', default: null, ignorable: true }),
    assignment: bytes('0+')
  }
})
export type SyncGroupResponse = ValueOf<typeof syncGroupResponse>

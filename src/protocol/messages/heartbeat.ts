// Heartbeat (12): request and response in every version.
import { int16, int32, message, string, type ValueOf } from '../schema.js'

export const heartbeatRequest = message({
  name: 'HeartbeatRequest',
  key: 12,
  type: 'request',
  versions: '0-4',
  flexible: '4+',
  fields: {
    groupId: string('0+'),
    generationId: int32('0+'),
    memberId: string('0+'),
    groupInstanceId: string('3+', { nullable: '3+', default: null })
  }
})
export type HeartbeatRequest = ValueOf<typeof heartbeatRequest>

export const heartbeatResponse = message({
  name: 'HeartbeatResponse',
  key: 12,
  type: 'response',
  versions: '0-4',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16('0+')
  }
})
export type HeartbeatResponse = ValueOf<typeof heartbeatResponse>

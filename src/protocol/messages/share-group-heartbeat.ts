// ShareGroupHeartbeat (76): request and response in every version.
import { array, int16, int32, list, message, string, struct, uuid, type ValueOf } from '../schema.js'

export const shareGroupHeartbeatRequest = message({
  name: 'ShareGroupHeartbeatRequest',
  key: 76,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    groupId: string('0+'),
    memberId: string('0+'),
    memberEpoch: int32('0+'),
    rackId: string('0+', { nullable: '0+', default: null }),
    subscribedTopicNames: list('string', '0+', { nullable: '0+', default: null })
  }
})
export type ShareGroupHeartbeatRequest = ValueOf<typeof shareGroupHeartbeatRequest>

const topicPartitionsFields = {
  topicId: uuid('0+'),
  partitions: list('int32', '0+')
}

export const shareGroupHeartbeatResponse = message({
  name: 'ShareGroupHeartbeatResponse',
  key: 76,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    memberId: string('0+', { nullable: '0+', default: null }),
    memberEpoch: int32('0+'),
    heartbeatIntervalMs: int32('0+'),
    assignment: struct(
      '0+',
      {
        topicPartitions: array('0+', topicPartitionsFields)
      },
      { nullable: '0+', default: null }
    )
  }
})
export type ShareGroupHeartbeatResponse = ValueOf<typeof shareGroupHeartbeatResponse>

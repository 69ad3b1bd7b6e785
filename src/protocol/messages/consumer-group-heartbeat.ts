// ConsumerGroupHeartbeat (68): request and response in every version. Version 1 is Kafka 4.0's: a pattern of topics, and ids
// of members that they make themselves.
import { array, int16, int32, list, message, string, struct, uuid, type ValueOf } from '../schema.js'

export const consumerGroupHeartbeatRequest = message({
  name: 'ConsumerGroupHeartbeatRequest',
  key: 68,
  type: 'request',
  versions: '0-1',
  flexible: '0+',
  fields: {
    groupId: string('0+'),
    memberId: string('0+'),
    memberEpoch: int32('0+'),
    instanceId: string('0+', { nullable: '0+', default: null }),
    rackId: string('0+', { nullable: '0+', default: null }),
    rebalanceTimeoutMs: int32('0+', { default: -1 }),
    subscribedTopicNames: list('string', '0+', { nullable: '0+', default: null }),
    subscribedTopicRegex: string('1+', { nullable: '1+', default: null }),
    serverAssignor: string('0+', { nullable: '0+', default: null }),
    topicPartitions: array(
      '0+',
      {
        topicId: uuid('0+'),
        partitions: list('int32', '0+')
      },
      { nullable: '0+', default: null }
    )
  }
})
export type ConsumerGroupHeartbeatRequest = ValueOf<typeof consumerGroupHeartbeatRequest>

const topicPartitionsFields = {
  topicId: uuid('0+'),
  partitions: list('int32', '0+')
}

export const consumerGroupHeartbeatResponse = message({
  name: 'ConsumerGroupHeartbeatResponse',
  key: 68,
  type: 'response',
  versions: '0-1',
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
export type ConsumerGroupHeartbeatResponse = ValueOf<typeof consumerGroupHeartbeatResponse>

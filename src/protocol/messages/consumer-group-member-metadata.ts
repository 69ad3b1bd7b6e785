// ConsumerGroupMemberMetadata: stored or embedded data, every version.
import { array, bytes, int32, list, message, string, struct, type ValueOf } from '../schema.js'

export const consumerGroupMemberMetadataKey = message({
  name: 'ConsumerGroupMemberMetadataKey',
  type: 'data',
  versions: '5',
  flexible: 'none',
  fields: {
    groupId: string('5'),
    memberId: string('5')
  }
})
export type ConsumerGroupMemberMetadataKey = ValueOf<typeof consumerGroupMemberMetadataKey>

export const consumerGroupMemberMetadataValue = message({
  name: 'ConsumerGroupMemberMetadataValue',
  type: 'data',
  versions: '0',
  flexible: '0+',
  fields: {
    instanceId: string('0+', { nullable: '0+' }),
    rackId: string('0+', { nullable: '0+' }),
    clientId: string('0+'),
    clientHost: string('0+'),
    subscribedTopicNames: list('string', '0+'),
    subscribedTopicRegex: string('0+', { nullable: '0+' }),
    rebalanceTimeoutMs: int32('0+', { default: -1 }),
    serverAssignor: string('0+', { nullable: '0+' }),
    classicMemberMetadata: struct(
      '0+',
      {
        sessionTimeoutMs: int32('0+'),
        supportedProtocols: array('0+', {
          name: string('0+'),
          metadata: bytes('0+')
        })
      },
      { nullable: '0+', tag: 0, tagged: '0+' }
    )
  }
})
export type ConsumerGroupMemberMetadataValue = ValueOf<typeof consumerGroupMemberMetadataValue>

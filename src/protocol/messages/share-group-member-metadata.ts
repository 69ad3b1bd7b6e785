// ShareGroupMemberMetadata: stored or embedded data, every version.
import { list, message, string, type ValueOf } from '../schema.js'

export const shareGroupMemberMetadataKey = message({
  name: 'ShareGroupMemberMetadataKey',
  type: 'data',
  versions: '10',
  flexible: 'none',
  fields: {
    groupId: string('10'),
    memberId: string('10')
  }
})
export type ShareGroupMemberMetadataKey = ValueOf<typeof shareGroupMemberMetadataKey>

export const shareGroupMemberMetadataValue = message({
  name: 'ShareGroupMemberMetadataValue',
  type: 'data',
  versions: '0',
  flexible: '0+',
  fields: {
    rackId: string('0+', { nullable: '0+' }),
    clientId: string('0+'),
    clientHost: string('0+'),
    subscribedTopicNames: list('string', '0+')
  }
})
export type ShareGroupMemberMetadataValue = ValueOf<typeof shareGroupMemberMetadataValue>

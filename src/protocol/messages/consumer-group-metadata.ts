// ConsumerGroupMetadata: stored or embedded data, every version.
import { int32, message, string, type ValueOf } from '../schema.js'

export const consumerGroupMetadataKey = message({
  name: 'ConsumerGroupMetadataKey',
  type: 'data',
  versions: '3',
  flexible: 'none',
  fields: {
    groupId: string('3')
  }
})
export type ConsumerGroupMetadataKey = ValueOf<typeof consumerGroupMetadataKey>

export const consumerGroupMetadataValue = message({
  name: 'ConsumerGroupMetadataValue',
  type: 'data',
  versions: '0',
  flexible: '0+',
  fields: {
    epoch: int32('0+')
  }
})
export type ConsumerGroupMetadataValue = ValueOf<typeof consumerGroupMetadataValue>

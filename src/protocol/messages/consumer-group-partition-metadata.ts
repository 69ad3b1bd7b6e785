// ConsumerGroupPartitionMetadata: stored or embedded data, every version.
import { array, int32, list, message, string, uuid, type ValueOf } from '../schema.js'

export const consumerGroupPartitionMetadataKey = message({
  name: 'ConsumerGroupPartitionMetadataKey',
  type: 'data',
  versions: '4',
  flexible: 'none',
  fields: {
    groupId: string('4')
  }
})
export type ConsumerGroupPartitionMetadataKey = ValueOf<typeof consumerGroupPartitionMetadataKey>

export const consumerGroupPartitionMetadataValue = message({
  name: 'ConsumerGroupPartitionMetadataValue',
  type: 'data',
  versions: '0',
  flexible: '0+',
  fields: {
    topics: array('0+', {
      topicId: uuid('0+'),
      topicName: string('0+'),
      numPartitions: int32('0+'),
      partitionMetadata: array('0+', {
        partition: int32('0+'),
        racks: list('string', '0+')
      })
    })
  }
})
export type ConsumerGroupPartitionMetadataValue = ValueOf<typeof consumerGroupPartitionMetadataValue>

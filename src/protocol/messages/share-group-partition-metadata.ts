// ShareGroupPartitionMetadata: stored or embedded data, every version.
import { array, list, message, string, uuid, type ValueOf } from '../schema.js'

export const shareGroupPartitionMetadataKey = message({
  name: 'ShareGroupPartitionMetadataKey',
  type: 'data',
  versions: '9',
  flexible: 'none',
  fields: {
    groupId: string('9')
  }
})
export type ShareGroupPartitionMetadataKey = ValueOf<typeof shareGroupPartitionMetadataKey>

const topicPartitionsInfoFields = {
  topicId: uuid('0+'),
  topicName: string('0+'),
  partitions: list('int32', '0+')
}

const topicInfoFields = {
  topicId: uuid('0+'),
  topicName: string('0+')
}

export const shareGroupPartitionMetadataValue = message({
  name: 'ShareGroupPartitionMetadataValue',
  type: 'data',
  versions: '0',
  flexible: '0+',
  fields: {
    initializedTopics: array('0+', topicPartitionsInfoFields),
    deletingTopics: array('0+', topicInfoFields)
  }
})
export type ShareGroupPartitionMetadataValue = ValueOf<typeof shareGroupPartitionMetadataValue>

// ConsumerGroupTargetAssignmentMetadata: stored or embedded data, every version.
import { int32, message, string, type ValueOf } from '../schema.js'

export const consumerGroupTargetAssignmentMetadataKey = message({
  name: 'ConsumerGroupTargetAssignmentMetadataKey',
  type: 'data',
  versions: '6',
  flexible: 'none',
  fields: {
    groupId: string('6')
  }
})
export type ConsumerGroupTargetAssignmentMetadataKey = ValueOf<
  typeof consumerGroupTargetAssignmentMetadataKey
>

export const consumerGroupTargetAssignmentMetadataValue = message({
  name: 'ConsumerGroupTargetAssignmentMetadataValue',
  type: 'data',
  versions: '0',
  flexible: '0+',
  fields: {
    assignmentEpoch: int32('0+')
  }
})
export type ConsumerGroupTargetAssignmentMetadataValue = ValueOf<
  typeof consumerGroupTargetAssignmentMetadataValue
>

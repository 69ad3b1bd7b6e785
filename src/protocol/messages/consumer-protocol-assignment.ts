// ConsumerProtocolAssignment: stored or embedded data, every version.
import { array, bytes, list, message, string, type ValueOf } from '../schema.js'

export const consumerProtocolAssignment = message({
  name: 'ConsumerProtocolAssignment',
  type: 'data',
  versions: '0-3',
  flexible: 'none',
  fields: {
    assignedPartitions: array('0+', {
      topic: string('0+'),
      partitions: list('int32', '0+')
    }),
    userData: bytes('0+', { nullable: '0+', default: null })
  }
})
export type ConsumerProtocolAssignment = ValueOf<typeof consumerProtocolAssignment>

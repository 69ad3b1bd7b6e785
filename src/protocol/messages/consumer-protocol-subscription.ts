// ConsumerProtocolSubscription: stored or embedded data, every version.
import { array, bytes, int32, list, message, string, type ValueOf } from '../schema.js'

export const consumerProtocolSubscription = message({
  name: 'ConsumerProtocolSubscription',
  type: 'data',
  versions: '0-3',
  flexible: 'none',
  fields: {
    topics: list('string', '0+'),
    userData: bytes('0+', { nullable: '0+', default: null }),
    ownedPartitions: array(
      '1+',
      {
        topic: string('1+'),
        partitions: list('int32', '1+')
      },
      { ignorable: true }
    ),
    generationId: int32('2+', { default: -1, ignorable: true }),
    rackId: string('3+', { nullable: '3+', default: null, ignorable: true })
  }
})
export type ConsumerProtocolSubscription = ValueOf<typeof consumerProtocolSubscription>

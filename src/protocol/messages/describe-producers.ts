// DescribeProducers (61): request and response in every version.
import { array, int16, int32, int64, list, message, string, type ValueOf } from '../schema.js'

export const describeProducersRequest = message({
  name: 'DescribeProducersRequest',
  key: 61,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    topics: array('0+', {
      name: string('0+'),
      partitionIndexes: list('int32', '0+')
    })
  }
})
export type DescribeProducersRequest = ValueOf<typeof describeProducersRequest>

export const describeProducersResponse = message({
  name: 'DescribeProducersResponse',
  key: 61,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+', default: null }),
        activeProducers: array('0+', {
          producerId: int64('0+'),
          producerEpoch: int32('0+'),
          lastSequence: int32('0+', { default: -1 }),
          lastTimestamp: int64('0+', { default: -1n }),
          coordinatorEpoch: int32('0+'),
          currentTxnStartOffset: int64('0+', { default: -1n })
        })
      })
    })
  }
})
export type DescribeProducersResponse = ValueOf<typeof describeProducersResponse>

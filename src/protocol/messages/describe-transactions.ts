// DescribeTransactions (65): request and response in every version.
import { array, int16, int32, int64, list, message, string, type ValueOf } from '../schema.js'

export const describeTransactionsRequest = message({
  name: 'DescribeTransactionsRequest',
  key: 65,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    transactionalIds: list('string', '0+')
  }
})
export type DescribeTransactionsRequest = ValueOf<typeof describeTransactionsRequest>

export const describeTransactionsResponse = message({
  name: 'DescribeTransactionsResponse',
  key: 65,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    transactionStates: array('0+', {
      errorCode: int16('0+'),
      transactionalId: string('0+'),
      transactionState: string('0+'),
      transactionTimeoutMs: int32('0+'),
      transactionStartTimeMs: int64('0+'),
      producerId: int64('0+'),
      producerEpoch: int16('0+'),
      topics: array('0+', {
        topic: string('0+'),
        partitions: list('int32', '0+')
      })
    })
  }
})
export type DescribeTransactionsResponse = ValueOf<typeof describeTransactionsResponse>

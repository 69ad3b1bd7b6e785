// TransactionLog: stored or embedded data, every version.
import { array, int8, int16, int32, int64, list, message, string, type ValueOf } from '../schema.js'

export const transactionLogKey = message({
  name: 'TransactionLogKey',
  type: 'data',
  versions: '0',
  flexible: 'none',
  fields: {
    transactionalId: string('0')
  }
})
export type TransactionLogKey = ValueOf<typeof transactionLogKey>

export const transactionLogValue = message({
  name: 'TransactionLogValue',
  type: 'data',
  versions: '0-1',
  flexible: '1+',
  fields: {
    producerId: int64('0+'),
    producerEpoch: int16('0+'),
    transactionTimeoutMs: int32('0+'),
    transactionStatus: int8('0+'),
    transactionPartitions: array(
      '0+',
      {
        topic: string('0+'),
        partitionIds: list('int32', '0+')
      },
      { nullable: '0+' }
    ),
    transactionLastUpdateTimestampMs: int64('0+'),
    transactionStartTimestampMs: int64('0+')
  }
})
export type TransactionLogValue = ValueOf<typeof transactionLogValue>

// ListTransactions (66): request and response in every version.
import { array, int16, int32, int64, list, message, string, type ValueOf } from '../schema.js'

export const listTransactionsRequest = message({
  name: 'ListTransactionsRequest',
  key: 66,
  type: 'request',
  versions: '0-1',
  flexible: '0+',
  fields: {
    stateFilters: list('string', '0+'),
    producerIdFilters: list('int64', '0+'),
    durationFilter: int64('1+', { default: -1n })
  }
})
export type ListTransactionsRequest = ValueOf<typeof listTransactionsRequest>

export const listTransactionsResponse = message({
  name: 'ListTransactionsResponse',
  key: 66,
  type: 'response',
  versions: '0-1',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    unknownStateFilters: list('string', '0+'),
    transactionStates: array('0+', {
      transactionalId: string('0+'),
      producerId: int64('0+'),
      transactionState: string('0+')
    })
  }
})
export type ListTransactionsResponse = ValueOf<typeof listTransactionsResponse>

// WriteTxnMarkers (27): request and response in every version.
import { array, bool, int16, int32, int64, list, message, string, type ValueOf } from '../schema.js'

export const writeTxnMarkersRequest = message({
  name: 'WriteTxnMarkersRequest',
  key: 27,
  type: 'request',
  versions: '0-1',
  flexible: '1+',
  fields: {
    markers: array('0+', {
      producerId: int64('0+'),
      producerEpoch: int16('0+'),
      transactionResult: bool('0+'),
      topics: array('0+', {
        name: string('0+'),
        partitionIndexes: list('int32', '0+')
      }),
      coordinatorEpoch: int32('0+')
    })
  }
})
export type WriteTxnMarkersRequest = ValueOf<typeof writeTxnMarkersRequest>

export const writeTxnMarkersResponse = message({
  name: 'WriteTxnMarkersResponse',
  key: 27,
  type: 'response',
  versions: '0-1',
  flexible: '1+',
  fields: {
    markers: array('0+', {
      producerId: int64('0+'),
      topics: array('0+', {
        name: string('0+'),
        partitions: array('0+', {
          partitionIndex: int32('0+'),
          errorCode: int16('0+')
        })
      })
    })
  }
})
export type WriteTxnMarkersResponse = ValueOf<typeof writeTxnMarkersResponse>

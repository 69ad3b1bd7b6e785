// AddOffsetsToTxn (25): request and response in every version.
import { int16, int32, int64, message, string, type ValueOf } from '../schema.js'

export const addOffsetsToTxnRequest = message({
  name: 'AddOffsetsToTxnRequest',
  key: 25,
  type: 'request',
  versions: '0-4',
  flexible: '3+',
  fields: {
    transactionalId: string('0+'),
    producerId: int64('0+'),
    producerEpoch: int16('0+'),
    groupId: string('0+')
  }
})
export type AddOffsetsToTxnRequest = ValueOf<typeof addOffsetsToTxnRequest>

export const addOffsetsToTxnResponse = message({
  name: 'AddOffsetsToTxnResponse',
  key: 25,
  type: 'response',
  versions: '0-4',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+')
  }
})
export type AddOffsetsToTxnResponse = ValueOf<typeof addOffsetsToTxnResponse>

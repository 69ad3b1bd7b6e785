// EndTxn (26): request and response in every version.
import { bool, int16, int32, int64, message, string, type ValueOf } from '../schema.js'

export const endTxnRequest = message({
  name: 'EndTxnRequest',
  key: 26,
  type: 'request',
  versions: '0-4',
  flexible: '3+',
  fields: {
    transactionalId: string('0+'),
    producerId: int64('0+'),
    producerEpoch: int16('0+'),
    committed: bool('0+')
  }
})
export type EndTxnRequest = ValueOf<typeof endTxnRequest>

export const endTxnResponse = message({
  name: 'EndTxnResponse',
  key: 26,
  type: 'response',
  versions: '0-4',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+')
  }
})
export type EndTxnResponse = ValueOf<typeof endTxnResponse>

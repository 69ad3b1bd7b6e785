// ExpireDelegationToken (40): request and response in every version.
import { bytes, int16, int32, int64, message, type ValueOf } from '../schema.js'

export const expireDelegationTokenRequest = message({
  name: 'ExpireDelegationTokenRequest',
  key: 40,
  type: 'request',
  versions: '0-2',
  flexible: '2+',
  fields: {
    hmac: bytes('0+'),
    expiryTimePeriodMs: int64('0+')
  }
})
export type ExpireDelegationTokenRequest = ValueOf<typeof expireDelegationTokenRequest>

export const expireDelegationTokenResponse = message({
  name: 'ExpireDelegationTokenResponse',
  key: 40,
  type: 'response',
  versions: '0-2',
  flexible: '2+',
  fields: {
    errorCode: int16('0+'),
    expiryTimestampMs: int64('0+'),
    throttleTimeMs: int32('0+')
  }
})
export type ExpireDelegationTokenResponse = ValueOf<typeof expireDelegationTokenResponse>

// RenewDelegationToken (39): request and response in every version.
import { bytes, int16, int32, int64, message, type ValueOf } from '../schema.js'

export const renewDelegationTokenRequest = message({
  name: 'RenewDelegationTokenRequest',
  key: 39,
  type: 'request',
  versions: '0-2',
  flexible: '2+',
  fields: {
    hmac: bytes('0+'),
    renewPeriodMs: int64('0+')
  }
})
export type RenewDelegationTokenRequest = ValueOf<typeof renewDelegationTokenRequest>

export const renewDelegationTokenResponse = message({
  name: 'RenewDelegationTokenResponse',
  key: 39,
  type: 'response',
  versions: '0-2',
  flexible: '2+',
  fields: {
    errorCode: int16('0+'),
    expiryTimestampMs: int64('0+'),
    throttleTimeMs: int32('0+')
  }
})
export type RenewDelegationTokenResponse = ValueOf<typeof renewDelegationTokenResponse>

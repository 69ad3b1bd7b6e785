// CreateDelegationToken (38): request and response in every version.
import { array, bytes, int16, int32, int64, message, string, type ValueOf } from '../schema.js'

export const createDelegationTokenRequest = message({
  name: 'CreateDelegationTokenRequest',
  key: 38,
  type: 'request',
  versions: '0-3',
  flexible: '2+',
  fields: {
    ownerPrincipalType: string('3+', { nullable: '3+' }),
    ownerPrincipalName: string('3+', { nullable: '3+' }),
    renewers: array('0+', {
      principalType: string('0+'),
      principalName: string('0+')
    }),
    maxLifetimeMs: int64('0+')
  }
})
export type CreateDelegationTokenRequest = ValueOf<typeof createDelegationTokenRequest>

export const createDelegationTokenResponse = message({
  name: 'CreateDelegationTokenResponse',
  key: 38,
  type: 'response',
  versions: '0-3',
  flexible: '2+',
  fields: {
    errorCode: int16('0+'),
    principalType: string('0+'),
    principalName: string('0+'),
    tokenRequesterPrincipalType: string('3+'),
    tokenRequesterPrincipalName: string('3+'),
    issueTimestampMs: int64('0+'),
    expiryTimestampMs: int64('0+'),
    maxTimestampMs: int64('0+'),
    tokenId: string('0+'),
    hmac: bytes('0+'),
    throttleTimeMs: int32('0+')
  }
})
export type CreateDelegationTokenResponse = ValueOf<typeof createDelegationTokenResponse>

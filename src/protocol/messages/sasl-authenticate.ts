// SaslAuthenticate (36): request and response in every version.
import { bytes, int16, int64, message, string, type ValueOf } from '../schema.js'

export const saslAuthenticateRequest = message({
  name: 'SaslAuthenticateRequest',
  key: 36,
  type: 'request',
  versions: '0-2',
  flexible: '2+',
  fields: {
    authBytes: bytes('0+')
  }
})
export type SaslAuthenticateRequest = ValueOf<typeof saslAuthenticateRequest>

export const saslAuthenticateResponse = message({
  name: 'SaslAuthenticateResponse',
  key: 36,
  type: 'response',
  versions: '0-2',
  flexible: '2+',
  fields: {
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    authBytes: bytes('0+'),
    sessionLifetimeMs: int64('1+', { ignorable: true })
  }
})
export type SaslAuthenticateResponse = ValueOf<typeof saslAuthenticateResponse>

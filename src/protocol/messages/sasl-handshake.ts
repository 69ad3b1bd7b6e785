// SaslHandshake (17): request and response in every version.
import { int16, list, message, string, type ValueOf } from '../schema.js'

export const saslHandshakeRequest = message({
  name: 'SaslHandshakeRequest',
  key: 17,
  type: 'request',
  versions: '0-1',
  flexible: 'none',
  fields: {
    mechanism: string('0+')
  }
})
export type SaslHandshakeRequest = ValueOf<typeof saslHandshakeRequest>

export const saslHandshakeResponse = message({
  name: 'SaslHandshakeResponse',
  key: 17,
  type: 'response',
  versions: '0-1',
  flexible: 'none',
  fields: {
    errorCode: int16('0+'),
    mechanisms: list('string', '0+')
  }
})
export type SaslHandshakeResponse = ValueOf<typeof saslHandshakeResponse>

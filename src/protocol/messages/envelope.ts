// Envelope (58): request and response in every version.
import { bytes, int16, message, type ValueOf } from '../schema.js'

export const envelopeRequest = message({
  name: 'EnvelopeRequest',
  key: 58,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    requestData: bytes('0+'),
    requestPrincipal: bytes('0+', { nullable: '0+' }),
    clientHostAddress: bytes('0+')
  }
})
export type EnvelopeRequest = ValueOf<typeof envelopeRequest>

export const envelopeResponse = message({
  name: 'EnvelopeResponse',
  key: 58,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    responseData: bytes('0+', { nullable: '0+', default: null }),
    errorCode: int16('0+')
  }
})
export type EnvelopeResponse = ValueOf<typeof envelopeResponse>

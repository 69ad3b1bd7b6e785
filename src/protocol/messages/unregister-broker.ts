// UnregisterBroker (64): request and response in every version.
import { int16, int32, message, string, type ValueOf } from '../schema.js'

export const unregisterBrokerRequest = message({
  name: 'UnregisterBrokerRequest',
  key: 64,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    brokerId: int32('0+')
  }
})
export type UnregisterBrokerRequest = ValueOf<typeof unregisterBrokerRequest>

export const unregisterBrokerResponse = message({
  name: 'UnregisterBrokerResponse',
  key: 64,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' })
  }
})
export type UnregisterBrokerResponse = ValueOf<typeof unregisterBrokerResponse>

// AlterUserScramCredentials (51): request and response in every version.
import { array, bytes, int8, int16, int32, message, string, type ValueOf } from '../schema.js'

export const alterUserScramCredentialsRequest = message({
  name: 'AlterUserScramCredentialsRequest',
  key: 51,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    deletions: array('0+', {
      name: string('0+'),
      mechanism: int8('0+')
    }),
    upsertions: array('0+', {
      name: string('0+'),
      mechanism: int8('0+'),
      iterations: int32('0+'),
      salt: bytes('0+'),
      saltedPassword: bytes('0+')
    })
  }
})
export type AlterUserScramCredentialsRequest = ValueOf<typeof alterUserScramCredentialsRequest>

export const alterUserScramCredentialsResponse = message({
  name: 'AlterUserScramCredentialsResponse',
  key: 51,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    results: array('0+', {
      user: string('0+'),
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+' })
    })
  }
})
export type AlterUserScramCredentialsResponse = ValueOf<typeof alterUserScramCredentialsResponse>

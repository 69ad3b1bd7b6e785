// DescribeUserScramCredentials (50): request and response in every version.
import { array, int8, int16, int32, message, string, type ValueOf } from '../schema.js'

export const describeUserScramCredentialsRequest = message({
  name: 'DescribeUserScramCredentialsRequest',
  key: 50,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    users: array(
      '0+',
      {
        name: string('0+')
      },
      { nullable: '0+' }
    )
  }
})
export type DescribeUserScramCredentialsRequest = ValueOf<typeof describeUserScramCredentialsRequest>

export const describeUserScramCredentialsResponse = message({
  name: 'DescribeUserScramCredentialsResponse',
  key: 50,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    results: array('0+', {
      user: string('0+'),
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+' }),
      credentialInfos: array('0+', {
        mechanism: int8('0+'),
        iterations: int32('0+')
      })
    })
  }
})
export type DescribeUserScramCredentialsResponse = ValueOf<typeof describeUserScramCredentialsResponse>

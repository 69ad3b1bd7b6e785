// Header: headers in front of every request and response.
import { int16, int32, message, string, type ValueOf } from '../schema.js'

export const requestHeader = message({
  name: 'RequestHeader',
  type: 'header',
  versions: '0-2',
  flexible: '2+',
  fields: {
    requestApiKey: int16('0+'),
    requestApiVersion: int16('0+'),
    correlationId: int32('0+'),
    clientId: string('1+', { nullable: '1+', ignorable: true, flexible: 'none' })
  }
})
export type RequestHeader = ValueOf<typeof requestHeader>

export const responseHeader = message({
  name: 'ResponseHeader',
  type: 'header',
  versions: '0-1',
  flexible: '1+',
  fields: {
    correlationId: int32('0+')
  }
})
export type ResponseHeader = ValueOf<typeof responseHeader>

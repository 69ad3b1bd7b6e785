// AlterConfigs (33): request and response in every version.
import { array, bool, int8, int16, int32, message, string, type ValueOf } from '../schema.js'

export const alterConfigsRequest = message({
  name: 'AlterConfigsRequest',
  key: 33,
  type: 'request',
  versions: '0-2',
  flexible: '2+',
  fields: {
    resources: array('0+', {
      resourceType: int8('0+'),
      resourceName: string('0+'),
      configs: array('0+', {
        name: string('0+'),
        value: string('0+', { nullable: '0+' })
      })
    }),
    validateOnly: bool('0+')
  }
})
export type AlterConfigsRequest = ValueOf<typeof alterConfigsRequest>

export const alterConfigsResponse = message({
  name: 'AlterConfigsResponse',
  key: 33,
  type: 'response',
  versions: '0-2',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32('0+'),
    responses: array('0+', {
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+' }),
      resourceType: int8('0+'),
      resourceName: string('0+')
    })
  }
})
export type AlterConfigsResponse = ValueOf<typeof alterConfigsResponse>

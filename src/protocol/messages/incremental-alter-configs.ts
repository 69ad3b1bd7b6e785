// IncrementalAlterConfigs (44): request and response in every version.
import { array, bool, int8, int16, int32, message, string, type ValueOf } from '../schema.js'

export const incrementalAlterConfigsRequest = message({
  name: 'IncrementalAlterConfigsRequest',
  key: 44,
  type: 'request',
  versions: '0-1',
  flexible: '1+',
  fields: {
    resources: array('0+', {
      resourceType: int8('0+'),
      resourceName: string('0+'),
      configs: array('0+', {
        name: string('0+'),
        configOperation: int8('0+'),
        value: string('0+', { nullable: '0+' })
      })
    }),
    validateOnly: bool('0+')
  }
})
export type IncrementalAlterConfigsRequest = ValueOf<typeof incrementalAlterConfigsRequest>

export const incrementalAlterConfigsResponse = message({
  name: 'IncrementalAlterConfigsResponse',
  key: 44,
  type: 'response',
  versions: '0-1',
  flexible: '1+',
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
export type IncrementalAlterConfigsResponse = ValueOf<typeof incrementalAlterConfigsResponse>

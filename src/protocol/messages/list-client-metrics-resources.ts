// ListClientMetricsResources (74): request and response in every version.
import { array, int16, int32, message, string, type ValueOf } from '../schema.js'

export const listClientMetricsResourcesRequest = message({
  name: 'ListClientMetricsResourcesRequest',
  key: 74,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {}
})
export type ListClientMetricsResourcesRequest = ValueOf<typeof listClientMetricsResourcesRequest>

export const listClientMetricsResourcesResponse = message({
  name: 'ListClientMetricsResourcesResponse',
  key: 74,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    clientMetricsResources: array('0+', {
      name: string('0+')
    })
  }
})
export type ListClientMetricsResourcesResponse = ValueOf<typeof listClientMetricsResourcesResponse>

// CreateAcls (30): request and response in every version.
import { array, int8, int16, int32, message, string, type ValueOf } from '../schema.js'

export const createAclsRequest = message({
  name: 'CreateAclsRequest',
  key: 30,
  type: 'request',
  versions: '0-3',
  flexible: '2+',
  fields: {
    creations: array('0+', {
      resourceType: int8('0+'),
      resourceName: string('0+'),
      resourcePatternType: int8('1+', { default: 3 }),
      principal: string('0+'),
      host: string('0+'),
      operation: int8('0+'),
      permissionType: int8('0+')
    })
  }
})
export type CreateAclsRequest = ValueOf<typeof createAclsRequest>

export const createAclsResponse = message({
  name: 'CreateAclsResponse',
  key: 30,
  type: 'response',
  versions: '0-3',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32('0+'),
    results: array('0+', {
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+' })
    })
  }
})
export type CreateAclsResponse = ValueOf<typeof createAclsResponse>

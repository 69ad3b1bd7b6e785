// DeleteAcls (31): request and response in every version.
import { array, int8, int16, int32, message, string, type ValueOf } from '../schema.js'

export const deleteAclsRequest = message({
  name: 'DeleteAclsRequest',
  key: 31,
  type: 'request',
  versions: '0-3',
  flexible: '2+',
  fields: {
    filters: array('0+', {
      resourceTypeFilter: int8('0+'),
      resourceNameFilter: string('0+', { nullable: '0+' }),
      patternTypeFilter: int8('1+', { default: 3 }),
      principalFilter: string('0+', { nullable: '0+' }),
      hostFilter: string('0+', { nullable: '0+' }),
      operation: int8('0+'),
      permissionType: int8('0+')
    })
  }
})
export type DeleteAclsRequest = ValueOf<typeof deleteAclsRequest>

export const deleteAclsResponse = message({
  name: 'DeleteAclsResponse',
  key: 31,
  type: 'response',
  versions: '0-3',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32('0+'),
    filterResults: array('0+', {
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+' }),
      matchingAcls: array('0+', {
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+' }),
        resourceType: int8('0+'),
        resourceName: string('0+'),
        patternType: int8('1+', { default: 3 }),
        principal: string('0+'),
        host: string('0+'),
        operation: int8('0+'),
        permissionType: int8('0+')
      })
    })
  }
})
export type DeleteAclsResponse = ValueOf<typeof deleteAclsResponse>

// DeleteGroups (42): request and response in every version.
import { array, int16, int32, list, message, string, type ValueOf } from '../schema.js'

export const deleteGroupsRequest = message({
  name: 'DeleteGroupsRequest',
  key: 42,
  type: 'request',
  versions: '0-2',
  flexible: '2+',
  fields: {
    groupsNames: list('string', '0+')
  }
})
export type DeleteGroupsRequest = ValueOf<typeof deleteGroupsRequest>

export const deleteGroupsResponse = message({
  name: 'DeleteGroupsResponse',
  key: 42,
  type: 'response',
  versions: '0-2',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32('0+'),
    results: array('0+', {
      groupId: string('0+'),
      errorCode: int16('0+')
    })
  }
})
export type DeleteGroupsResponse = ValueOf<typeof deleteGroupsResponse>

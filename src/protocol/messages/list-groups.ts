// ListGroups (16): request and response in every version.
import { array, int16, int32, list, message, string, type ValueOf } from '../schema.js'

export const listGroupsRequest = message({
  name: 'ListGroupsRequest',
  key: 16,
  type: 'request',
  versions: '0-5',
  flexible: '3+',
  fields: {
    statesFilter: list('string', '4+'),
    typesFilter: list('string', '5+')
  }
})
export type ListGroupsRequest = ValueOf<typeof listGroupsRequest>

export const listGroupsResponse = message({
  name: 'ListGroupsResponse',
  key: 16,
  type: 'response',
  versions: '0-5',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16('0+'),
    groups: array('0+', {
      groupId: string('0+'),
      protocolType: string('0+'),
      groupState: string('4+', { ignorable: true }),
      groupType: string('5+', { ignorable: true })
    })
  }
})
export type ListGroupsResponse = ValueOf<typeof listGroupsResponse>

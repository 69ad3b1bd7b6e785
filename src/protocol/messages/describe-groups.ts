// DescribeGroups (15): request and response in every version.
import { array, bool, bytes, int16, int32, list, message, string, type ValueOf } from '../schema.js'

export const describeGroupsRequest = message({
  name: 'DescribeGroupsRequest',
  key: 15,
  type: 'request',
  versions: '0-5',
  flexible: '5+',
  fields: {
    groups: list('string', '0+'),
    includeAuthorizedOperations: bool('3+')
  }
})
export type DescribeGroupsRequest = ValueOf<typeof describeGroupsRequest>

export const describeGroupsResponse = message({
  name: 'DescribeGroupsResponse',
  key: 15,
  type: 'response',
  versions: '0-5',
  flexible: '5+',
  fields: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    groups: array('0+', {
      errorCode: int16('0+'),
      groupId: string('0+'),
      groupState: string('0+'),
      protocolType: string('0+'),
      protocolData: string('0+'),
      members: array('0+', {
        memberId: string('0+'),
        groupInstanceId: string('4+', { nullable: '4+', default: null, ignorable: true }),
        clientId: string('0+'),
        clientHost: string('0+'),
        memberMetadata: bytes('0+'),
        memberAssignment: bytes('0+')
      }),
      authorizedOperations: int32('3+', { default: -2147483648 })
    })
  }
})
export type DescribeGroupsResponse = ValueOf<typeof describeGroupsResponse>

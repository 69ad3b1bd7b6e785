// FindCoordinator (10): request and response in every version.
import { array, int8, int16, int32, list, message, string, type ValueOf } from '../schema.js'

export const findCoordinatorRequest = message({
  name: 'FindCoordinatorRequest',
  key: 10,
  type: 'request',
  versions: '0-6',
  flexible: '3+',
  fields: {
    key: string('0-3'),
    keyType: int8('1+'),
    coordinatorKeys: list('string', '4+')
  }
})
export type FindCoordinatorRequest = ValueOf<typeof findCoordinatorRequest>

export const findCoordinatorResponse = message({
  name: 'FindCoordinatorResponse',
  key: 10,
  type: 'response',
  versions: '0-6',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16('0-3'),
    errorMessage: string('1-3', { nullable: '1-3', ignorable: true }),
    nodeId: int32('0-3'),
    host: string('0-3'),
    port: int32('0-3'),
    coordinators: array('4+', {
      key: string('4+'),
      nodeId: int32('4+'),
      host: string('4+'),
      port: int32('4+'),
      errorCode: int16('4+'),
      errorMessage: string('4+', { nullable: '4+', ignorable: true })
    })
  }
})
export type FindCoordinatorResponse = ValueOf<typeof findCoordinatorResponse>

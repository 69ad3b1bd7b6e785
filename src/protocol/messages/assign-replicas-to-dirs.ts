// AssignReplicasToDirs (73): request and response in every version.
import { array, int16, int32, int64, message, uuid, type ValueOf } from '../schema.js'

export const assignReplicasToDirsRequest = message({
  name: 'AssignReplicasToDirsRequest',
  key: 73,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    brokerId: int32('0+'),
    brokerEpoch: int64('0+', { default: -1n }),
    directories: array('0+', {
      id: uuid('0+'),
      topics: array('0+', {
        topicId: uuid('0+'),
        partitions: array('0+', {
          partitionIndex: int32('0+')
        })
      })
    })
  }
})
export type AssignReplicasToDirsRequest = ValueOf<typeof assignReplicasToDirsRequest>

export const assignReplicasToDirsResponse = message({
  name: 'AssignReplicasToDirsResponse',
  key: 73,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    directories: array('0+', {
      id: uuid('0+'),
      topics: array('0+', {
        topicId: uuid('0+'),
        partitions: array('0+', {
          partitionIndex: int32('0+'),
          errorCode: int16('0+')
        })
      })
    })
  }
})
export type AssignReplicasToDirsResponse = ValueOf<typeof assignReplicasToDirsResponse>

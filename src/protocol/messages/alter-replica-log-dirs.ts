// AlterReplicaLogDirs (34): request and response in every version.
import { array, int16, int32, list, message, string, type ValueOf } from '../schema.js'

export const alterReplicaLogDirsRequest = message({
  name: 'AlterReplicaLogDirsRequest',
  key: 34,
  type: 'request',
  versions: '0-2',
  flexible: '2+',
  fields: {
    dirs: array('0+', {
      path: string('0+'),
      topics: array('0+', {
        name: string('0+'),
        partitions: list('int32', '0+')
      })
    })
  }
})
export type AlterReplicaLogDirsRequest = ValueOf<typeof alterReplicaLogDirsRequest>

export const alterReplicaLogDirsResponse = message({
  name: 'AlterReplicaLogDirsResponse',
  key: 34,
  type: 'response',
  versions: '0-2',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32('0+'),
    results: array('0+', {
      topicName: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+')
      })
    })
  }
})
export type AlterReplicaLogDirsResponse = ValueOf<typeof alterReplicaLogDirsResponse>

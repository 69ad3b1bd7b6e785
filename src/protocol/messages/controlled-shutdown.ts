// ControlledShutdown (7): request and response in every version.
import { array, int16, int32, int64, message, string, type ValueOf } from '../schema.js'

export const controlledShutdownRequest = message({
  name: 'ControlledShutdownRequest',
  key: 7,
  type: 'request',
  versions: '0-3',
  flexible: '3+',
  fields: {
    brokerId: int32('0+'),
    brokerEpoch: int64('2+', { default: -1n, ignorable: true })
  }
})
export type ControlledShutdownRequest = ValueOf<typeof controlledShutdownRequest>

export const controlledShutdownResponse = message({
  name: 'ControlledShutdownResponse',
  key: 7,
  type: 'response',
  versions: '0-3',
  flexible: '3+',
  fields: {
    errorCode: int16('0+'),
    remainingPartitions: array('0+', {
      topicName: string('0+'),
      partitionIndex: int32('0+')
    })
  }
})
export type ControlledShutdownResponse = ValueOf<typeof controlledShutdownResponse>

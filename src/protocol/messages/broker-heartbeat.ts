// BrokerHeartbeat (63): request and response in every version.
import { bool, int16, int32, int64, list, message, type ValueOf } from '../schema.js'

export const brokerHeartbeatRequest = message({
  name: 'BrokerHeartbeatRequest',
  key: 63,
  type: 'request',
  versions: '0-1',
  flexible: '0+',
  fields: {
    brokerId: int32('0+'),
    brokerEpoch: int64('0+', { default: -1n }),
    currentMetadataOffset: int64('0+'),
    wantFence: bool('0+'),
    wantShutDown: bool('0+'),
    offlineLogDirs: list('uuid', '1+', { tag: 0, tagged: '1+' })
  }
})
export type BrokerHeartbeatRequest = ValueOf<typeof brokerHeartbeatRequest>

export const brokerHeartbeatResponse = message({
  name: 'BrokerHeartbeatResponse',
  key: 63,
  type: 'response',
  versions: '0-1',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    isCaughtUp: bool('0+'),
    isFenced: bool('0+', { default: true }),
    shouldShutDown: bool('0+')
  }
})
export type BrokerHeartbeatResponse = ValueOf<typeof brokerHeartbeatResponse>

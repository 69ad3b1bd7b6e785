// BrokerRegistration (62): request and response in every version.
import {
  array,
  bool,
  int16,
  int32,
  int64,
  list,
  message,
  string,
  uint16,
  uuid,
  type ValueOf
} from '../schema.js'

export const brokerRegistrationRequest = message({
  name: 'BrokerRegistrationRequest',
  key: 62,
  type: 'request',
  versions: '0-4',
  flexible: '0+',
  fields: {
    brokerId: int32('0+'),
    clusterId: string('0+'),
    incarnationId: uuid('0+'),
    listeners: array('0+', {
      name: string('0+'),
      host: string('0+'),
      port: uint16('0+'),
      securityProtocol: int16('0+')
    }),
    features: array('0+', {
      name: string('0+'),
      minSupportedVersion: int16('0+'),
      maxSupportedVersion: int16('0+')
    }),
    rack: string('0+', { nullable: '0+' }),
    isMigratingZkBroker: bool('1+'),
    logDirs: list('uuid', '2+', { ignorable: true }),
    previousBrokerEpoch: int64('3+', { default: -1n, ignorable: true })
  }
})
export type BrokerRegistrationRequest = ValueOf<typeof brokerRegistrationRequest>

export const brokerRegistrationResponse = message({
  name: 'BrokerRegistrationResponse',
  key: 62,
  type: 'response',
  versions: '0-4',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    brokerEpoch: int64('0+', { default: -1n })
  }
})
export type BrokerRegistrationResponse = ValueOf<typeof brokerRegistrationResponse>

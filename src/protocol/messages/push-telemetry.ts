// PushTelemetry (72): request and response in every version.
import { bool, bytes, int8, int16, int32, message, uuid, type ValueOf } from '../schema.js'

export const pushTelemetryRequest = message({
  name: 'PushTelemetryRequest',
  key: 72,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    clientInstanceId: uuid('0+'),
    subscriptionId: int32('0+'),
    terminating: bool('0+'),
    compressionType: int8('0+'),
    metrics: bytes('0+')
  }
})
export type PushTelemetryRequest = ValueOf<typeof pushTelemetryRequest>

export const pushTelemetryResponse = message({
  name: 'PushTelemetryResponse',
  key: 72,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+')
  }
})
export type PushTelemetryResponse = ValueOf<typeof pushTelemetryResponse>

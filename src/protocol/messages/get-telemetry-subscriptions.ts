// GetTelemetrySubscriptions (71): request and response in every version.
import { bool, int16, int32, list, message, uuid, type ValueOf } from '../schema.js'

export const getTelemetrySubscriptionsRequest = message({
  name: 'GetTelemetrySubscriptionsRequest',
  key: 71,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    clientInstanceId: uuid('0+')
  }
})
export type GetTelemetrySubscriptionsRequest = ValueOf<typeof getTelemetrySubscriptionsRequest>

export const getTelemetrySubscriptionsResponse = message({
  name: 'GetTelemetrySubscriptionsResponse',
  key: 71,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    clientInstanceId: uuid('0+'),
    subscriptionId: int32('0+'),
    acceptedCompressionTypes: list('int8', '0+'),
    pushIntervalMs: int32('0+'),
    telemetryMaxBytes: int32('0+'),
    deltaTemporality: bool('0+'),
    requestedMetrics: list('string', '0+')
  }
})
export type GetTelemetrySubscriptionsResponse = ValueOf<typeof getTelemetrySubscriptionsResponse>

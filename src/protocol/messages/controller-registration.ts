// ControllerRegistration (70): request and response in every version.
import { array, bool, int16, int32, message, string, uint16, uuid, type ValueOf } from '../schema.js'

export const controllerRegistrationRequest = message({
  name: 'ControllerRegistrationRequest',
  key: 70,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    controllerId: int32('0+'),
    incarnationId: uuid('0+'),
    zkMigrationReady: bool('0+'),
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
    })
  }
})
export type ControllerRegistrationRequest = ValueOf<typeof controllerRegistrationRequest>

export const controllerRegistrationResponse = message({
  name: 'ControllerRegistrationResponse',
  key: 70,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' })
  }
})
export type ControllerRegistrationResponse = ValueOf<typeof controllerRegistrationResponse>

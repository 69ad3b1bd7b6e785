// UpdateFeatures (57): request and response in every version.
import { array, bool, int8, int16, int32, message, string, type ValueOf } from '../schema.js'

export const updateFeaturesRequest = message({
  name: 'UpdateFeaturesRequest',
  key: 57,
  type: 'request',
  versions: '0-1',
  flexible: '0+',
  fields: {
    timeoutMs: int32('0+', { default: 60000 }),
    featureUpdates: array('0+', {
      feature: string('0+'),
      maxVersionLevel: int16('0+'),
      allowDowngrade: bool('0'),
      upgradeType: int8('1+', { default: 1 })
    }),
    validateOnly: bool('1+')
  }
})
export type UpdateFeaturesRequest = ValueOf<typeof updateFeaturesRequest>

export const updateFeaturesResponse = message({
  name: 'UpdateFeaturesResponse',
  key: 57,
  type: 'response',
  versions: '0-1',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    results: array('0+', {
      feature: string('0+'),
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+' })
    })
  }
})
export type UpdateFeaturesResponse = ValueOf<typeof updateFeaturesResponse>

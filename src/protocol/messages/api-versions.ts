// ApiVersions (18): request and response in every version.
import { array, bool, int16, int32, int64, message, string, type ValueOf } from '../schema.js'

export const apiVersionsRequest = message({
  name: 'ApiVersionsRequest',
  key: 18,
  type: 'request',
  versions: '0-4',
  flexible: '3+',
  fields: {
    clientSoftwareName: string('3+', { ignorable: true }),
    clientSoftwareVersion: string('3+', { ignorable: true })
  }
})
export type ApiVersionsRequest = ValueOf<typeof apiVersionsRequest>

export const apiVersionsResponse = message({
  name: 'ApiVersionsResponse',
  key: 18,
  type: 'response',
  versions: '0-4',
  flexible: '3+',
  fields: {
    errorCode: int16('0+'),
    apiKeys: array('0+', {
      apiKey: int16('0+'),
      minVersion: int16('0+'),
      maxVersion: int16('0+')
    }),
    throttleTimeMs: int32('1+', { ignorable: true }),
    supportedFeatures: array(
      '3+',
      {
        name: string('3+'),
        minVersion: int16('3+'),
        maxVersion: int16('3+')
      },
      { tag: 0, tagged: '3+', ignorable: true }
    ),
    finalizedFeaturesEpoch: int64('3+', { default: -1n, tag: 1, tagged: '3+', ignorable: true }),
    finalizedFeatures: array(
      '3+',
      {
        name: string('3+'),
        maxVersionLevel: int16('3+'),
        minVersionLevel: int16('3+')
      },
      { tag: 2, tagged: '3+', ignorable: true }
    ),
    zkMigrationReady: bool('3+', { tag: 3, tagged: '3+', ignorable: true })
  },
  errors: {
    UNSUPPORTED_VERSION: 'a version that is not served: answered in v0 with the served range',
    INVALID_REQUEST: 'v3+: software name or version is not well-formed'
  }
})
export type ApiVersionsResponse = ValueOf<typeof apiVersionsResponse>

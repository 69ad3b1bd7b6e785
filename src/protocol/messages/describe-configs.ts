// DescribeConfigs (32): request and response in every version.
import { array, bool, int8, int16, int32, list, message, string, type ValueOf } from '../schema.js'

export const describeConfigsRequest = message({
  name: 'DescribeConfigsRequest',
  key: 32,
  type: 'request',
  versions: '0-4',
  flexible: '4+',
  fields: {
    resources: array('0+', {
      resourceType: int8('0+'),
      resourceName: string('0+'),
      configurationKeys: list('string', '0+', { nullable: '0+' })
    }),
    includeSynonyms: bool('1+'),
    includeDocumentation: bool('3+')
  }
})
export type DescribeConfigsRequest = ValueOf<typeof describeConfigsRequest>

export const describeConfigsResponse = message({
  name: 'DescribeConfigsResponse',
  key: 32,
  type: 'response',
  versions: '0-4',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32('0+'),
    results: array('0+', {
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+' }),
      resourceType: int8('0+'),
      resourceName: string('0+'),
      configs: array('0+', {
        name: string('0+'),
        value: string('0+', { nullable: '0+' }),
        readOnly: bool('0+'),
        isDefault: bool('0'),
        configSource: int8('1+', { default: -1, ignorable: true }),
        isSensitive: bool('0+'),
        synonyms: array(
          '1+',
          {
            name: string('1+'),
            value: string('1+', { nullable: '0+' }),
            source: int8('1+')
          },
          { ignorable: true }
        ),
        configType: int8('3+', { ignorable: true }),
        documentation: string('3+', { nullable: '0+', ignorable: true })
      })
    })
  },
  errors: {
    UNKNOWN_TOPIC_OR_PARTITION: 'no such topic',
    INVALID_TOPIC_EXCEPTION: 'not a legal topic name',
    INVALID_REQUEST: 'a resource type or broker that is not here'
  }
})
export type DescribeConfigsResponse = ValueOf<typeof describeConfigsResponse>

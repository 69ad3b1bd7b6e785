// DescribeClientQuotas (48): request and response in every version.
import { array, bool, float64, int8, int16, int32, message, string, type ValueOf } from '../schema.js'

export const describeClientQuotasRequest = message({
  name: 'DescribeClientQuotasRequest',
  key: 48,
  type: 'request',
  versions: '0-1',
  flexible: '1+',
  fields: {
    components: array('0+', {
      entityType: string('0+'),
      matchType: int8('0+'),
      match: string('0+', { nullable: '0+' })
    }),
    strict: bool('0+')
  }
})
export type DescribeClientQuotasRequest = ValueOf<typeof describeClientQuotasRequest>

export const describeClientQuotasResponse = message({
  name: 'DescribeClientQuotasResponse',
  key: 48,
  type: 'response',
  versions: '0-1',
  flexible: '1+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    entries: array(
      '0+',
      {
        entity: array('0+', {
          entityType: string('0+'),
          entityName: string('0+', { nullable: '0+' })
        }),
        values: array('0+', {
          key: string('0+'),
          value: float64('0+')
        })
      },
      { nullable: '0+' }
    )
  }
})
export type DescribeClientQuotasResponse = ValueOf<typeof describeClientQuotasResponse>

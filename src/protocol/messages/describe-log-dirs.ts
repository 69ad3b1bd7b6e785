// DescribeLogDirs (35): request and response in every version.
import { array, bool, int16, int32, int64, list, message, string, type ValueOf } from '../schema.js'

export const describeLogDirsRequest = message({
  name: 'DescribeLogDirsRequest',
  key: 35,
  type: 'request',
  versions: '0-4',
  flexible: '2+',
  fields: {
    topics: array(
      '0+',
      {
        topic: string('0+'),
        partitions: list('int32', '0+')
      },
      { nullable: '0+' }
    )
  }
})
export type DescribeLogDirsRequest = ValueOf<typeof describeLogDirsRequest>

export const describeLogDirsResponse = message({
  name: 'DescribeLogDirsResponse',
  key: 35,
  type: 'response',
  versions: '0-4',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('3+', { ignorable: true }),
    results: array('0+', {
      errorCode: int16('0+'),
      logDir: string('0+'),
      topics: array('0+', {
        name: string('0+'),
        partitions: array('0+', {
          partitionIndex: int32('0+'),
          partitionSize: int64('0+'),
          offsetLag: int64('0+'),
          isFutureKey: bool('0+')
        })
      }),
      totalBytes: int64('4+', { default: -1n, ignorable: true }),
      usableBytes: int64('4+', { default: -1n, ignorable: true })
    })
  }
})
export type DescribeLogDirsResponse = ValueOf<typeof describeLogDirsResponse>

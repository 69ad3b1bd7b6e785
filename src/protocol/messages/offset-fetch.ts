// OffsetFetch (9): request and response in every version.
import { array, bool, int16, int32, int64, list, message, string, type ValueOf } from '../schema.js'

export const offsetFetchRequest = message({
  name: 'OffsetFetchRequest',
  key: 9,
  type: 'request',
  versions: '0-9',
  flexible: '6+',
  fields: {
    groupId: string('0-7'),
    topics: array(
      '0-7',
      {
        name: string('0-7'),
        partitionIndexes: list('int32', '0-7')
      },
      { nullable: '2-7' }
    ),
    groups: array('8+', {
      groupId: string('8+'),
      memberId: string('9+', { nullable: '9+', default: null, ignorable: true }),
      memberEpoch: int32('9+', { default: -1, ignorable: true }),
      topics: array(
        '8+',
        {
          name: string('8+'),
          partitionIndexes: list('int32', '8+')
        },
        { nullable: '8+' }
      )
    }),
    requireStable: bool('7+')
  }
})
export type OffsetFetchRequest = ValueOf<typeof offsetFetchRequest>

export const offsetFetchResponse = message({
  name: 'OffsetFetchResponse',
  key: 9,
  type: 'response',
  versions: '0-9',
  flexible: '6+',
  fields: {
    throttleTimeMs: int32('3+', { ignorable: true }),
    topics: array('0-7', {
      name: string('0-7'),
      partitions: array('0-7', {
        partitionIndex: int32('0-7'),
        committedOffset: int64('0-7'),
        committedLeaderEpoch: int32('5-7', { default: -1, ignorable: true }),
        metadata: string('0-7', { nullable: '0-7' }),
        errorCode: int16('0-7')
      })
    }),
    errorCode: int16('2-7', { ignorable: true }),
    groups: array('8+', {
      groupId: string('8+'),
      topics: array('8+', {
        name: string('8+'),
        partitions: array('8+', {
          partitionIndex: int32('8+'),
          committedOffset: int64('8+'),
          committedLeaderEpoch: int32('8+', { default: -1, ignorable: true }),
          metadata: string('8+', { nullable: '8+' }),
          errorCode: int16('8+')
        })
      }),
      errorCode: int16('8+')
    })
  }
})
export type OffsetFetchResponse = ValueOf<typeof offsetFetchResponse>

// CreatePartitions (37): request and response in every version.
import { array, bool, int16, int32, list, message, string, type ValueOf } from '../schema.js'

export const createPartitionsRequest = message({
  name: 'CreatePartitionsRequest',
  key: 37,
  type: 'request',
  versions: '0-3',
  flexible: '2+',
  fields: {
    topics: array('0+', {
      name: string('0+'),
      count: int32('0+'),
      assignments: array(
        '0+',
        {
          brokerIds: list('int32', '0+')
        },
        { nullable: '0+' }
      )
    }),
    timeoutMs: int32('0+'),
    validateOnly: bool('0+')
  }
})
export type CreatePartitionsRequest = ValueOf<typeof createPartitionsRequest>

export const createPartitionsResponse = message({
  name: 'CreatePartitionsResponse',
  key: 37,
  type: 'response',
  versions: '0-3',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32('0+'),
    results: array('0+', {
      name: string('0+'),
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+', default: null })
    })
  },
  errors: {
    NOT_CONTROLLER: 'another broker is the controller',
    UNKNOWN_TOPIC_OR_PARTITION: 'no such topic',
    INVALID_PARTITIONS: 'the count is not larger than now',
    INVALID_REPLICA_ASSIGNMENT: 'the assignment does not fit',
    INVALID_REQUEST: 'the topic is named twice',
    INVALID_TOPIC_EXCEPTION: 'the topic is being deleted'
  }
})
export type CreatePartitionsResponse = ValueOf<typeof createPartitionsResponse>

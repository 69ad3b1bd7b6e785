// CreateTopics (19): request and response in every version.
import { array, bool, int8, int16, int32, list, message, string, uuid, type ValueOf } from '../schema.js'

export const createTopicsRequest = message({
  name: 'CreateTopicsRequest',
  key: 19,
  type: 'request',
  versions: '0-7',
  flexible: '5+',
  fields: {
    topics: array('0+', {
      name: string('0+'),
      numPartitions: int32('0+'),
      replicationFactor: int16('0+'),
      assignments: array('0+', {
        partitionIndex: int32('0+'),
        brokerIds: list('int32', '0+')
      }),
      configs: array('0+', {
        name: string('0+'),
        value: string('0+', { nullable: '0+' })
      })
    }),
    timeoutMs: int32('0+', { default: 60000 }),
    validateOnly: bool('1+')
  }
})
export type CreateTopicsRequest = ValueOf<typeof createTopicsRequest>

export const createTopicsResponse = message({
  name: 'CreateTopicsResponse',
  key: 19,
  type: 'response',
  versions: '0-7',
  flexible: '5+',
  fields: {
    throttleTimeMs: int32('2+', { ignorable: true }),
    topics: array('0+', {
      name: string('0+'),
      topicId: uuid('7+', { ignorable: true }),
      errorCode: int16('0+'),
      errorMessage: string('1+', { nullable: '0+', ignorable: true }),
      topicConfigErrorCode: int16('5+', { tag: 0, tagged: '5+', ignorable: true }),
      numPartitions: int32('5+', { default: -1, ignorable: true }),
      replicationFactor: int16('5+', { default: -1, ignorable: true }),
      configs: array(
        '5+',
        {
          name: string('5+'),
          value: string('5+', { nullable: '5+' }),
          readOnly: bool('5+'),
          configSource: int8('5+', { default: -1, ignorable: true }),
          isSensitive: bool('5+')
        },
        { nullable: '5+', ignorable: true }
      )
    })
  },
  errors: {
    NOT_CONTROLLER: 'another broker is the controller',
    TOPIC_ALREADY_EXISTS: 'the name is taken',
    INVALID_TOPIC_EXCEPTION: 'not a legal name, or it collides with one in metric names',
    INVALID_PARTITIONS: 'fewer than one partition',
    INVALID_REPLICATION_FACTOR: 'fewer than one, or more than there are brokers',
    INVALID_REPLICA_ASSIGNMENT: 'gaps, duplicates or unknown brokers',
    INVALID_CONFIG: 'an unknown or unacceptable topic configuration',
    INVALID_REQUEST: 'the topic is named twice, or counts and an assignment are both given',
    REQUEST_TIMED_OUT: 'not finished within timeoutMs; it will be'
  }
})
export type CreateTopicsResponse = ValueOf<typeof createTopicsResponse>

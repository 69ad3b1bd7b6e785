// DeleteTopics (20): request and response in every version.
import { array, int16, int32, list, message, string, uuid, type ValueOf } from '../schema.js'

export const deleteTopicsRequest = message({
  name: 'DeleteTopicsRequest',
  key: 20,
  type: 'request',
  versions: '0-6',
  flexible: '4+',
  fields: {
    topics: array('6+', {
      name: string('6+', { nullable: '6+', default: null }),
      topicId: uuid('6+')
    }),
    topicNames: list('string', '0-5', { ignorable: true }),
    timeoutMs: int32('0+')
  }
})
export type DeleteTopicsRequest = ValueOf<typeof deleteTopicsRequest>

export const deleteTopicsResponse = message({
  name: 'DeleteTopicsResponse',
  key: 20,
  type: 'response',
  versions: '0-6',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    responses: array('0+', {
      name: string('0+', { nullable: '6+' }),
      topicId: uuid('6+', { ignorable: true }),
      errorCode: int16('0+'),
      errorMessage: string('5+', { nullable: '5+', default: null, ignorable: true })
    })
  },
  errors: {
    NOT_CONTROLLER: 'another broker is the controller',
    UNKNOWN_TOPIC_OR_PARTITION: 'no such topic',
    UNKNOWN_TOPIC_ID: 'v6: no topic has this id',
    TOPIC_DELETION_DISABLED: 'delete.topic.enable=false',
    INVALID_REQUEST: 'name and id both given',
    REQUEST_TIMED_OUT: 'not finished within timeoutMs; it will be'
  }
})
export type DeleteTopicsResponse = ValueOf<typeof deleteTopicsResponse>

// Produce (0): request and response in every version.
import { array, int16, int32, int64, message, records, string, struct, type ValueOf } from '../schema.js'

export const produceRequest = message({
  name: 'ProduceRequest',
  key: 0,
  type: 'request',
  versions: '0-11',
  flexible: '9+',
  fields: {
    transactionalId: string('3+', { nullable: '3+', default: null }),
    acks: int16('0+'),
    timeoutMs: int32('0+'),
    topicData: array('0+', {
      name: string('0+'),
      partitionData: array('0+', {
        index: int32('0+'),
        records: records('0+', { nullable: '0+' })
      })
    })
  }
})
export type ProduceRequest = ValueOf<typeof produceRequest>

export const produceResponse = message({
  name: 'ProduceResponse',
  key: 0,
  type: 'response',
  versions: '0-11',
  flexible: '9+',
  fields: {
    responses: array('0+', {
      name: string('0+'),
      partitionResponses: array('0+', {
        index: int32('0+'),
        errorCode: int16('0+'),
        baseOffset: int64('0+'),
        logAppendTimeMs: int64('2+', { default: -1n, ignorable: true }),
        logStartOffset: int64('5+', { default: -1n, ignorable: true }),
        recordErrors: array(
          '8+',
          {
            batchIndex: int32('8+'),
            batchIndexErrorMessage: string('8+', { nullable: '8+', default: null })
          },
          { ignorable: true }
        ),
        errorMessage: string('8+', { nullable: '8+', default: null, ignorable: true }),
        currentLeader: struct(
          '10+',
          {
            leaderId: int32('10+', { default: -1 }),
            leaderEpoch: int32('10+', { default: -1 })
          },
          { tag: 0, tagged: '10+' }
        )
      })
    }),
    throttleTimeMs: int32('1+', { ignorable: true }),
    nodeEndpoints: array(
      '10+',
      {
        nodeId: int32('10+'),
        host: string('10+'),
        port: int32('10+'),
        rack: string('10+', { nullable: '10+', default: null })
      },
      { tag: 0, tagged: '10+' }
    )
  },
  errors: {
    TOPIC_AUTHORIZATION_FAILED: 'the principal may not write to the topic',
    UNKNOWN_TOPIC_OR_PARTITION: 'the partition is not in the metadata of this broker',
    INVALID_RECORD: 'v3+: not exactly one batch of magic 2, or a record breaks a rule of its topic',
    UNSUPPORTED_COMPRESSION_TYPE: 'zstd below v7',
    INVALID_REQUIRED_ACKS: 'acks is none of -1, 0, 1',
    INVALID_TOPIC_EXCEPTION: 'an internal topic, and the client is not the admin client',
    NOT_LEADER_OR_FOLLOWER: 'another broker leads the partition',
    KAFKA_STORAGE_ERROR: 'the log directory of the partition is offline',
    NOT_ENOUGH_REPLICAS: 'acks=-1 and fewer replicas in sync than min.insync.replicas; nothing is written',
    MESSAGE_TOO_LARGE: 'a batch is larger than max.message.bytes',
    CORRUPT_MESSAGE: 'size, magic or checksum of a batch is wrong',
    INVALID_TIMESTAMP: "a timestamp lies outside the topic's limits",
    OUT_OF_ORDER_SEQUENCE_NUMBER: "a gap in the producer's sequence",
    INVALID_PRODUCER_EPOCH: 'a newer producer with this id has written',
    REQUEST_TIMED_OUT: 'acks=-1 and not replicated within timeoutMs; the data stays'
  }
})
export type ProduceResponse = ValueOf<typeof produceResponse>

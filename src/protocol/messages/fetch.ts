// Fetch (1): request and response in every version.
import {
  array,
  int8,
  int16,
  int32,
  int64,
  list,
  message,
  records,
  string,
  struct,
  uuid,
  type ValueOf
} from '../schema.js'

export const fetchRequest = message({
  name: 'FetchRequest',
  key: 1,
  type: 'request',
  versions: '0-17',
  flexible: '12+',
  fields: {
    clusterId: string('12+', { nullable: '12+', default: null, tag: 0, tagged: '12+', ignorable: true }),
    replicaId: int32('0-14', { default: -1 }),
    replicaState: struct(
      '15+',
      {
        replicaId: int32('15+', { default: -1 }),
        replicaEpoch: int64('15+', { default: -1n })
      },
      { tag: 1, tagged: '15+' }
    ),
    maxWaitMs: int32('0+'),
    minBytes: int32('0+'),
    maxBytes: int32('3+', { default: 2147483647, ignorable: true }),
    isolationLevel: int8('4+', { ignorable: true }),
    sessionId: int32('7+', { ignorable: true }),
    sessionEpoch: int32('7+', { default: -1, ignorable: true }),
    topics: array('0+', {
      topic: string('0-12', { ignorable: true }),
      topicId: uuid('13+', { ignorable: true }),
      partitions: array('0+', {
        partition: int32('0+'),
        currentLeaderEpoch: int32('9+', { default: -1, ignorable: true }),
        fetchOffset: int64('0+'),
        lastFetchedEpoch: int32('12+', { default: -1 }),
        logStartOffset: int64('5+', { default: -1n, ignorable: true }),
        partitionMaxBytes: int32('0+'),
        replicaDirectoryId: uuid('17+', { tag: 0, tagged: '17+', ignorable: true })
      })
    }),
    forgottenTopicsData: array('7+', {
      topic: string('7-12', { ignorable: true }),
      topicId: uuid('13+', { ignorable: true }),
      partitions: list('int32', '7+')
    }),
    rackId: string('11+', { ignorable: true })
  }
})
export type FetchRequest = ValueOf<typeof fetchRequest>

export const fetchResponse = message({
  name: 'FetchResponse',
  key: 1,
  type: 'response',
  versions: '0-17',
  flexible: '12+',
  fields: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16('7+', { ignorable: true }),
    sessionId: int32('7+'),
    responses: array('0+', {
      topic: string('0-12', { ignorable: true }),
      topicId: uuid('13+', { ignorable: true }),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        highWatermark: int64('0+'),
        lastStableOffset: int64('4+', { default: -1n, ignorable: true }),
        logStartOffset: int64('5+', { default: -1n, ignorable: true }),
        divergingEpoch: struct(
          '12+',
          {
            epoch: int32('12+', { default: -1 }),
            endOffset: int64('12+', { default: -1n })
          },
          { tag: 0, tagged: '12+' }
        ),
        currentLeader: struct(
          '12+',
          {
            leaderId: int32('12+', { default: -1 }),
            leaderEpoch: int32('12+', { default: -1 })
          },
          { tag: 1, tagged: '12+' }
        ),
        snapshotId: struct(
          '12+',
          {
            endOffset: int64('0+', { default: -1n }),
            epoch: int32('0+', { default: -1 })
          },
          { tag: 2, tagged: '12+' }
        ),
        abortedTransactions: array(
          '4+',
          {
            producerId: int64('4+'),
            firstOffset: int64('4+')
          },
          { nullable: '4+', ignorable: true }
        ),
        preferredReadReplica: int32('11+', { default: -1 }),
        records: records('0+', { nullable: '0+' })
      })
    }),
    nodeEndpoints: array(
      '16+',
      {
        nodeId: int32('16+'),
        host: string('16+'),
        port: int32('16+'),
        rack: string('16+', { nullable: '16+', default: null })
      },
      { tag: 0, tagged: '16+' }
    )
  },
  errors: {
    FETCH_SESSION_ID_NOT_FOUND: 'the session was evicted or never existed',
    INVALID_FETCH_SESSION_EPOCH: 'not the epoch that was expected next',
    FETCH_SESSION_TOPIC_ID_ERROR: 'names and ids mixed in one session',
    UNKNOWN_TOPIC_ID: 'v13+: no topic has this id',
    UNKNOWN_TOPIC_OR_PARTITION: 'the partition is not in the metadata of this broker',
    NOT_LEADER_OR_FOLLOWER: 'another broker leads the partition',
    FENCED_LEADER_EPOCH: "currentLeaderEpoch is older than the broker's",
    UNKNOWN_LEADER_EPOCH: "currentLeaderEpoch is newer than the broker's",
    INCONSISTENT_TOPIC_ID: 'the log belongs to another topic of this name',
    OFFSET_OUT_OF_RANGE: 'below the log start or above the log end',
    UNSUPPORTED_COMPRESSION_TYPE: 'zstd for a version below 10',
    UNSUPPORTED_VERSION: 'a conversion is needed and switched off',
    KAFKA_STORAGE_ERROR: 'the log directory of the partition is offline'
  }
})
export type FetchResponse = ValueOf<typeof fetchResponse>

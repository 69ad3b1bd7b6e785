// Metadata (3): request and response in every version.
import { array, bool, int16, int32, list, message, string, uuid, type ValueOf } from '../schema.js'

export const metadataRequest = message({
  name: 'MetadataRequest',
  key: 3,
  type: 'request',
  versions: '0-12',
  flexible: '9+',
  fields: {
    topics: array(
      '0+',
      {
        topicId: uuid('10+', { ignorable: true }),
        name: string('0+', { nullable: '10+' })
      },
      { nullable: '1+' }
    ),
    allowAutoTopicCreation: bool('4+', { default: true }),
    includeClusterAuthorizedOperations: bool('8-10'),
    includeTopicAuthorizedOperations: bool('8+')
  }
})
export type MetadataRequest = ValueOf<typeof metadataRequest>

export const metadataResponse = message({
  name: 'MetadataResponse',
  key: 3,
  type: 'response',
  versions: '0-12',
  flexible: '9+',
  fields: {
    throttleTimeMs: int32('3+', { ignorable: true }),
    brokers: array('0+', {
      nodeId: int32('0+'),
      host: string('0+'),
      port: int32('0+'),
      rack: string('1+', { nullable: '1+', default: null, ignorable: true })
    }),
    clusterId: string('2+', { nullable: '2+', default: null, ignorable: true }),
    controllerId: int32('1+', { default: -1, ignorable: true }),
    topics: array('0+', {
      errorCode: int16('0+'),
      name: string('0+', { nullable: '12+' }),
      topicId: uuid('10+', { ignorable: true }),
      isInternal: bool('1+', { ignorable: true }),
      partitions: array('0+', {
        errorCode: int16('0+'),
        partitionIndex: int32('0+'),
        leaderId: int32('0+'),
        leaderEpoch: int32('7+', { default: -1, ignorable: true }),
        replicaNodes: list('int32', '0+'),
        isrNodes: list('int32', '0+'),
        offlineReplicas: list('int32', '5+', { ignorable: true })
      }),
      topicAuthorizedOperations: int32('8+', { default: -2147483648 })
    }),
    clusterAuthorizedOperations: int32('8-10', { default: -2147483648 })
  },
  errors: {
    UNKNOWN_TOPIC_OR_PARTITION: 'no such topic and it is not created',
    UNKNOWN_TOPIC_ID: 'v12+: no topic has this id',
    INVALID_TOPIC_EXCEPTION: 'not a legal topic name',
    LEADER_NOT_AVAILABLE: 'the topic is being created, or its leader is down',
    INVALID_REPLICATION_FACTOR: 'auto-creation needs more brokers',
    INVALID_REQUEST: 'an id or a null name in a version that has no such thing'
  }
})
export type MetadataResponse = ValueOf<typeof metadataResponse>

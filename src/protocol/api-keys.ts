// The API keys of Kafka 3.9: names, versions, and from which version on the message is flexible.

export interface ApiKey {
  readonly key: number
  readonly name: string
  readonly versions: readonly [min: number, max: number]
  /** Versions from here on have compact lengths and tagged fields; undefined: none does. */
  readonly firstFlexible: number | undefined
  readonly listeners: readonly string[]
}

export const apiKeys: readonly ApiKey[] = [
  { key: 0, name: 'Produce', versions: [0, 11], firstFlexible: 9, listeners: ['zkBroker', 'broker'] },
  {
    key: 1,
    name: 'Fetch',
    versions: [0, 17],
    firstFlexible: 12,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  { key: 2, name: 'ListOffsets', versions: [0, 9], firstFlexible: 6, listeners: ['zkBroker', 'broker'] },
  { key: 3, name: 'Metadata', versions: [0, 12], firstFlexible: 9, listeners: ['zkBroker', 'broker'] },
  { key: 4, name: 'LeaderAndIsr', versions: [0, 7], firstFlexible: 4, listeners: ['zkBroker'] },
  { key: 5, name: 'StopReplica', versions: [0, 4], firstFlexible: 2, listeners: ['zkBroker'] },
  { key: 6, name: 'UpdateMetadata', versions: [0, 8], firstFlexible: 6, listeners: ['zkBroker'] },
  {
    key: 7,
    name: 'ControlledShutdown',
    versions: [0, 3],
    firstFlexible: 3,
    listeners: ['zkBroker', 'controller']
  },
  { key: 8, name: 'OffsetCommit', versions: [0, 9], firstFlexible: 8, listeners: ['zkBroker', 'broker'] },
  { key: 9, name: 'OffsetFetch', versions: [0, 9], firstFlexible: 6, listeners: ['zkBroker', 'broker'] },
  { key: 10, name: 'FindCoordinator', versions: [0, 6], firstFlexible: 3, listeners: ['zkBroker', 'broker'] },
  { key: 11, name: 'JoinGroup', versions: [0, 9], firstFlexible: 6, listeners: ['zkBroker', 'broker'] },
  { key: 12, name: 'Heartbeat', versions: [0, 4], firstFlexible: 4, listeners: ['zkBroker', 'broker'] },
  { key: 13, name: 'LeaveGroup', versions: [0, 5], firstFlexible: 4, listeners: ['zkBroker', 'broker'] },
  { key: 14, name: 'SyncGroup', versions: [0, 5], firstFlexible: 4, listeners: ['zkBroker', 'broker'] },
  { key: 15, name: 'DescribeGroups', versions: [0, 5], firstFlexible: 5, listeners: ['zkBroker', 'broker'] },
  { key: 16, name: 'ListGroups', versions: [0, 5], firstFlexible: 3, listeners: ['zkBroker', 'broker'] },
  {
    key: 17,
    name: 'SaslHandshake',
    versions: [0, 1],
    firstFlexible: undefined,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  {
    key: 18,
    name: 'ApiVersions',
    versions: [0, 4],
    firstFlexible: 3,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  {
    key: 19,
    name: 'CreateTopics',
    versions: [0, 7],
    firstFlexible: 5,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  {
    key: 20,
    name: 'DeleteTopics',
    versions: [0, 6],
    firstFlexible: 4,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  { key: 21, name: 'DeleteRecords', versions: [0, 2], firstFlexible: 2, listeners: ['zkBroker', 'broker'] },
  { key: 22, name: 'InitProducerId', versions: [0, 5], firstFlexible: 2, listeners: ['zkBroker', 'broker'] },
  {
    key: 23,
    name: 'OffsetForLeaderEpoch',
    versions: [0, 4],
    firstFlexible: 4,
    listeners: ['zkBroker', 'broker']
  },
  {
    key: 24,
    name: 'AddPartitionsToTxn',
    versions: [0, 5],
    firstFlexible: 3,
    listeners: ['zkBroker', 'broker']
  },
  { key: 25, name: 'AddOffsetsToTxn', versions: [0, 4], firstFlexible: 3, listeners: ['zkBroker', 'broker'] },
  { key: 26, name: 'EndTxn', versions: [0, 4], firstFlexible: 3, listeners: ['zkBroker', 'broker'] },
  { key: 27, name: 'WriteTxnMarkers', versions: [0, 1], firstFlexible: 1, listeners: ['zkBroker', 'broker'] },
  { key: 28, name: 'TxnOffsetCommit', versions: [0, 4], firstFlexible: 3, listeners: ['zkBroker', 'broker'] },
  {
    key: 29,
    name: 'DescribeAcls',
    versions: [0, 3],
    firstFlexible: 2,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  {
    key: 30,
    name: 'CreateAcls',
    versions: [0, 3],
    firstFlexible: 2,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  {
    key: 31,
    name: 'DeleteAcls',
    versions: [0, 3],
    firstFlexible: 2,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  {
    key: 32,
    name: 'DescribeConfigs',
    versions: [0, 4],
    firstFlexible: 4,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  {
    key: 33,
    name: 'AlterConfigs',
    versions: [0, 2],
    firstFlexible: 2,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  {
    key: 34,
    name: 'AlterReplicaLogDirs',
    versions: [0, 2],
    firstFlexible: 2,
    listeners: ['zkBroker', 'broker']
  },
  { key: 35, name: 'DescribeLogDirs', versions: [0, 4], firstFlexible: 2, listeners: ['zkBroker', 'broker'] },
  {
    key: 36,
    name: 'SaslAuthenticate',
    versions: [0, 2],
    firstFlexible: 2,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  {
    key: 37,
    name: 'CreatePartitions',
    versions: [0, 3],
    firstFlexible: 2,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  {
    key: 38,
    name: 'CreateDelegationToken',
    versions: [0, 3],
    firstFlexible: 2,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  {
    key: 39,
    name: 'RenewDelegationToken',
    versions: [0, 2],
    firstFlexible: 2,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  {
    key: 40,
    name: 'ExpireDelegationToken',
    versions: [0, 2],
    firstFlexible: 2,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  {
    key: 41,
    name: 'DescribeDelegationToken',
    versions: [0, 3],
    firstFlexible: 2,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  { key: 42, name: 'DeleteGroups', versions: [0, 2], firstFlexible: 2, listeners: ['zkBroker', 'broker'] },
  {
    key: 43,
    name: 'ElectLeaders',
    versions: [0, 2],
    firstFlexible: 2,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  {
    key: 44,
    name: 'IncrementalAlterConfigs',
    versions: [0, 1],
    firstFlexible: 1,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  {
    key: 45,
    name: 'AlterPartitionReassignments',
    versions: [0, 0],
    firstFlexible: 0,
    listeners: ['broker', 'controller', 'zkBroker']
  },
  {
    key: 46,
    name: 'ListPartitionReassignments',
    versions: [0, 0],
    firstFlexible: 0,
    listeners: ['broker', 'controller', 'zkBroker']
  },
  {
    key: 47,
    name: 'OffsetDelete',
    versions: [0, 0],
    firstFlexible: undefined,
    listeners: ['zkBroker', 'broker']
  },
  {
    key: 48,
    name: 'DescribeClientQuotas',
    versions: [0, 1],
    firstFlexible: 1,
    listeners: ['zkBroker', 'broker']
  },
  {
    key: 49,
    name: 'AlterClientQuotas',
    versions: [0, 1],
    firstFlexible: 1,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  {
    key: 50,
    name: 'DescribeUserScramCredentials',
    versions: [0, 0],
    firstFlexible: 0,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  {
    key: 51,
    name: 'AlterUserScramCredentials',
    versions: [0, 0],
    firstFlexible: 0,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  { key: 52, name: 'Vote', versions: [0, 1], firstFlexible: 0, listeners: ['controller'] },
  { key: 53, name: 'BeginQuorumEpoch', versions: [0, 1], firstFlexible: 1, listeners: ['controller'] },
  { key: 54, name: 'EndQuorumEpoch', versions: [0, 1], firstFlexible: 1, listeners: ['controller'] },
  {
    key: 55,
    name: 'DescribeQuorum',
    versions: [0, 2],
    firstFlexible: 0,
    listeners: ['broker', 'controller']
  },
  {
    key: 56,
    name: 'AlterPartition',
    versions: [0, 3],
    firstFlexible: 0,
    listeners: ['zkBroker', 'controller']
  },
  {
    key: 57,
    name: 'UpdateFeatures',
    versions: [0, 1],
    firstFlexible: 0,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  { key: 58, name: 'Envelope', versions: [0, 0], firstFlexible: 0, listeners: ['controller', 'zkBroker'] },
  { key: 59, name: 'FetchSnapshot', versions: [0, 1], firstFlexible: 0, listeners: ['controller'] },
  {
    key: 60,
    name: 'DescribeCluster',
    versions: [0, 1],
    firstFlexible: 0,
    listeners: ['zkBroker', 'broker', 'controller']
  },
  {
    key: 61,
    name: 'DescribeProducers',
    versions: [0, 0],
    firstFlexible: 0,
    listeners: ['zkBroker', 'broker']
  },
  { key: 62, name: 'BrokerRegistration', versions: [0, 4], firstFlexible: 0, listeners: ['controller'] },
  { key: 63, name: 'BrokerHeartbeat', versions: [0, 1], firstFlexible: 0, listeners: ['controller'] },
  {
    key: 64,
    name: 'UnregisterBroker',
    versions: [0, 0],
    firstFlexible: 0,
    listeners: ['broker', 'controller']
  },
  {
    key: 65,
    name: 'DescribeTransactions',
    versions: [0, 0],
    firstFlexible: 0,
    listeners: ['zkBroker', 'broker']
  },
  {
    key: 66,
    name: 'ListTransactions',
    versions: [0, 1],
    firstFlexible: 0,
    listeners: ['zkBroker', 'broker']
  },
  {
    key: 67,
    name: 'AllocateProducerIds',
    versions: [0, 0],
    firstFlexible: 0,
    listeners: ['zkBroker', 'controller']
  },
  {
    key: 68,
    name: 'ConsumerGroupHeartbeat',
    versions: [0, 0],
    firstFlexible: 0,
    listeners: ['zkBroker', 'broker']
  },
  {
    key: 69,
    name: 'ConsumerGroupDescribe',
    versions: [0, 0],
    firstFlexible: 0,
    listeners: ['zkBroker', 'broker']
  },
  { key: 70, name: 'ControllerRegistration', versions: [0, 0], firstFlexible: 0, listeners: ['controller'] },
  { key: 71, name: 'GetTelemetrySubscriptions', versions: [0, 0], firstFlexible: 0, listeners: ['broker'] },
  { key: 72, name: 'PushTelemetry', versions: [0, 0], firstFlexible: 0, listeners: ['broker'] },
  { key: 73, name: 'AssignReplicasToDirs', versions: [0, 0], firstFlexible: 0, listeners: ['controller'] },
  { key: 74, name: 'ListClientMetricsResources', versions: [0, 0], firstFlexible: 0, listeners: ['broker'] },
  { key: 75, name: 'DescribeTopicPartitions', versions: [0, 0], firstFlexible: 0, listeners: ['broker'] },
  { key: 76, name: 'ShareGroupHeartbeat', versions: [0, 0], firstFlexible: 0, listeners: ['broker'] },
  { key: 77, name: 'ShareGroupDescribe', versions: [0, 0], firstFlexible: 0, listeners: ['broker'] },
  { key: 78, name: 'ShareFetch', versions: [0, 0], firstFlexible: 0, listeners: ['broker'] },
  { key: 79, name: 'ShareAcknowledge', versions: [0, 0], firstFlexible: 0, listeners: ['broker'] },
  { key: 80, name: 'AddRaftVoter', versions: [0, 0], firstFlexible: 0, listeners: ['controller', 'broker'] },
  {
    key: 81,
    name: 'RemoveRaftVoter',
    versions: [0, 0],
    firstFlexible: 0,
    listeners: ['controller', 'broker']
  },
  { key: 82, name: 'UpdateRaftVoter', versions: [0, 0], firstFlexible: 0, listeners: ['controller'] },
  { key: 83, name: 'InitializeShareGroupState', versions: [0, 0], firstFlexible: 0, listeners: ['broker'] },
  { key: 84, name: 'ReadShareGroupState', versions: [0, 0], firstFlexible: 0, listeners: ['broker'] },
  { key: 85, name: 'WriteShareGroupState', versions: [0, 0], firstFlexible: 0, listeners: ['broker'] },
  { key: 86, name: 'DeleteShareGroupState', versions: [0, 0], firstFlexible: 0, listeners: ['broker'] },
  { key: 87, name: 'ReadShareGroupStateSummary', versions: [0, 0], firstFlexible: 0, listeners: ['broker'] }
]

const byKey = new Map(apiKeys.map(api => [api.key, api]))

export const apiKey = (key: number): ApiKey | undefined => byKey.get(key)

// Every schema by name, for the golden vectors and the documentation. The broker imports only what it serves.
import type { MessageSchema } from '../schema.js'
import { addOffsetsToTxnRequest, addOffsetsToTxnResponse } from './add-offsets-to-txn.js'
import { addPartitionsToTxnRequest, addPartitionsToTxnResponse } from './add-partitions-to-txn.js'
import { addRaftVoterRequest, addRaftVoterResponse } from './add-raft-voter.js'
import { allocateProducerIdsRequest, allocateProducerIdsResponse } from './allocate-producer-ids.js'
import { alterClientQuotasRequest, alterClientQuotasResponse } from './alter-client-quotas.js'
import { alterConfigsRequest, alterConfigsResponse } from './alter-configs.js'
import { alterPartitionRequest, alterPartitionResponse } from './alter-partition.js'
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse
} from './alter-partition-reassignments.js'
import { alterReplicaLogDirsRequest, alterReplicaLogDirsResponse } from './alter-replica-log-dirs.js'
import {
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse
} from './alter-user-scram-credentials.js'
import { apiVersionsRequest, apiVersionsResponse } from './api-versions.js'
import { assignReplicasToDirsRequest, assignReplicasToDirsResponse } from './assign-replicas-to-dirs.js'
import { beginQuorumEpochRequest, beginQuorumEpochResponse } from './begin-quorum-epoch.js'
import { brokerHeartbeatRequest, brokerHeartbeatResponse } from './broker-heartbeat.js'
import { brokerRegistrationRequest, brokerRegistrationResponse } from './broker-registration.js'
import {
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue
} from './consumer-group-current-member-assignment.js'
import { consumerGroupDescribeRequest, consumerGroupDescribeResponse } from './consumer-group-describe.js'
import { consumerGroupHeartbeatRequest, consumerGroupHeartbeatResponse } from './consumer-group-heartbeat.js'
import {
  consumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataValue
} from './consumer-group-member-metadata.js'
import { consumerGroupMetadataKey, consumerGroupMetadataValue } from './consumer-group-metadata.js'
import {
  consumerGroupPartitionMetadataKey,
  consumerGroupPartitionMetadataValue
} from './consumer-group-partition-metadata.js'
import {
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue
} from './consumer-group-target-assignment-member.js'
import {
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue
} from './consumer-group-target-assignment-metadata.js'
import { consumerProtocolAssignment } from './consumer-protocol-assignment.js'
import { consumerProtocolSubscription } from './consumer-protocol-subscription.js'
import { controlledShutdownRequest, controlledShutdownResponse } from './controlled-shutdown.js'
import { controllerRegistrationRequest, controllerRegistrationResponse } from './controller-registration.js'
import { createAclsRequest, createAclsResponse } from './create-acls.js'
import { createDelegationTokenRequest, createDelegationTokenResponse } from './create-delegation-token.js'
import { createPartitionsRequest, createPartitionsResponse } from './create-partitions.js'
import { createTopicsRequest, createTopicsResponse } from './create-topics.js'
import { defaultPrincipalData } from './default-principal-data.js'
import { deleteAclsRequest, deleteAclsResponse } from './delete-acls.js'
import { deleteGroupsRequest, deleteGroupsResponse } from './delete-groups.js'
import { deleteRecordsRequest, deleteRecordsResponse } from './delete-records.js'
import { deleteShareGroupStateRequest, deleteShareGroupStateResponse } from './delete-share-group-state.js'
import { deleteTopicsRequest, deleteTopicsResponse } from './delete-topics.js'
import { describeAclsRequest, describeAclsResponse } from './describe-acls.js'
import { describeClientQuotasRequest, describeClientQuotasResponse } from './describe-client-quotas.js'
import { describeClusterRequest, describeClusterResponse } from './describe-cluster.js'
import { describeConfigsRequest, describeConfigsResponse } from './describe-configs.js'
import {
  describeDelegationTokenRequest,
  describeDelegationTokenResponse
} from './describe-delegation-token.js'
import { describeGroupsRequest, describeGroupsResponse } from './describe-groups.js'
import { describeLogDirsRequest, describeLogDirsResponse } from './describe-log-dirs.js'
import { describeProducersRequest, describeProducersResponse } from './describe-producers.js'
import { describeQuorumRequest, describeQuorumResponse } from './describe-quorum.js'
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse
} from './describe-topic-partitions.js'
import { describeTransactionsRequest, describeTransactionsResponse } from './describe-transactions.js'
import {
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse
} from './describe-user-scram-credentials.js'
import { electLeadersRequest, electLeadersResponse } from './elect-leaders.js'
import { endQuorumEpochRequest, endQuorumEpochResponse } from './end-quorum-epoch.js'
import { endTxnRequest, endTxnResponse } from './end-txn.js'
import { envelopeRequest, envelopeResponse } from './envelope.js'
import { expireDelegationTokenRequest, expireDelegationTokenResponse } from './expire-delegation-token.js'
import { fetchRequest, fetchResponse } from './fetch.js'
import { fetchSnapshotRequest, fetchSnapshotResponse } from './fetch-snapshot.js'
import { findCoordinatorRequest, findCoordinatorResponse } from './find-coordinator.js'
import {
  getTelemetrySubscriptionsRequest,
  getTelemetrySubscriptionsResponse
} from './get-telemetry-subscriptions.js'
import { groupMetadataKey, groupMetadataValue } from './group-metadata.js'
import { requestHeader, responseHeader } from './header.js'
import { heartbeatRequest, heartbeatResponse } from './heartbeat.js'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse
} from './incremental-alter-configs.js'
import { initProducerIdRequest, initProducerIdResponse } from './init-producer-id.js'
import {
  initializeShareGroupStateRequest,
  initializeShareGroupStateResponse
} from './initialize-share-group-state.js'
import { joinGroupRequest, joinGroupResponse } from './join-group.js'
import { kRaftVersionRecord } from './k-raft-version.js'
import { leaderAndIsrRequest, leaderAndIsrResponse } from './leader-and-isr.js'
import { leaderChangeMessage } from './leader-change-message.js'
import { leaveGroupRequest, leaveGroupResponse } from './leave-group.js'
import {
  listClientMetricsResourcesRequest,
  listClientMetricsResourcesResponse
} from './list-client-metrics-resources.js'
import { listGroupsRequest, listGroupsResponse } from './list-groups.js'
import { listOffsetsRequest, listOffsetsResponse } from './list-offsets.js'
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse
} from './list-partition-reassignments.js'
import { listTransactionsRequest, listTransactionsResponse } from './list-transactions.js'
import { metadataRequest, metadataResponse } from './metadata.js'
import {
  offsetCommitKey,
  offsetCommitRequest,
  offsetCommitResponse,
  offsetCommitValue
} from './offset-commit.js'
import { offsetDeleteRequest, offsetDeleteResponse } from './offset-delete.js'
import { offsetFetchRequest, offsetFetchResponse } from './offset-fetch.js'
import { offsetForLeaderEpochRequest, offsetForLeaderEpochResponse } from './offset-for-leader-epoch.js'
import { produceRequest, produceResponse } from './produce.js'
import { pushTelemetryRequest, pushTelemetryResponse } from './push-telemetry.js'
import { readShareGroupStateRequest, readShareGroupStateResponse } from './read-share-group-state.js'
import {
  readShareGroupStateSummaryRequest,
  readShareGroupStateSummaryResponse
} from './read-share-group-state-summary.js'
import { removeRaftVoterRequest, removeRaftVoterResponse } from './remove-raft-voter.js'
import { renewDelegationTokenRequest, renewDelegationTokenResponse } from './renew-delegation-token.js'
import { saslAuthenticateRequest, saslAuthenticateResponse } from './sasl-authenticate.js'
import { saslHandshakeRequest, saslHandshakeResponse } from './sasl-handshake.js'
import { shareAcknowledgeRequest, shareAcknowledgeResponse } from './share-acknowledge.js'
import { shareFetchRequest, shareFetchResponse } from './share-fetch.js'
import { shareGroupDescribeRequest, shareGroupDescribeResponse } from './share-group-describe.js'
import { shareGroupHeartbeatRequest, shareGroupHeartbeatResponse } from './share-group-heartbeat.js'
import { shareGroupMemberMetadataKey, shareGroupMemberMetadataValue } from './share-group-member-metadata.js'
import { shareGroupMetadataKey, shareGroupMetadataValue } from './share-group-metadata.js'
import {
  shareGroupPartitionMetadataKey,
  shareGroupPartitionMetadataValue
} from './share-group-partition-metadata.js'
import { snapshotFooterRecord } from './snapshot-footer.js'
import { snapshotHeaderRecord } from './snapshot-header.js'
import { stopReplicaRequest, stopReplicaResponse } from './stop-replica.js'
import { syncGroupRequest, syncGroupResponse } from './sync-group.js'
import { transactionLogKey, transactionLogValue } from './transaction-log.js'
import { txnOffsetCommitRequest, txnOffsetCommitResponse } from './txn-offset-commit.js'
import { unregisterBrokerRequest, unregisterBrokerResponse } from './unregister-broker.js'
import { updateFeaturesRequest, updateFeaturesResponse } from './update-features.js'
import { updateMetadataRequest, updateMetadataResponse } from './update-metadata.js'
import { updateRaftVoterRequest, updateRaftVoterResponse } from './update-raft-voter.js'
import { voteRequest, voteResponse } from './vote.js'
import { votersRecord } from './voters.js'
import { writeShareGroupStateRequest, writeShareGroupStateResponse } from './write-share-group-state.js'
import { writeTxnMarkersRequest, writeTxnMarkersResponse } from './write-txn-markers.js'

export const allMessages: readonly MessageSchema[] = [
  addOffsetsToTxnRequest,
  addOffsetsToTxnResponse,
  addPartitionsToTxnRequest,
  addPartitionsToTxnResponse,
  addRaftVoterRequest,
  addRaftVoterResponse,
  allocateProducerIdsRequest,
  allocateProducerIdsResponse,
  alterClientQuotasRequest,
  alterClientQuotasResponse,
  alterConfigsRequest,
  alterConfigsResponse,
  alterPartitionRequest,
  alterPartitionResponse,
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
  alterReplicaLogDirsRequest,
  alterReplicaLogDirsResponse,
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
  apiVersionsRequest,
  apiVersionsResponse,
  assignReplicasToDirsRequest,
  assignReplicasToDirsResponse,
  beginQuorumEpochRequest,
  beginQuorumEpochResponse,
  brokerHeartbeatRequest,
  brokerHeartbeatResponse,
  brokerRegistrationRequest,
  brokerRegistrationResponse,
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue,
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse,
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
  consumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataValue,
  consumerGroupMetadataKey,
  consumerGroupMetadataValue,
  consumerGroupPartitionMetadataKey,
  consumerGroupPartitionMetadataValue,
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue,
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue,
  consumerProtocolAssignment,
  consumerProtocolSubscription,
  controlledShutdownRequest,
  controlledShutdownResponse,
  controllerRegistrationRequest,
  controllerRegistrationResponse,
  createAclsRequest,
  createAclsResponse,
  createDelegationTokenRequest,
  createDelegationTokenResponse,
  createPartitionsRequest,
  createPartitionsResponse,
  createTopicsRequest,
  createTopicsResponse,
  defaultPrincipalData,
  deleteAclsRequest,
  deleteAclsResponse,
  deleteGroupsRequest,
  deleteGroupsResponse,
  deleteRecordsRequest,
  deleteRecordsResponse,
  deleteShareGroupStateRequest,
  deleteShareGroupStateResponse,
  deleteTopicsRequest,
  deleteTopicsResponse,
  describeAclsRequest,
  describeAclsResponse,
  describeClientQuotasRequest,
  describeClientQuotasResponse,
  describeClusterRequest,
  describeClusterResponse,
  describeConfigsRequest,
  describeConfigsResponse,
  describeDelegationTokenRequest,
  describeDelegationTokenResponse,
  describeGroupsRequest,
  describeGroupsResponse,
  describeLogDirsRequest,
  describeLogDirsResponse,
  describeProducersRequest,
  describeProducersResponse,
  describeQuorumRequest,
  describeQuorumResponse,
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
  describeTransactionsRequest,
  describeTransactionsResponse,
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
  electLeadersRequest,
  electLeadersResponse,
  endQuorumEpochRequest,
  endQuorumEpochResponse,
  endTxnRequest,
  endTxnResponse,
  envelopeRequest,
  envelopeResponse,
  expireDelegationTokenRequest,
  expireDelegationTokenResponse,
  fetchRequest,
  fetchResponse,
  fetchSnapshotRequest,
  fetchSnapshotResponse,
  findCoordinatorRequest,
  findCoordinatorResponse,
  getTelemetrySubscriptionsRequest,
  getTelemetrySubscriptionsResponse,
  groupMetadataKey,
  groupMetadataValue,
  requestHeader,
  responseHeader,
  heartbeatRequest,
  heartbeatResponse,
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
  initProducerIdRequest,
  initProducerIdResponse,
  initializeShareGroupStateRequest,
  initializeShareGroupStateResponse,
  joinGroupRequest,
  joinGroupResponse,
  kRaftVersionRecord,
  leaderAndIsrRequest,
  leaderAndIsrResponse,
  leaderChangeMessage,
  leaveGroupRequest,
  leaveGroupResponse,
  listClientMetricsResourcesRequest,
  listClientMetricsResourcesResponse,
  listGroupsRequest,
  listGroupsResponse,
  listOffsetsRequest,
  listOffsetsResponse,
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
  listTransactionsRequest,
  listTransactionsResponse,
  metadataRequest,
  metadataResponse,
  offsetCommitKey,
  offsetCommitRequest,
  offsetCommitResponse,
  offsetCommitValue,
  offsetDeleteRequest,
  offsetDeleteResponse,
  offsetFetchRequest,
  offsetFetchResponse,
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
  produceRequest,
  produceResponse,
  pushTelemetryRequest,
  pushTelemetryResponse,
  readShareGroupStateRequest,
  readShareGroupStateResponse,
  readShareGroupStateSummaryRequest,
  readShareGroupStateSummaryResponse,
  removeRaftVoterRequest,
  removeRaftVoterResponse,
  renewDelegationTokenRequest,
  renewDelegationTokenResponse,
  saslAuthenticateRequest,
  saslAuthenticateResponse,
  saslHandshakeRequest,
  saslHandshakeResponse,
  shareAcknowledgeRequest,
  shareAcknowledgeResponse,
  shareFetchRequest,
  shareFetchResponse,
  shareGroupDescribeRequest,
  shareGroupDescribeResponse,
  shareGroupHeartbeatRequest,
  shareGroupHeartbeatResponse,
  shareGroupMemberMetadataKey,
  shareGroupMemberMetadataValue,
  shareGroupMetadataKey,
  shareGroupMetadataValue,
  shareGroupPartitionMetadataKey,
  shareGroupPartitionMetadataValue,
  snapshotFooterRecord,
  snapshotHeaderRecord,
  stopReplicaRequest,
  stopReplicaResponse,
  syncGroupRequest,
  syncGroupResponse,
  transactionLogKey,
  transactionLogValue,
  txnOffsetCommitRequest,
  txnOffsetCommitResponse,
  unregisterBrokerRequest,
  unregisterBrokerResponse,
  updateFeaturesRequest,
  updateFeaturesResponse,
  updateMetadataRequest,
  updateMetadataResponse,
  updateRaftVoterRequest,
  updateRaftVoterResponse,
  voteRequest,
  voteResponse,
  votersRecord,
  writeShareGroupStateRequest,
  writeShareGroupStateResponse,
  writeTxnMarkersRequest,
  writeTxnMarkersResponse
]

const byName = new Map(allMessages.map(schema => [schema.name, schema]))

export const messageByName = (name: string): MessageSchema | undefined => byName.get(name)

// What handlers ask of the coordinator of a group: wire-shaped questions and answers, which cross threads as they are. An
// operation about several groups is asked once a group; its handler puts the answers together.

import type { ErrorName } from '../../protocol/error-codes.js'
import type {
  ConsumerGroupDescribeRequest,
  consumerGroupDescribeResponse
} from '../../protocol/messages/consumer-group-describe.js'
import type {
  ConsumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse
} from '../../protocol/messages/consumer-group-heartbeat.js'
import type { DescribeGroupsResponse } from '../../protocol/messages/describe-groups.js'
import type { HeartbeatRequest, heartbeatResponse } from '../../protocol/messages/heartbeat.js'
import type { JoinGroupRequest, joinGroupResponse } from '../../protocol/messages/join-group.js'
import type { LeaveGroupRequest, leaveGroupResponse } from '../../protocol/messages/leave-group.js'
import type { OffsetCommitRequest, offsetCommitResponse } from '../../protocol/messages/offset-commit.js'
import type { OffsetDeleteRequest, offsetDeleteResponse } from '../../protocol/messages/offset-delete.js'
import type { OffsetFetchRequest, OffsetFetchResponse } from '../../protocol/messages/offset-fetch.js'
import type { SyncGroupRequest, syncGroupResponse } from '../../protocol/messages/sync-group.js'
import type { InputOf } from '../../protocol/schema.js'
import type { Eventually } from '../replicas/partition-commands.js'
import type { GroupCaller, GroupHome } from './group.js'

export interface Operations {
  joinGroup: { request: JoinGroupRequest; answer: InputOf<typeof joinGroupResponse> }
  syncGroup: { request: SyncGroupRequest; answer: InputOf<typeof syncGroupResponse> }
  heartbeat: { request: HeartbeatRequest; answer: InputOf<typeof heartbeatResponse> }
  leaveGroup: { request: LeaveGroupRequest; answer: InputOf<typeof leaveGroupResponse> }
  consumerGroupHeartbeat: {
    request: ConsumerGroupHeartbeatRequest
    answer: InputOf<typeof consumerGroupHeartbeatResponse>
  }
  /** One group. */
  consumerGroupDescribe: {
    request: ConsumerGroupDescribeRequest
    answer: InputOf<typeof consumerGroupDescribeResponse>
  }
  commitOffsets: { request: OffsetCommitRequest; answer: InputOf<typeof offsetCommitResponse> }
  /** One group, in the shape of v8 and later. */
  fetchOffsets: {
    request: OffsetFetchRequest['groups'][number] & { readonly requireStable: boolean }
    answer: OffsetFetchResponse['groups'][number]
  }
  deleteOffsets: { request: OffsetDeleteRequest; answer: InputOf<typeof offsetDeleteResponse> }
  describeGroup: { request: { readonly groupId: string }; answer: DescribeGroupsResponse['groups'][number] }
  deleteGroup: { request: { readonly groupId: string }; answer: { readonly error: ErrorName } }
}

export type OperationName = keyof Operations

/** What handlers give `GroupAccess.perform`; answered by the thread of the group's offsets partition. */
export type Performed<Name extends OperationName> =
  | { readonly kind: 'answered'; readonly answer: Operations[Name]['answer'] }
  /** NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS or COORDINATOR_NOT_AVAILABLE: the group was not looked at. */
  | { readonly kind: 'refused'; readonly error: ErrorName }

/** Runs on the thread of the group's offsets partition, which is owned and loaded. */
export type Operation<Name extends OperationName> = (
  home: GroupHome,
  request: Operations[Name]['request'],
  caller: GroupCaller
) => Eventually<Operations[Name]['answer']>

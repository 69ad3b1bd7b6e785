// What handlers ask of the coordinator of a group: wire-shaped questions and answers, which cross threads as they are. An
// operation about several groups is asked once a group; its handler puts the answers together.
import type {
  ConsumerGroupDescribeRequest,
  consumerGroupDescribeResponse
} from '../../protocol/messages/consumer-group-describe.js'
import type {
  ConsumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse
} from '../../protocol/messages/consumer-group-heartbeat.js'
import type { HeartbeatRequest, heartbeatResponse } from '../../protocol/messages/heartbeat.js'
import type { JoinGroupRequest, joinGroupResponse } from '../../protocol/messages/join-group.js'
import type { LeaveGroupRequest, leaveGroupResponse } from '../../protocol/messages/leave-group.js'
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
}

export type OperationName = keyof Operations

/** Runs on the thread of the group's offsets partition, which is owned and loaded. */
export type Operation<Name extends OperationName> = (
  home: GroupHome,
  request: Operations[Name]['request'],
  caller: GroupCaller
) => Eventually<Operations[Name]['answer']>

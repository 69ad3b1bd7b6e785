// Every operation of the coordinator by its name: those about offsets and whole groups from here, those of members from the
// two kinds of groups.
import type { Eventually } from '../replicas/partition-commands.js'
import { consumerGroupDescribe } from './consumer/describe.js'
import { consumerGroupHeartbeat } from './consumer/heartbeat.js'
import type { GroupCaller } from './group.js'
import { deleteGroup, describeGroup } from './group-commands.js'
import type { OperationName, Operations } from './group-operations.js'
import { heartbeat, joinGroup, leaveGroup, syncGroup } from './member-operations.js'
import { commitOffsets, deleteOffsets, fetchOffsets } from './offset-commands.js'
import type { OffsetsHome } from './offsets-home.js'

export type OperationTable = {
  readonly [Name in OperationName]?: (
    home: OffsetsHome,
    request: Operations[Name]['request'],
    caller: GroupCaller
  ) => Eventually<Operations[Name]['answer']>
}

export const operations: OperationTable = {
  joinGroup,
  syncGroup,
  heartbeat,
  leaveGroup,
  commitOffsets,
  fetchOffsets,
  deleteOffsets,
  describeGroup,
  deleteGroup,
  consumerGroupHeartbeat,
  consumerGroupDescribe
}

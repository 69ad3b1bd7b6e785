// What members of the classic protocol ask, of whatever kind their group is: a consumer group may have such members, too.
import { joinGroup as joinClassic } from './classic/join.js'
import { leaveGroup as leaveClassic } from './classic/leave.js'
import { heartbeat as heartbeatClassic, syncGroup as syncClassic } from './classic/sync.js'
import { joinConsumerGroup } from './consumer/classic-join.js'
import { heartbeatConsumerGroup, leaveConsumerGroup, syncConsumerGroup } from './consumer/classic-members.js'
import { isConsumerGroup } from './consumer/find-group.js'
import type { Operation } from './group-operations.js'

export const joinGroup: Operation<'joinGroup'> = (home, request, caller) => {
  const group = home.groups.get(request.groupId)
  return isConsumerGroup(group)
    ? joinConsumerGroup(group, request, caller, () => joinGroup(home, request, caller))
    : joinClassic(home, request, caller)
}

export const syncGroup: Operation<'syncGroup'> = (home, request, caller) => {
  const group = home.groups.get(request.groupId)
  return isConsumerGroup(group) ? syncConsumerGroup(group, request) : syncClassic(home, request, caller)
}

export const heartbeat: Operation<'heartbeat'> = (home, request, caller) => {
  const group = home.groups.get(request.groupId)
  return isConsumerGroup(group)
    ? heartbeatConsumerGroup(group, request)
    : heartbeatClassic(home, request, caller)
}

export const leaveGroup: Operation<'leaveGroup'> = (home, request, caller) => {
  const group = home.groups.get(request.groupId)
  return isConsumerGroup(group)
    ? leaveConsumerGroup(group, request, caller.apiVersion)
    : leaveClassic(home, request, caller)
}

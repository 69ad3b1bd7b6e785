// Every machine that runs, by its id: what a recorded step is replayed on.
import type { AnyStateMachine } from 'xstate'
import { brokerMachine } from '../actors/broker/broker.machine.js'
import { logManagerMachine } from '../actors/broker/log-manager.machine.js'
import { scheduledTaskMachine } from '../actors/broker/scheduled-task.machine.js'
import { schedulerMachine } from '../actors/broker/scheduler.machine.js'
import { topicMachine } from '../actors/controller/topic.machine.js'
import { classicGroupMachine } from '../actors/groups/classic/classic-group.machine.js'
import { classicMemberMachine } from '../actors/groups/classic/classic-member.machine.js'
import { consumerGroupMachine } from '../actors/groups/consumer/consumer-group.machine.js'
import { memberMachine } from '../actors/groups/consumer/member.machine.js'
import { groupCoordinatorMachine } from '../actors/groups/group-coordinator.machine.js'
import { offsetsPartitionMachine } from '../actors/groups/offsets-partition.machine.js'
import { handlerMachine } from '../actors/handlers/handler.machine.js'
import { poolMachine } from '../actors/handlers/pool.machine.js'
import { acceptorMachine } from '../actors/network/acceptor.machine.js'
import { channelMachine } from '../actors/network/channel.machine.js'
import { channelMuteMachine } from '../actors/network/channel-mute.machine.js'
import { connectionCountMachine } from '../actors/network/connection-count.machine.js'
import { exchangeMachine } from '../actors/network/exchange.machine.js'
import { processorMachine } from '../actors/network/processor.machine.js'
import { requestChannelMachine } from '../actors/network/request-channel.machine.js'
import { delayedOperationMachine } from '../actors/replicas/delayed-operation.machine.js'
import { partitionMachine } from '../actors/replicas/partition.machine.js'
import { partitionSyncMachine } from '../actors/replicas/partition-sync.machine.js'
import { purgatoryMachine } from '../actors/replicas/purgatory.machine.js'
import { logDirMachine } from '../storage/log-dir.machine.js'
import { partitionLogMachine } from '../storage/partition-log.machine.js'

const all: readonly AnyStateMachine[] = [
  brokerMachine,
  schedulerMachine,
  scheduledTaskMachine,
  logManagerMachine,
  logDirMachine,
  partitionLogMachine,
  topicMachine,
  poolMachine,
  handlerMachine,
  acceptorMachine,
  connectionCountMachine,
  processorMachine,
  channelMachine,
  channelMuteMachine,
  exchangeMachine,
  requestChannelMachine,
  purgatoryMachine,
  delayedOperationMachine,
  classicGroupMachine,
  classicMemberMachine,
  partitionMachine,
  partitionSyncMachine,
  groupCoordinatorMachine,
  offsetsPartitionMachine,
  consumerGroupMachine,
  memberMachine
]

export const machines: ReadonlyMap<string, AnyStateMachine> = new Map(
  all.map(machine => [machine.id, machine])
)

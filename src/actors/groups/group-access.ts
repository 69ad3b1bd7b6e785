// What handlers call: the coordinators of all groups as if they were here. A group lives on the offsets partition that its id
// hashes to; that partition's thread is asked directly when it is this one, else by message.
import type { ErrorName } from '../../protocol/error-codes.js'
import type { MetadataImage, TopicInfo } from '../controller/metadata-image.js'
import type { Eventually } from '../replicas/partition-commands.js'
import { asking, type Mesh } from '../runtime/mesh.js'
import type { PlacementTable } from '../runtime/placement.js'
import type { GroupCaller } from './group.js'
import type { GroupCoordinator, ListedGroups } from './group-coordinator.js'
import type { OperationName, Operations, Performed } from './group-operations.js'
import { partitionOf } from './group-partition.js'
import { offsetsTopic } from './offsets-topic.js'

const actor = 'groups'

export interface GroupAccess {
  /** Resolves when the coordinator has answered, which for a join may be minutes later. */
  perform<Name extends OperationName>(
    name: Name,
    groupId: string,
    request: Operations[Name]['request'],
    caller: GroupCaller
  ): Eventually<Performed<Name>>
  /** Of every thread; COORDINATOR_LOAD_IN_PROGRESS with what is known when some partition still loads. */
  list(): Promise<ListedGroups>
}

export interface GroupAccessOptions {
  readonly mesh: Mesh
  readonly placement: PlacementTable
  readonly metadata: () => MetadataImage
  readonly coordinator: GroupCoordinator
}

/** What crosses threads; the types of request and answer follow from the name. */
type GroupMessage =
  | {
      readonly op: 'perform'
      readonly name: OperationName
      readonly partition: number
      readonly request: never
      readonly caller: GroupCaller
    }
  | { readonly op: 'list' }

export function createGroupAccess({
  mesh,
  placement,
  metadata,
  coordinator
}: GroupAccessOptions): GroupAccess {
  const { ask, answer } = asking(mesh)
  answer(actor, raw => {
    const message = raw as GroupMessage
    if (message.op === 'list') return coordinator.list()
    return coordinator.perform(message.name, message.partition, message.request, message.caller)
  })
  return {
    perform<Name extends OperationName>(
      name: Name,
      groupId: string,
      request: Operations[Name]['request'],
      caller: GroupCaller
    ): Eventually<Performed<Name>> {
      const topic = metadata().topics.get(offsetsTopic)
      // FindCoordinator creates it, and a client that is told this asks that next.
      if (topic === undefined) return { kind: 'refused', error: 'NOT_COORDINATOR' }
      const partition = partitionOf(groupId, topic.partitions.length)
      const thread = placement.threadOfShard(placement.shardOf(topic.id, partition))
      if (thread === mesh.self) return coordinator.perform(name, partition, request, caller)
      return ask<Performed<Name>>(thread, actor, { op: 'perform', name, partition, request, caller })
    },
    async list() {
      const answers = await Promise.all(
        placement.handlerThreads.map(thread =>
          thread === mesh.self ? coordinator.list() : ask<ListedGroups>(thread, actor, { op: 'list' })
        )
      )
      const failed = answers.find(({ error }) => error !== 'NONE')
      return { error: failed?.error ?? 'NONE', groups: answers.flatMap(({ groups }) => groups) }
    }
  }
}

/** The broker that leads the group's partition, or why nobody is known to. */
export function coordinatorOf(groupId: string, topic: TopicInfo): { readonly leader: number } | ErrorName {
  const info = topic.partitions[partitionOf(groupId, topic.partitions.length)]
  return info === undefined || info.leader < 0 ? 'COORDINATOR_NOT_AVAILABLE' : { leader: info.leader }
}

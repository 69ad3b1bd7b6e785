// Groups for whoever looks: all of a thread in a line each, and one of them with its members and its committed offsets.
import type { MetadataImage } from '../controller/metadata-image.js'
import type { CommittedOffsets } from './committed-offsets.js'
import type { Assignment } from './consumer/assignment.js'
import { toTopicPartitions } from './consumer/assignment.js'
import { readAssignment } from './consumer/consumer-protocol.js'
import { isConsumerGroup } from './consumer/find-group.js'
import { consumerProtocolType, type Group } from './group.js'

export interface GroupLook {
  readonly groupId: string
  readonly kind: 'classic' | 'consumer'
  /** Kafka's name. */
  readonly state: string
  readonly protocolType: string
  /** Assignor that its members agreed on; '' while there is none, and for consumer groups: the coordinator assigns. */
  readonly protocol: string
  readonly members: number
  /** Partitions with a committed offset. */
  readonly offsets: number
  /** Of __consumer_offsets, where it lives. */
  readonly offsetsPartition: number
}

export interface GroupDetails extends GroupLook {
  readonly memberLooks: readonly MemberLook[]
  readonly committed: readonly CommittedLook[]
}

export interface MemberLook {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  /** undefined: the assignment is in a form of the clients' own. */
  readonly assigned?: readonly { readonly topic: string; readonly partitions: readonly number[] }[]
}

export interface CommittedLook {
  readonly topic: string
  readonly partition: number
  /** What the group reads next. */
  readonly offset: number
  readonly metadata: string
  /** Wall clock, ms since the epoch. */
  readonly committedAtMs: number
}

/** Of more groups on a thread only so many are shown. */
const mostGroups = 2000
const mostOffsets = 5000

interface Home {
  readonly partition: number
  readonly groups: ReadonlyMap<string, Group>
  readonly offsets: Pick<CommittedOffsets, 'ofGroup'>
  metadata(): MetadataImage
}

export function groupLooks(homes: readonly Home[]): GroupLook[] {
  const looks: GroupLook[] = []
  for (const home of homes)
    for (const group of home.groups.values()) {
      if (looks.length === mostGroups) return looks
      looks.push(groupLook(home, group))
    }
  return looks
}

/** undefined: it is not of this thread. */
export function groupDetails(homes: readonly Home[], groupId: string): GroupDetails | undefined {
  for (const home of homes) {
    const group = home.groups.get(groupId)
    if (group === undefined) continue
    return {
      ...groupLook(home, group),
      memberLooks: memberLooks(group, home.metadata()),
      committed: committedLooks(home, groupId)
    }
  }
  return undefined
}

function groupLook({ partition, offsets }: Home, group: Group): GroupLook {
  const { groupId, kind, state, protocolType } = group
  const isNew = isConsumerGroup(group)
  const described = isNew ? undefined : group.describe()
  let committed = 0
  for (const partitions of offsets.ofGroup(groupId)?.values() ?? []) committed += partitions.size
  return {
    groupId,
    kind,
    state,
    protocolType,
    protocol: described?.protocol ?? '',
    members: isNew ? group.members.size : (described?.members.length ?? 0),
    offsets: committed,
    offsetsPartition: partition
  }
}

function memberLooks(group: Group, image: MetadataImage): MemberLook[] {
  if (isConsumerGroup(group))
    return [...group.members.values()].map(({ memberId, instanceId, clientId, clientHost, assigned }) => ({
      memberId,
      groupInstanceId: instanceId,
      clientId,
      clientHost,
      assigned: withNames(assigned, image)
    }))
  const isRead = group.protocolType === consumerProtocolType
  return group.describe().members.map(({ memberAssignment, memberMetadata: _, ...member }) => {
    const assigned = isRead ? readAssignment(memberAssignment, image) : undefined
    return assigned === undefined ? member : { ...member, assigned: withNames(assigned, image) }
  })
}

function withNames(assignment: Assignment, image: MetadataImage): NonNullable<MemberLook['assigned']> {
  return toTopicPartitions(assignment).map(({ topicId, partitions }) => ({
    topic: image.topicNames.get(topicId) ?? topicId,
    partitions: [...partitions].sort((a, b) => a - b)
  }))
}

function committedLooks({ offsets }: Home, groupId: string): CommittedLook[] {
  const looks: CommittedLook[] = []
  for (const [topic, partitions] of offsets.ofGroup(groupId) ?? [])
    for (const [partition, { offset, metadata, commitTimestampMs }] of partitions) {
      if (looks.length === mostOffsets) return looks
      looks.push({ topic, partition, offset: Number(offset), metadata, committedAtMs: commitTimestampMs })
    }
  return looks
}

// What classic members of a consumer put into JoinGroup and find in SyncGroup (ConsumerProtocol): two bytes of version, then
// the message. Partitions stand there by topic name.
import { codecOf } from '../../../protocol/codec.js'
import { consumerProtocolAssignment } from '../../../protocol/messages/consumer-protocol-assignment.js'
import {
  type ConsumerProtocolSubscription,
  consumerProtocolSubscription
} from '../../../protocol/messages/consumer-protocol-subscription.js'
import { ProtocolError } from '../../../protocol/protocol-error.js'
import type { Uuid } from '../../../protocol/schema.js'
import type { MetadataImage } from '../../controller/metadata-image.js'
import {
  type Assignment,
  fromTopicPartitions,
  type TopicPartitions,
  toTopicPartitions
} from './assignment.js'

const newestVersion = 3
const versionBytes = 2

/** A later version begins as the newest known one does. Undefined: what is there cannot be read. */
export function readSubscription(metadata: Buffer): ConsumerProtocolSubscription | undefined {
  const version = versionOf(metadata)
  if (version === undefined) return undefined
  const decoded = codecOf(consumerProtocolSubscription, version).decode(metadata, versionBytes)
  return decoded instanceof ProtocolError ? undefined : decoded.value
}

/** An empty one is that of a member that was not assigned anything yet. */
export function readAssignment(bytes: Buffer, image: MetadataImage): Assignment | undefined {
  const version = versionOf(bytes)
  if (version === undefined) return bytes.length === 0 ? new Map<Uuid, Set<number>>() : undefined
  const decoded = codecOf(consumerProtocolAssignment, version).decode(bytes, versionBytes)
  if (decoded instanceof ProtocolError) return undefined
  return fromTopicPartitions(byTopicId(decoded.value.assignedPartitions, image))
}

/** Of topics that exist. */
export function byTopicId(
  topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[],
  image: MetadataImage
): TopicPartitions[] {
  return topics.flatMap(({ topic, partitions }) => {
    const topicId = image.topics.get(topic)?.id
    return topicId === undefined ? [] : [{ topicId, partitions }]
  })
}

/** In the version that the member's own metadata has. */
export function writeAssignment(assignment: Assignment, metadata: Buffer, image: MetadataImage): Buffer {
  const version = versionOf(metadata) ?? 0
  const assignedPartitions = toTopicPartitions(assignment).flatMap(({ topicId, partitions }) => {
    const topic = image.topicNames.get(topicId)
    return topic === undefined ? [] : [{ topic, partitions }]
  })
  const prefix = Buffer.alloc(versionBytes)
  prefix.writeInt16BE(version)
  return Buffer.concat([
    prefix,
    ...codecOf(consumerProtocolAssignment, version).encode({ assignedPartitions })
  ])
}

function versionOf(bytes: Buffer): number | undefined {
  if (bytes.length < versionBytes) return undefined
  const version = bytes.readInt16BE(0)
  return version < 0 ? undefined : Math.min(version, newestVersion)
}

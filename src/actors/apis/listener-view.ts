// The cluster as clients of one listener see it: endpoints of live brokers, who leads a partition.
import type { BrokerInfo, MetadataImage, TopicInfo } from '../controller/metadata-image.js'

export interface NodeEndpoint {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

/** Undefined when the broker has no endpoint on that listener. */
export function endpointOf(broker: BrokerInfo, listener: string): NodeEndpoint | undefined {
  const endpoint = broker.endpoints.find(candidate => candidate.listener === listener)
  return endpoint && { nodeId: broker.id, host: endpoint.host, port: endpoint.port, rack: broker.rack }
}

export function endpointsOf(image: MetadataImage, listener: string): NodeEndpoint[] {
  return image.brokers.flatMap(broker => endpointOf(broker, listener) ?? [])
}

export interface CurrentLeader {
  readonly leaderId: number
  readonly leaderEpoch: number
}

/** For errors that say "not here": where the client should go instead. */
export function currentLeader(topic: TopicInfo | undefined, partition: number): CurrentLeader | undefined {
  const info = topic?.partitions[partition]
  return info && { leaderId: info.leader, leaderEpoch: info.leaderEpoch }
}

/** The endpoints of the leaders named in an answer. */
export function leaderEndpoints(
  image: MetadataImage,
  listener: string,
  leaders: readonly CurrentLeader[]
): NodeEndpoint[] {
  if (leaders.length === 0) return []
  const wanted = new Set(leaders.map(({ leaderId }) => leaderId))
  return endpointsOf(image, listener).filter(({ nodeId }) => wanted.has(nodeId))
}

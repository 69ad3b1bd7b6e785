// The topics that members of a consumer group subscribe to: their metadata is read as version 0 of the consumer protocol,
// with which every later version begins.
import { codecOf } from '../../../protocol/codec.js'
import { consumerProtocolSubscription } from '../../../protocol/messages/consumer-protocol-subscription.js'
import { ProtocolError } from '../../../protocol/protocol-error.js'

/** undefined: at least one cannot be read, so that nobody knows. Each begins with a version of two bytes. */
export function subscribedTopics(metadata: Iterable<Buffer>): ReadonlySet<string> | undefined {
  const topics = new Set<string>()
  for (const bytes of metadata) {
    const decoded = codecOf(consumerProtocolSubscription, 0).decode(bytes, 2)
    if (decoded instanceof ProtocolError) return undefined
    for (const topic of decoded.value.topics) topics.add(topic)
  }
  return topics
}

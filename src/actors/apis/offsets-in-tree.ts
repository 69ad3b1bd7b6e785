// OffsetCommit and OffsetFetch of version 0: the offsets lie where consumers of ZooKeeper had them, outside every coordinator,
// so that any broker may be asked and no membership is checked (Kafka 3.9 with ZooKeeper does the same).
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import type { OffsetCommitRequest, offsetCommitResponse } from '../../protocol/messages/offset-commit.js'
import type { OffsetFetchRequest, offsetFetchResponse } from '../../protocol/messages/offset-fetch.js'
import type { InputOf } from '../../protocol/schema.js'
import type { MetadataImage } from '../controller/metadata-image.js'
import { type Outcome, respond, respondWhen } from './api.js'
import type { ApiNeeds } from './needs.js'

type Committed = InputOf<typeof offsetCommitResponse>
type Fetched = InputOf<typeof offsetFetchResponse>

export function commitInTree(
  { groupId, topics }: OffsetCommitRequest,
  image: MetadataImage,
  { controller, config }: Pick<ApiNeeds, 'controller' | 'config'>
): Outcome<Committed> {
  const longest = config.get('offset.metadata.max.bytes')
  const asked = topics.flatMap(({ name: topic, partitions }) =>
    partitions.map(({ partitionIndex, committedOffset, committedMetadata }) => {
      const of = { topic, partition: partitionIndex, offset: committedOffset }
      if (!isPartition(image, topic, partitionIndex)) {
        return { ...of, refusal: 'UNKNOWN_TOPIC_OR_PARTITION' } as const
      }
      const isTooLong = (committedMetadata?.length ?? 0) > longest
      return { ...of, refusal: isTooLong ? ('OFFSET_METADATA_TOO_LARGE' as const) : undefined }
    })
  )
  const kept = asked.filter(({ refusal }) => refusal === undefined)
  const stored = kept.length === 0 ? [] : controller.setConsumerOffsets(groupId, kept)
  return respondWhen(stored, errors => {
    const left = errors.values()
    const verdicts = asked.map(({ refusal }) => refusal ?? left.next().value ?? 'UNKNOWN_SERVER_ERROR')
    return respond(committed(topics, verdicts))
  })
}

export function fetchFromTree(
  { groupId, topics }: OffsetFetchRequest,
  image: MetadataImage,
  { controller }: Pick<ApiNeeds, 'controller'>
): Outcome<Fetched> {
  const asked = (topics ?? []).flatMap(({ name: topic, partitionIndexes }) =>
    partitionIndexes.map(partition => ({ topic, partition }))
  )
  const known = asked.filter(({ topic, partition }) => isPartition(image, topic, partition))
  const stored = known.length === 0 ? [] : controller.consumerOffsets(groupId, known)
  return respondWhen(stored, offsets => {
    const found = new Map(known.map((of, i) => [of, offsets[i] ?? null]))
    const inOrder = asked.values()
    return respond({
      topics: (topics ?? []).map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map(partitionIndex => {
          const of = inOrder.next().value
          const offset = of === undefined ? null : (found.get(of) ?? null)
          return {
            partitionIndex,
            committedOffset: offset ?? -1n,
            metadata: '',
            errorCode: errorCode(offset === null ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NONE')
          }
        })
      }))
    })
  })
}

function isPartition(image: MetadataImage, topic: string, partition: number): boolean {
  return image.topics.get(topic)?.partitions[partition] !== undefined
}

/** `verdicts`: one a partition, in the order of the request. */
function committed(topics: OffsetCommitRequest['topics'], verdicts: readonly ErrorName[]): Committed {
  const left = verdicts.values()
  return {
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: errorCode(left.next().value ?? 'UNKNOWN_SERVER_ERROR')
      }))
    }))
  }
}

// OffsetCommit and OffsetFetch of version 0: the offsets lie where consumers of ZooKeeper had them, outside every coordinator,
// so that any broker may be asked and no membership is checked (Kafka 3.9 with ZooKeeper does the same).
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import type { OffsetCommitRequest, offsetCommitResponse } from '../../protocol/messages/offset-commit.js'
import type { OffsetFetchRequest, offsetFetchResponse } from '../../protocol/messages/offset-fetch.js'
import type { InputOf } from '../../protocol/schema.js'
import type { MetadataImage } from '../controller/metadata-image.js'
import { type Outcome, respond, respondWhen } from './api.js'
import { flatten, regroup } from './by-topic.js'
import type { ApiNeeds } from './needs.js'

type Committed = InputOf<typeof offsetCommitResponse>
type Fetched = InputOf<typeof offsetFetchResponse>

export function commitInTree(
  { groupId, topics }: OffsetCommitRequest,
  image: MetadataImage,
  { controller, config }: Pick<ApiNeeds, 'controller' | 'config'>
): Outcome<Committed> {
  const longest = config.get('offset.metadata.max.bytes')
  const groups = topics.map(({ name, partitions }) => ({ topic: name, partitions }))
  const flat = flatten(groups, image, {
    indexOf: ({ partitionIndex }) => partitionIndex,
    askOf: ({ committedOffset }) => ({ offset: committedOffset }),
    refuse: ({ committedMetadata }) =>
      (committedMetadata?.length ?? 0) > longest ? 'OFFSET_METADATA_TOO_LARGE' : undefined
  })
  const stored = flat.asked.length === 0 ? [] : controller.setConsumerOffsets(groupId, flat.asked)
  return respondWhen(stored, errors => {
    const answered = regroup(groups, flat, errors, ({ partitionIndex }, error) => ({
      partitionIndex,
      errorCode: errorCode(error)
    }))
    return respond({ topics: answered.map(({ topic, partitions }) => ({ name: topic, partitions })) })
  })
}

const nothing: ErrorName = 'UNKNOWN_TOPIC_OR_PARTITION'

export function fetchFromTree(
  { groupId, topics }: OffsetFetchRequest,
  image: MetadataImage,
  { controller }: Pick<ApiNeeds, 'controller'>
): Outcome<Fetched> {
  const groups = (topics ?? []).map(({ name, partitionIndexes }) => ({
    topic: name,
    partitions: partitionIndexes
  }))
  const flat = flatten(groups, image, { indexOf: partition => partition, askOf: () => ({}) })
  const stored = flat.asked.length === 0 ? [] : controller.consumerOffsets(groupId, flat.asked)
  return respondWhen(stored, offsets => {
    const results = offsets.map(offset => offset ?? nothing)
    const answered = regroup(groups, flat, results, (partitionIndex, result) => {
      const isThere = typeof result === 'bigint'
      return {
        partitionIndex,
        committedOffset: isThere ? result : -1n,
        metadata: '',
        errorCode: errorCode(isThere ? 'NONE' : result)
      }
    })
    return respond({ topics: answered.map(({ topic, partitions }) => ({ name: topic, partitions })) })
  })
}

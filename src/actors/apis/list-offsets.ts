// ListOffsets. Behaviour: an offset by time or by name of a place; not found is no error. Versions: 0 the old list of
// segment bases, 2 isolation, 4 epochs, 6 flexible, 7 maximal timestamp, 8 earliest local, 9 latest tiered.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type ListOffsetsRequest,
  listOffsetsRequest,
  listOffsetsResponse
} from '../../protocol/messages/list-offsets.js'
import type { InputOf } from '../../protocol/schema.js'
import type { ListOffsetsResult } from '../replicas/replica-access.js'
import { defineApi, respond, respondWhen } from './api.js'
import { flatten, type Grouped, regroup } from './by-topic.js'

type Answer = InputOf<typeof listOffsetsResponse>
type Item = ListOffsetsRequest['topics'][number]['partitions'][number]

/** The first version that knows each place: latest, earliest, maximal timestamp, earliest local, latest tiered. */
const sinceVersion: ReadonlyMap<bigint, number> = new Map([
  [-1n, 0],
  [-2n, 0],
  [-3n, 7],
  [-4n, 8],
  [-5n, 9]
])

export const listOffsets = defineApi({
  key: 2,
  name: 'ListOffsets',
  versions: [0, 9],
  request: listOffsetsRequest,
  response: listOffsetsResponse,
  needs: ['metadata', 'replicas'],
  handle(request, { apiVersion: version }, { metadata, replicas }) {
    const groups = groupsOf(request)
    const repeated = repeatedIn(groups)
    const flat = flatten(groups, metadata(), {
      indexOf: ({ partitionIndex }) => partitionIndex,
      askOf: ({ currentLeaderEpoch, timestamp, maxNumOffsets }) => ({
        currentLeaderEpoch: version >= 4 ? currentLeaderEpoch : -1,
        timestamp,
        maxNumOffsets
      }),
      refuse: ({ partitionIndex, timestamp }, topic) => {
        if (repeated.has(`${topic}-${partitionIndex}`)) return 'INVALID_REQUEST'
        if (timestamp >= 0n || version >= (sinceVersion.get(timestamp) ?? Number.POSITIVE_INFINITY))
          return undefined
        return 'UNSUPPORTED_VERSION'
      }
    })
    const isFollower = request.replicaId >= 0
    const upTo = isFollower ? 'logEnd' : request.isolationLevel === 1 ? 'lastStable' : 'highWatermark'
    const results = replicas.listOffsets(flat.asked, { legacy: version === 0, upTo })
    return respondWhen(results, told =>
      respond(grouped(regroup(groups, flat, told, (item, result) => answerOf(item, result, version))))
    )
  },
  errorResponse: (request, error, version) =>
    grouped(
      groupsOf(request).map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(item => answerOf(item, error, version))
      }))
    )
})

function groupsOf({ topics }: ListOffsetsRequest): Grouped<Item>[] {
  return topics.map(({ name, partitions }) => ({ topic: name, partitions }))
}

function repeatedIn(groups: readonly Grouped<Item>[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const { topic, partitions } of groups) {
    for (const { partitionIndex } of partitions) {
      const key = `${topic}-${partitionIndex}`
      if (seen.has(key)) repeated.add(key)
      seen.add(key)
    }
  }
  return repeated
}

type PartitionAnswer = NonNullable<NonNullable<Answer['topics']>[number]['partitions']>[number]

function answerOf(
  { partitionIndex }: Item,
  result: ListOffsetsResult | ErrorName,
  version: number
): PartitionAnswer {
  const error = typeof result === 'string' ? result : result.error
  if (typeof result === 'string' || error !== 'NONE') return { partitionIndex, errorCode: errorCode(error) }
  if (version === 0) {
    return { partitionIndex, errorCode: 0, oldStyleOffsets: result.oldStyleOffsets.map(BigInt) }
  }
  const { timestamp, offset, leaderEpoch } = result
  const found = { partitionIndex, errorCode: 0, timestamp, offset: BigInt(offset) }
  return version >= 4 ? { ...found, leaderEpoch } : found
}

function grouped(topics: readonly { topic: string; partitions: PartitionAnswer[] }[]): Answer {
  return { topics: topics.map(({ topic, partitions }) => ({ name: topic, partitions })) }
}

// Requests that ask one thing of many partitions, grouped by topic: flat for the leaders, grouped again for the answer.
import type { ErrorName } from '../../protocol/error-codes.js'
import type { MetadataImage } from '../controller/metadata-image.js'
import type { PartitionRef } from '../replicas/replica-access.js'

export interface Grouped<Item> {
  readonly topic: string
  readonly partitions: readonly Item[]
}

type Place<Item> = { readonly topic: string; readonly item: Item; readonly error: ErrorName | undefined }

export interface Flat<Item, Ask> {
  readonly places: readonly Place<Item>[]
  readonly asked: readonly (Ask & PartitionRef)[]
}

/**
 * What is left to ask of the leaders; `refuse` and topics or partitions that the image does not have are answered
 * without them.
 */
export function flatten<Item, Ask>(
  groups: readonly Grouped<Item>[],
  image: MetadataImage,
  {
    indexOf,
    askOf,
    refuse
  }: {
    indexOf: (item: Item) => number
    askOf: (item: Item) => Ask
    refuse?: (item: Item, topic: string) => ErrorName | undefined
  }
): Flat<Item, Ask> {
  const places: Place<Item>[] = []
  const asked: (Ask & PartitionRef)[] = []
  for (const { topic, partitions } of groups) {
    const info = image.topics.get(topic)
    for (const item of partitions) {
      const partition = indexOf(item)
      const isKnown = info?.partitions[partition] !== undefined
      const error = isKnown ? refuse?.(item, topic) : 'UNKNOWN_TOPIC_OR_PARTITION'
      places.push({ topic, item, error })
      if (error === undefined && info !== undefined) {
        asked.push({ ...askOf(item), topic, topicId: info.id, partition })
      }
    }
  }
  return { places, asked }
}

/** Grouped as the request was; `answer` gets the leader's result, or the error that came first. */
export function regroup<Item, Result, Answer>(
  groups: readonly Grouped<Item>[],
  flat: Pick<Flat<Item, unknown>, 'places'>,
  results: readonly Result[],
  answer: (item: Item, result: Result | ErrorName) => Answer
): { topic: string; partitions: Answer[] }[] {
  let place = 0
  let next = 0
  return groups.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(item => {
      const error = flat.places[place++]?.error
      const result = error ?? results[next++] ?? 'UNKNOWN_SERVER_ERROR'
      return answer(item, result)
    })
  }))
}

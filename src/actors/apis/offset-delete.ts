// OffsetDelete. Behaviour: committed offsets of partitions that no live member subscribes to are removed from the log and from
// memory; each partition has its own error, the group one at the top.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type OffsetDeleteRequest,
  offsetDeleteRequest,
  offsetDeleteResponse
} from '../../protocol/messages/offset-delete.js'
import type { InputOf } from '../../protocol/schema.js'
import { hasPartition, type MetadataImage } from '../controller/metadata-image.js'
import { defineApi, type Outcome, respond, respondWhen } from './api.js'
import { callerOf } from './group-caller.js'

type Answer = InputOf<typeof offsetDeleteResponse>

export const offsetDelete = defineApi({
  key: 47,
  name: 'OffsetDelete',
  versions: [0, 0],
  request: offsetDeleteRequest,
  response: offsetDeleteResponse,
  needs: ['groups', 'metadata'],
  handle(request, context, { groups, metadata }): Outcome<Answer> {
    const image = metadata()
    return respondWhen(
      groups.perform('deleteOffsets', request.groupId, request, callerOf(context)),
      performed => {
        const answer = performed.kind === 'answered' ? performed.answer : refused(performed.error)
        return respond(answer.errorCode === 0 ? withUnknown(request, answer, image) : answer)
      }
    )
  },
  errorResponse: (_, error) => refused(error)
})

const refused = (error: ErrorName): Answer => ({ errorCode: errorCode(error), topics: [] })

/** The coordinator does not look at what exists. */
function withUnknown(request: OffsetDeleteRequest, answer: Answer, image: MetadataImage): Answer {
  return {
    errorCode: 0,
    topics: request.topics.map(({ name, partitions }, i) => ({
      name,
      partitions: partitions.map(({ partitionIndex }, j) => ({
        partitionIndex,
        errorCode: hasPartition(image, name, partitionIndex)
          ? (answer.topics?.[i]?.partitions?.[j]?.errorCode ?? 0)
          : errorCode('UNKNOWN_TOPIC_OR_PARTITION')
      }))
    }))
  }
}

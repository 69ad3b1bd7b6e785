// AlterPartitionReassignments. Behaviour: with one broker there is one assignment, the present one: it is accepted and
// nothing moves; every other has a broker that is not alive, and there is never a reassignment to cancel.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type AlterPartitionReassignmentsRequest,
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse
} from '../../protocol/messages/alter-partition-reassignments.js'
import type { MetadataImage } from '../controller/metadata-image.js'
import { defineApi, respond } from './api.js'

type Verdict = { readonly error: ErrorName; readonly message: string | null }

export const alterPartitionReassignments = defineApi({
  key: 45,
  name: 'AlterPartitionReassignments',
  versions: [0, 0],
  request: alterPartitionReassignmentsRequest,
  response: alterPartitionReassignmentsResponse,
  needs: ['metadata', 'brokerId'],
  handle({ topics }, _, { metadata, brokerId }) {
    const image = metadata()
    if (image.controllerId !== brokerId) {
      const message = 'This is not the correct controller for this cluster.'
      return respond({ errorCode: errorCode('NOT_CONTROLLER'), errorMessage: message, responses: [] })
    }
    const responses = topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, replicas }) => {
        const { error, message } = verdictOn(image, name, partitionIndex, replicas)
        return { partitionIndex, errorCode: errorCode(error), errorMessage: message }
      })
    }))
    return respond({ errorCode: 0, errorMessage: null, responses })
  },
  errorResponse: allWith
})

/** In the order in which Kafka's controller looks. */
function verdictOn(
  image: MetadataImage,
  topic: string,
  partition: number,
  target: readonly number[] | null
): Verdict {
  if (target === null) {
    return { error: 'NO_REASSIGNMENT_IN_PROGRESS', message: 'No partition reassignment is in progress.' }
  }
  const bad = (message: string): Verdict => ({ error: 'INVALID_REPLICA_ASSIGNMENT', message })
  if (target.length === 0) return bad('Empty replica list specified in partition reassignment.')
  const list = `[${target.join(', ')}]`
  if (new Set(target).size < target.length) {
    return bad(`Duplicate replica ids in partition reassignment replica list: ${list}`)
  }
  if (target.some(id => id < 0)) return bad(`Invalid broker id in replica list: ${list}`)
  const current = image.topics.get(topic)?.partitions[partition]
  const live = image.brokers.map(({ id }) => id)
  const adding = target.filter(id => !current?.replicas.includes(id))
  if (adding.some(id => !live.includes(id))) {
    return bad(
      `Replica assignment has brokers that are not alive. Replica list: [${adding.join(', ')}], live broker list: [${live.join(', ')}]`
    )
  }
  if (current !== undefined) return { error: 'NONE', message: null }
  return { error: 'UNKNOWN_TOPIC_OR_PARTITION', message: 'The partition does not exist.' }
}

function allWith({ topics }: AlterPartitionReassignmentsRequest, error: ErrorName) {
  return {
    errorCode: errorCode(error),
    errorMessage: null,
    responses: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: errorCode(error),
        errorMessage: null
      }))
    }))
  }
}

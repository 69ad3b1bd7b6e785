// FindCoordinator. Behaviour: the leader of the offsets partition that a group hashes to; the offsets topic is created when the
// first client asks. There is no coordinator for transactions and share groups. Versions: 1 key types, 4 many keys.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type FindCoordinatorRequest,
  findCoordinatorRequest,
  findCoordinatorResponse
} from '../../protocol/messages/find-coordinator.js'
import type { InputOf } from '../../protocol/schema.js'
import type { MetadataImage, TopicInfo } from '../controller/metadata-image.js'
import { coordinatorOf } from '../groups/group-access.js'
import { offsetsTopic } from '../groups/offsets-topic.js'
import { defineApi, type Outcome, respond, respondWhen } from './api.js'
import { endpointOf } from './listener-view.js'

type Answer = InputOf<typeof findCoordinatorResponse>
type Found = NonNullable<Answer['coordinators']>[number]

const keyTypes = { group: 0, transaction: 1, share: 2 } as const
const manyKeysVersion = 4
const shareVersion = 6

export const findCoordinator = defineApi({
  key: 10,
  name: 'FindCoordinator',
  versions: [0, 6],
  request: findCoordinatorRequest,
  response: findCoordinatorResponse,
  needs: ['metadata', 'controller'],
  handle(request, { apiVersion, connection }, { metadata, controller }): Outcome<Answer> {
    const refusal = refusalOf(request.keyType, apiVersion)
    const keys = keysOf(request, apiVersion)
    if (refusal !== 'NONE')
      return respond(
        answerOf(
          keys.map(key => failed(key, refusal)),
          apiVersion
        )
      )
    const answer = (): Outcome<Answer> => {
      const image = metadata()
      const topic = image.topics.get(offsetsTopic)
      const found = keys.map(key => find(key, topic, image, connection.listener))
      return respond(answerOf(found, apiVersion))
    }
    if (metadata().topics.has(offsetsTopic)) return answer()
    return respondWhen(controller.autoCreateTopics([offsetsTopic]), answer)
  },
  errorResponse: (request, error, version) =>
    answerOf(
      keysOf(request, version).map(key => failed(key, error)),
      version
    )
})

function refusalOf(keyType: number, version: number): ErrorName {
  switch (keyType) {
    case keyTypes.group:
      return 'NONE'
    case keyTypes.transaction:
      return 'COORDINATOR_NOT_AVAILABLE'
    case keyTypes.share:
      return version < shareVersion ? 'INVALID_REQUEST' : 'COORDINATOR_NOT_AVAILABLE'
    default:
      return 'INVALID_REQUEST'
  }
}

function keysOf({ key, coordinatorKeys }: FindCoordinatorRequest, version: number): readonly string[] {
  return version >= manyKeysVersion ? coordinatorKeys : [key]
}

function find(key: string, topic: TopicInfo | undefined, image: MetadataImage, listener: string): Found {
  const coordinator = topic === undefined ? 'COORDINATOR_NOT_AVAILABLE' : coordinatorOf(key, topic)
  if (typeof coordinator === 'string') return failed(key, coordinator)
  const broker = image.brokers.find(({ id }) => id === coordinator.leader)
  const endpoint = broker && endpointOf(broker, listener)
  if (endpoint === undefined) return failed(key, 'COORDINATOR_NOT_AVAILABLE')
  const { nodeId, host, port } = endpoint
  return { key, nodeId, host, port, errorCode: 0, errorMessage: '' }
}

function failed(key: string, error: ErrorName): Found {
  return { key, nodeId: -1, host: '', port: -1, errorCode: errorCode(error), errorMessage: null }
}

function answerOf(found: readonly Found[], version: number): Answer {
  if (version >= manyKeysVersion) return { coordinators: found }
  const { key: _, ...only } = found[0] ?? failed('', 'UNKNOWN_SERVER_ERROR')
  return only
}

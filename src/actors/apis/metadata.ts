// Metadata. Behaviour: what clients of this listener may know of brokers and topics, from one image; missing topics may
// be created on the way. Versions: 1 null = all, 4 no-creation on request, 7 leader epochs, 10 topic ids, 12 by id.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import { type MetadataRequest, metadataRequest, metadataResponse } from '../../protocol/messages/metadata.js'
import { type InputOf, type Uuid, ZERO_UUID } from '../../protocol/schema.js'
import type { AutoCreateResult } from '../controller/controller-client.js'
import type { MetadataImage, PartitionInfo, TopicInfo } from '../controller/metadata-image.js'
import { allowedOperations } from './allowed-operations.js'
import { defineApi, type Outcome, type RequestContext, respondWhen } from './api.js'
import { endpointOf, endpointsOf } from './listener-view.js'
import { isInternalTopic, isTopicName } from './topic-names.js'

type Answer = InputOf<typeof metadataResponse>
type TopicAnswer = NonNullable<Answer['topics']>[number]

export const metadata = defineApi({
  key: 3,
  name: 'Metadata',
  versions: [0, 12],
  request: metadataRequest,
  response: metadataResponse,
  needs: ['metadata', 'controller', 'config'],
  handle(request, context, { metadata: imageOf, controller, config }): Outcome<Answer> {
    const image = imageOf()
    const view = { image, context, request }
    const { topics } = request
    if (topics === null || (context.apiVersion === 0 && topics.length === 0)) {
      return respondWith(
        view,
        [...image.topics.values()].map(topic => topicAnswer(topic, view))
      )
    }
    const byId = topics.some(({ topicId }) => topicId !== ZERO_UUID)
    if (context.apiVersion < 12 && (byId || topics.some(({ name }) => name === null))) {
      return respondWith(view, requested(request, 'INVALID_REQUEST'))
    }
    if (byId)
      return respondWith(
        view,
        topicsById(
          topics.map(({ topicId }) => topicId),
          view
        )
      )
    const names = [...new Set(topics.flatMap(({ name }) => name ?? []))]
    const found = names.filter(name => image.topics.has(name))
    const missing = names.filter(name => !image.topics.has(name))
    const known = found.flatMap(name => image.topics.get(name) ?? []).map(topic => topicAnswer(topic, view))
    const mayCreate = config.get('auto.create.topics.enable') && request.allowAutoTopicCreation
    const creatable = mayCreate ? missing.filter(isTopicName) : []
    if (creatable.length === 0) {
      return respondWith(view, [...known, ...missing.map(name => absent(name, view))])
    }
    return respondWhen(controller.autoCreateTopics(creatable), created => {
      const verdicts = new Map(created.map(result => [result.name, result]))
      return respondWith(view, [
        ...known,
        ...missing.map(name => createdAnswer(name, verdicts.get(name), { ...view, image: imageOf() }))
      ])
    })
  },
  errorResponse: (request, error) => ({ brokers: [], topics: requested(request, error) })
})

interface View {
  readonly image: MetadataImage
  readonly context: RequestContext
  readonly request: MetadataRequest
}

function respondWith({ image, context, request }: View, topics: TopicAnswer[]): Outcome<Answer> {
  const { apiVersion: version, connection } = context
  const brokers = endpointsOf(image, connection.listener)
  const { controllerId } = image
  const base = { brokers, topics, clusterId: image.clusterId, controllerId }
  const wantsOperations = version >= 8 && version <= 10 && request.includeClusterAuthorizedOperations
  const response = wantsOperations
    ? { ...base, clusterAuthorizedOperations: allowedOperations.cluster }
    : base
  return { kind: 'respond', response }
}

function requested({ topics }: MetadataRequest, error: ErrorName): TopicAnswer[] {
  return (topics ?? []).map(({ name, topicId }) => ({
    errorCode: errorCode(error),
    name: name ?? '',
    topicId,
    partitions: []
  }))
}

function topicsById(ids: readonly Uuid[], view: View): TopicAnswer[] {
  const unknown: TopicAnswer[] = []
  const known: TopicAnswer[] = []
  for (const id of new Set(ids)) {
    const topic = view.image.topics.get(view.image.topicNames.get(id) ?? '')
    if (topic !== undefined) known.push(topicAnswer(topic, view))
    else unknown.push({ errorCode: errorCode('UNKNOWN_TOPIC_ID'), name: null, topicId: id, partitions: [] })
  }
  return [...unknown, ...known]
}

function absent(name: string, view: View): TopicAnswer {
  return failed(name, isTopicName(name) ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'INVALID_TOPIC_EXCEPTION', view)
}

function createdAnswer(name: string, verdict: AutoCreateResult | undefined, view: View): TopicAnswer {
  return verdict === undefined ? absent(name, view) : failed(name, verdict.error, view)
}

function failed(name: string, error: ErrorName, _view: View): TopicAnswer {
  return {
    errorCode: errorCode(error),
    name,
    topicId: ZERO_UUID,
    isInternal: isInternalTopic(name),
    partitions: []
  }
}

function topicAnswer(topic: TopicInfo, view: View): TopicAnswer {
  const { apiVersion: version } = view.context
  const answer: TopicAnswer = {
    errorCode: 0,
    name: topic.name,
    topicId: topic.id,
    isInternal: topic.isInternal,
    partitions: topic.partitions.map((partition, index) => partitionAnswer(partition, index, view))
  }
  const wantsOperations = version >= 8 && view.request.includeTopicAuthorizedOperations
  return wantsOperations ? { ...answer, topicAuthorizedOperations: allowedOperations.topic } : answer
}

type PartitionAnswer = NonNullable<TopicAnswer['partitions']>[number]

function partitionAnswer(info: PartitionInfo, partitionIndex: number, view: View): PartitionAnswer {
  const { apiVersion: version } = view.context
  const error = partitionError(info, view)
  const alive = (ids: readonly number[]) =>
    ids.filter(id => view.image.brokers.some(broker => broker.id === id))
  const answer: PartitionAnswer = {
    errorCode: errorCode(error),
    partitionIndex,
    leaderId: error === 'LEADER_NOT_AVAILABLE' || error === 'LISTENER_NOT_FOUND' ? -1 : info.leader,
    leaderEpoch: info.leaderEpoch,
    replicaNodes: info.replicas,
    isrNodes: info.isr,
    offlineReplicas: info.offline
  }
  if (version > 0) return answer
  const replicaNodes = alive(info.replicas)
  const isrNodes = alive(info.isr)
  const isShort = replicaNodes.length < info.replicas.length || isrNodes.length < info.isr.length
  return {
    ...answer,
    replicaNodes,
    isrNodes,
    errorCode: error === 'NONE' && isShort ? errorCode('REPLICA_NOT_AVAILABLE') : answer.errorCode
  }
}

function partitionError(info: PartitionInfo, { image, context }: View): ErrorName {
  const leader = image.brokers.find(({ id }) => id === info.leader)
  if (leader === undefined) return 'LEADER_NOT_AVAILABLE'
  if (endpointOf(leader, context.connection.listener) !== undefined) return 'NONE'
  return context.apiVersion >= 6 ? 'LISTENER_NOT_FOUND' : 'LEADER_NOT_AVAILABLE'
}

// ElectLeaders. Behaviour: a partition that has its only possible leader needs no election, and one whose directory failed
// has nobody to elect. Null asks about all and hears of those only that need one. Versions: 1 unclean elections.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type ElectLeadersRequest,
  electLeadersRequest,
  electLeadersResponse
} from '../../protocol/messages/elect-leaders.js'
import type { MetadataImage, PartitionInfo } from '../controller/metadata-image.js'
import { defineApi, respond } from './api.js'

type Verdict = { readonly error: ErrorName; readonly message: string | null }
type Asked = { readonly topic: string; readonly partitions: readonly number[] }

const preferred = 0
const unclean = 1

export const electLeaders = defineApi({
  key: 43,
  name: 'ElectLeaders',
  versions: [0, 2],
  request: electLeadersRequest,
  response: electLeadersResponse,
  needs: ['metadata', 'brokerId'],
  handle(request, { apiVersion }, { metadata, brokerId }) {
    const image = metadata()
    const { electionType, topicPartitions } = request
    if (electionType !== preferred && electionType !== unclean) {
      return respond(allWith(request, 'INVALID_REQUEST', apiVersion))
    }
    const isController = image.controllerId === brokerId
    const verdictOn = (topic: string, partition: number): Verdict =>
      isController
        ? electionOf(image.topics.get(topic)?.partitions[partition], `${topic}-${partition}`, electionType)
        : { error: 'NOT_CONTROLLER', message: null }
    const results = (topicPartitions ?? everything(image)).map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions
        .map(partition => ({ partition, ...verdictOn(topic, partition) }))
        .filter(({ error }) => topicPartitions !== null || error !== 'ELECTION_NOT_NEEDED')
        .map(({ partition, error, message }) => answerOf(partition, error, message))
    }))
    const answered = results.filter(({ partitionResult }) => partitionResult.length > 0)
    return respond({ replicaElectionResults: answered })
  },
  errorResponse: allWith
})

function everything(image: MetadataImage): Asked[] {
  return [...image.topics.values()].map(({ name, partitions }) => ({
    topic: name,
    partitions: partitions.map((_, index) => index)
  }))
}

function electionOf(info: PartitionInfo | undefined, name: string, electionType: number): Verdict {
  if (info === undefined) {
    return { error: 'UNKNOWN_TOPIC_OR_PARTITION', message: 'The partition does not exist.' }
  }
  const isLed = electionType === preferred ? info.leader === info.replicas[0] : info.leader >= 0
  if (isLed) {
    return { error: 'ELECTION_NOT_NEEDED', message: 'Leader election not needed for topic partition.' }
  }
  const [error, strategy]: [ErrorName, string] =
    electionType === preferred
      ? ['PREFERRED_LEADER_NOT_AVAILABLE', 'PreferredReplicaPartitionLeaderElectionStrategy']
      : ['ELIGIBLE_LEADERS_NOT_AVAILABLE', 'OfflinePartitionLeaderElectionStrategy(true)']
  return { error, message: `Failed to elect leader for partition ${name} under strategy ${strategy}` }
}

function answerOf(partitionId: number, error: ErrorName, errorMessage: string | null) {
  return { partitionId, errorCode: errorCode(error), errorMessage }
}

function allWith({ topicPartitions }: ElectLeadersRequest, error: ErrorName, version: number) {
  return {
    ...(version >= 1 ? { errorCode: errorCode(error) } : {}),
    replicaElectionResults: (topicPartitions ?? []).map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions.map(partition => answerOf(partition, error, null))
    }))
  }
}

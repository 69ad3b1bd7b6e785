// CreateTopics. Behaviour: the controller decides and waits until every partition is led; this translates.
// Versions: 1 validate only and messages, 5 what was created, 7 its id.

import type { BrokerConfig } from '../../config/broker-config.js'
import { describeTopic } from '../../config/describe.js'
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type CreateTopicsRequest,
  createTopicsRequest,
  createTopicsResponse
} from '../../protocol/messages/create-topics.js'
import { type InputOf, ZERO_UUID } from '../../protocol/schema.js'
import type { CreatableTopic, CreateTopicResult } from '../controller/controller-client.js'
import { defineApi, respond } from './api.js'

type TopicAnswer = NonNullable<InputOf<typeof createTopicsResponse>['topics']>[number]

export const createTopics = defineApi({
  key: 19,
  name: 'CreateTopics',
  versions: [0, 7],
  request: createTopicsRequest,
  response: createTopicsResponse,
  needs: ['controller', 'config', 'metadata', 'brokerId'],
  handle({ topics, timeoutMs, validateOnly }, { apiVersion }, { controller, config, metadata, brokerId }) {
    const names = distinct(topics)
    if (metadata().controllerId !== brokerId) {
      return respond({ topics: names.map(name => refused(name, 'NOT_CONTROLLER', null)) })
    }
    const command = { topics: topics.map(creatable), timeoutMs, validateOnly }
    const completion = controller
      .createTopics(command)
      .then(results => respond({ topics: results.map(result => answerOf(result, apiVersion, config)) }))
    return { kind: 'park', completion }
  },
  errorResponse: ({ topics }, error) => ({
    topics: distinct(topics).map(name => refused(name, error, null))
  })
})

const distinct = (topics: CreateTopicsRequest['topics']): string[] => [
  ...new Set(topics.map(({ name }) => name))
]

function creatable(topic: CreateTopicsRequest['topics'][number]): CreatableTopic {
  const { name, numPartitions, replicationFactor, assignments, configs } = topic
  return {
    name,
    numPartitions,
    replicationFactor,
    assignments: assignments.map(({ partitionIndex, brokerIds }) => ({
      partition: partitionIndex,
      brokerIds
    })),
    configs: configs.map(config => ({ name: config.name, value: config.value }))
  }
}

function refused(name: string, error: ErrorName, errorMessage: string | null): TopicAnswer {
  return { name, topicId: ZERO_UUID, errorCode: errorCode(error), errorMessage, configs: [] }
}

function answerOf(result: CreateTopicResult, version: number, config: BrokerConfig): TopicAnswer {
  const { name, topicId, error, message, numPartitions, replicationFactor } = result
  if (error !== 'NONE') return { ...refused(name, error, message), topicId }
  const created: TopicAnswer = {
    name,
    topicId,
    errorCode: 0,
    errorMessage: null,
    numPartitions,
    replicationFactor
  }
  if (version < 5) return created
  const configs = describeTopic(config, result.configs).map(entry => {
    const { value, readOnly, configSource, isSensitive } = entry
    return { name: entry.name, value, readOnly, configSource, isSensitive }
  })
  return { ...created, configs }
}

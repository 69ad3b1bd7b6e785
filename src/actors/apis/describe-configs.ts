// DescribeConfigs. Behaviour: each resource is answered alone: topics, groups, this broker, and what is stored for all brokers.
// Versions: 1 sources and synonyms, 3 types and documentation.
import {
  type DescribedConfig,
  describeBroker,
  describeClusterDefault,
  describeGroup,
  describeTopic
} from '../../config/describe.js'
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type DescribeConfigsRequest,
  describeConfigsRequest,
  describeConfigsResponse
} from '../../protocol/messages/describe-configs.js'
import type { InputOf } from '../../protocol/schema.js'
import { topicNameFault } from '../controller/topic-checks.js'
import { defineApi, respond } from './api.js'
import type { ApiNeeds } from './needs.js'

type Resource = DescribeConfigsRequest['resources'][number]
type Result = NonNullable<InputOf<typeof describeConfigsResponse>['results']>[number]
type Described = readonly DescribedConfig[] | { readonly error: ErrorName; readonly message: string }

/** ConfigResource.Type */
const resourceType = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const

export const describeConfigs = defineApi({
  key: 32,
  name: 'DescribeConfigs',
  versions: [0, 4],
  request: describeConfigsRequest,
  response: describeConfigsResponse,
  needs: ['config', 'metadata', 'brokerId'],
  handle: (request, { apiVersion }, needs) =>
    respond({
      results: request.resources.map(resource =>
        answerOf(resource, describe(resource, needs), request, apiVersion)
      )
    }),
  errorResponse: ({ resources }, error) => ({
    results: resources.map(resource => refused(resource, error, null))
  })
})

function describe(resource: Resource, needs: Pick<ApiNeeds, 'config' | 'metadata' | 'brokerId'>): Described {
  const { resourceType: type, resourceName: name, configurationKeys: names } = resource
  const { config, brokerId } = needs
  switch (type) {
    case resourceType.topic: {
      const fault = topicNameFault(name)
      if (fault !== undefined)
        return { error: 'INVALID_TOPIC_EXCEPTION', message: `Topic name is invalid: ${fault}` }
      const topic = needs.metadata().topics.get(name)
      if (topic !== undefined) return describeTopic(config, topic.configs, names)
      return { error: 'UNKNOWN_TOPIC_OR_PARTITION', message: '' }
    }
    case resourceType.broker:
      if (name === '') return describeClusterDefault(config, names)
      return idFault(name, `${brokerId} or empty string, `, brokerId) ?? describeBroker(config, names)
    case resourceType.group:
      if (name === '') return invalidRequest('Group name must not be empty')
      return describeGroup(config, needs.metadata().groupConfigs.get(name) ?? {}, names)
    case resourceType.brokerLogger:
      if (name === '') return invalidRequest('Broker id must not be empty')
      // Levels of loggers cannot be changed, and so there is none to show.
      return idFault(name, `${brokerId} `, brokerId) ?? []
    case resourceType.clientMetrics:
      return invalidRequest(
        name === ''
          ? 'Client metrics subscription name must not be empty'
          : 'Config type client-metrics is only supported on KRaft clusters'
      )
    default:
      return invalidRequest(`Unsupported resource type: ${type}`)
  }
}

const invalidRequest = (message: string) => ({ error: 'INVALID_REQUEST', message }) as const

function idFault(name: string, expected: string, brokerId: number) {
  if (!/^[+-]?\d+$/.test(name)) return invalidRequest(`Broker id must be an integer, but it is: ${name}`)
  if (Number(name) === brokerId) return undefined
  return invalidRequest(`Unexpected broker id, expected ${expected}but received ${name}`)
}

function answerOf(
  resource: Resource,
  described: Described,
  request: DescribeConfigsRequest,
  version: number
): Result {
  if ('error' in described) return refused(resource, described.error, described.message)
  const { resourceType: type, resourceName } = resource
  const configs = described.map(({ name, value, readOnly, isSensitive, ...config }) => ({
    name,
    value,
    readOnly,
    isSensitive,
    configSource: config.configSource,
    synonyms: version >= 1 && request.includeSynonyms ? config.synonyms : [],
    configType: version >= 3 ? config.configType : 0,
    documentation: version >= 3 && request.includeDocumentation ? config.documentation : null
  }))
  return { errorCode: 0, errorMessage: '', resourceType: type, resourceName, configs }
}

function refused(
  { resourceType: type, resourceName }: Resource,
  error: ErrorName,
  errorMessage: string | null
): Result {
  return { errorCode: errorCode(error), errorMessage, resourceType: type, resourceName, configs: [] }
}

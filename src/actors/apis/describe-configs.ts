// DescribeConfigs. Behaviour: each resource is answered alone: topics, this broker, and the defaults of all brokers (none
// are stored). Versions: 1 sources and synonyms, 3 types and documentation.

import { type DescribedConfig, describeBroker, describeTopic } from '../../config/describe.js'
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type DescribeConfigsRequest,
  describeConfigsRequest,
  describeConfigsResponse
} from '../../protocol/messages/describe-configs.js'
import type { InputOf } from '../../protocol/schema.js'
import { defineApi, respond } from './api.js'
import type { ApiNeeds } from './needs.js'
import { isTopicName } from './topic-names.js'

type Resource = DescribeConfigsRequest['resources'][number]
type Result = NonNullable<InputOf<typeof describeConfigsResponse>['results']>[number]
type Described = readonly DescribedConfig[] | { readonly error: ErrorName; readonly message: string }

const resourceType = { topic: 2, broker: 4 } as const

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
  if (type === resourceType.topic) {
    if (!isTopicName(name))
      return { error: 'INVALID_TOPIC_EXCEPTION', message: `Topic name '${name}' is illegal` }
    const topic = needs.metadata().topics.get(name)
    if (topic !== undefined) return describeTopic(needs.config, topic.configs, names)
    return { error: 'UNKNOWN_TOPIC_OR_PARTITION', message: 'This server does not host this topic-partition.' }
  }
  if (type !== resourceType.broker)
    return { error: 'INVALID_REQUEST', message: `Unsupported resource type: ${type}` }
  if (name === '') return []
  if (name === String(needs.brokerId)) return describeBroker(needs.config, names)
  const message = `Unexpected broker id, expected ${needs.brokerId} or empty string, but received ${name}`
  return { error: 'INVALID_REQUEST', message }
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
  return { errorCode: 0, errorMessage: null, resourceType: type, resourceName, configs }
}

function refused(
  { resourceType: type, resourceName }: Resource,
  error: ErrorName,
  errorMessage: string | null
): Result {
  return { errorCode: errorCode(error), errorMessage, resourceType: type, resourceName, configs: [] }
}

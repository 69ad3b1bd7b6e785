// Goal: AlterConfigs, IncrementalAlterConfigs and DescribeConfigs translate between the wire and the broker in every
// version. Method: encoded requests through dispatch, with a controller that says what it was asked.
import { expect, test } from 'vitest'
import type { AlterConfigsCommand, Verdict } from '../../../src/actors/controller/controller-client.js'
import { errorCode } from '../../../src/protocol/error-codes.js'
import { alterConfigsRequest, alterConfigsResponse } from '../../../src/protocol/messages/alter-configs.js'
import {
  describeConfigsRequest,
  describeConfigsResponse
} from '../../../src/protocol/messages/describe-configs.js'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse
} from '../../../src/protocol/messages/incremental-alter-configs.js'
import { harness, topicId, topicInfo } from './harness.js'

const range = (n: number) => Array.from({ length: n }, (_, i) => i)

const verdicts: readonly Verdict[] = [
  { error: 'NONE', message: null },
  { error: 'INVALID_CONFIG', message: 'no' }
]

const answers = [
  { errorCode: 0, errorMessage: null, resourceType: 2, resourceName: 'a' },
  { errorCode: errorCode('INVALID_CONFIG'), errorMessage: 'no', resourceType: 4, resourceName: '' }
]

function asked() {
  const commands: AlterConfigsCommand[] = []
  const alterConfigs = async (command: AlterConfigsCommand) => {
    commands.push(command)
    return verdicts
  }
  return { commands, at: harness({ controller: { alterConfigs } }) }
}

test.each(range(3))('AlterConfigs version %i asks for exactly what it names', async version => {
  const { commands, at } = asked()
  const resources = [
    { resourceType: 2, resourceName: 'a', configs: [{ name: 'retention.ms', value: '5' }] },
    { resourceType: 4, resourceName: '', configs: [{ name: 'x', value: null }] }
  ]
  const body = { resources, validateOnly: true }
  const { responses } = await at.call([alterConfigsRequest, alterConfigsResponse], version, body)
  expect(responses).toEqual(answers)
  expect(commands).toEqual([
    {
      mode: 'replace',
      resources: [
        { type: 2, name: 'a', entries: [{ name: 'retention.ms', op: 0, value: '5' }] },
        { type: 4, name: '', entries: [{ name: 'x', op: 0, value: null }] }
      ],
      validateOnly: true
    }
  ])
})

test.each(range(2))('IncrementalAlterConfigs version %i asks for steps', async version => {
  const { commands, at } = asked()
  const configs = [
    { name: 'cleanup.policy', configOperation: 2, value: 'compact' },
    { name: 'retention.ms', configOperation: 1, value: null }
  ]
  const resources = [
    { resourceType: 2, resourceName: 'a', configs },
    { resourceType: 4, resourceName: '', configs: [] }
  ]
  const schemas = [incrementalAlterConfigsRequest, incrementalAlterConfigsResponse] as const
  const { responses } = await at.call(schemas, version, { resources, validateOnly: false })
  expect(responses).toEqual(answers)
  expect(commands[0]?.mode).toBe('step')
  expect(commands[0]?.resources[0]?.entries).toEqual([
    { name: 'cleanup.policy', op: 2, value: 'compact' },
    { name: 'retention.ms', op: 1, value: null }
  ])
})

test('a controller that fails is answered for each resource', async () => {
  const at = harness()
  const resources = ['a', 'b'].map(resourceName => ({ resourceType: 2, resourceName, configs: [] }))
  const replaced = await at.call([alterConfigsRequest, alterConfigsResponse], 2, { resources })
  const schemas = [incrementalAlterConfigsRequest, incrementalAlterConfigsResponse] as const
  const stepped = await at.call(schemas, 1, { resources })
  for (const { responses } of [replaced, stepped]) {
    expect(responses.map(answer => [answer.resourceName, answer.errorCode])).toEqual([
      ['a', -1],
      ['b', -1]
    ])
  }
})

test.each(range(5))('DescribeConfigs version %i shows as much as it can carry', async version => {
  const at = harness()
  at.publish([{ ...topicInfo('a', topicId(1), 1), configs: { 'retention.ms': '7' } }])
  at.config.adopt({ broker: { 'message.max.bytes': '9' }, clusterDefault: { 'message.max.bytes': '8' } })
  const resources = [
    { resourceType: 2, resourceName: 'a', configurationKeys: ['max.message.bytes', 'retention.ms'] },
    { resourceType: 4, resourceName: '1', configurationKeys: ['message.max.bytes'] },
    { resourceType: 4, resourceName: '', configurationKeys: null },
    { resourceType: 8, resourceName: '1', configurationKeys: null }
  ]
  const body = { resources, ...(version >= 1 ? { includeSynonyms: true } : {}) }
  const more = version >= 3 ? { includeDocumentation: true } : {}
  const { results } = await at.call([describeConfigsRequest, describeConfigsResponse], version, {
    ...body,
    ...more
  })
  expect(results.map(result => result.configs.map(({ value }) => value))).toEqual([
    ['9', '7'],
    ['9'],
    ['8'],
    []
  ])
  const entry = results[1]?.configs[0]
  if (version >= 1) {
    expect(results.map(({ configs }) => configs[0]?.configSource)).toEqual([2, 2, 3, undefined])
    expect(entry?.synonyms?.map(({ source }) => source)).toEqual([2, 3, 5])
  }
  if (version >= 3)
    expect([entry?.configType, entry?.documentation]).toEqual([3, expect.stringMatching(/batch/)])
})

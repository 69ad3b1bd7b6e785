// Goal: about configurations this broker answers as Kafka does. Method: 143 requests with the answers that Kafka 3.9.1 gave
// in ZooKeeper mode, one after the other (each a third of a second later, since Kafka answers before a change holds). What
// is deliberately different is listed with its reason.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alterConfigsRequest, alterConfigsResponse } from '../../src/protocol/messages/alter-configs.js'
import {
  describeConfigsRequest,
  describeConfigsResponse
} from '../../src/protocol/messages/describe-configs.js'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse
} from '../../src/protocol/messages/incremental-alter-configs.js'
import { WireClient } from '../support/wire-client.js'
import { createTopic } from './support.js'

const { startBroker }: typeof import('../../src/index.js') = await import(
  new URL('../../dist/index.js', import.meta.url).href
)

interface Altered {
  readonly resources: Array<{
    resourceType: number
    resourceName: string
    configs: Array<{ name: string; configOperation: number; value: string | null }>
  }>
  readonly validateOnly: boolean
}

interface Described {
  readonly resources: Array<{
    resourceType: number
    resourceName: string
    configurationKeys: string[] | null
  }>
  readonly includeSynonyms: boolean
  readonly includeDocumentation: boolean
}

type Line = { readonly label: string; readonly version: number; readonly answer: unknown } & (
  | { readonly ask: 'step' | 'replace'; readonly body: Altered }
  | { readonly ask: 'describe'; readonly body: Described }
)

const lines = readFileSync(join(import.meta.dirname, 'kafka-config-answers.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Line)

/** By label: what is different here, and why. */
const different: Readonly<Record<string, { readonly answer: unknown; readonly because: string }>> = {
  'topic append unknown': {
    answer: [[40, 'Unknown config name: no.such']],
    because: 'Kafka fails with UNKNOWN_SERVER_ERROR'
  },
  'topic bad op': {
    answer: [[42, 'Unknown operations type 9']],
    because: 'Kafka fails with UNKNOWN_SERVER_ERROR'
  },
  'broker append unknown': {
    answer: [[40, 'Unknown config name: no.such.list']],
    because: 'Kafka fails with UNKNOWN_SERVER_ERROR'
  },
  'group type': {
    answer: [[40, 'Unknown group config name: interval.ms']],
    because: 'groups of KIP-848 are served, and so is their configuration (Kafka: with KRaft only)'
  },
  group: {
    answer: [
      0,
      '',
      [
        [
          'consumer.heartbeat.interval.ms',
          '5000',
          false,
          5,
          false,
          3,
          'consumer.heartbeat.interval.ms=5000/5'
        ],
        ['consumer.session.timeout.ms', '45000', false, 5, false, 3, 'consumer.session.timeout.ms=45000/5']
      ]
    ],
    because: 'groups of KIP-848 are served, and so is their configuration (Kafka: with KRaft only)'
  },
  'per-broker at default': {
    answer: [[42, 'Cannot update these configs dynamically: Set(advertised.listeners)']],
    because: 'listeners do not change while the broker runs'
  },
  'ssl password with prefix': {
    answer: [
      [
        42,
        'These configs protect, and this broker cannot honour them yet: Set(listener.name.plaintext.ssl.keystore.password)'
      ]
    ],
    because: 'nothing would be protected by it'
  }
}

/** Sentences that come from the innards of Kafka: their codes are compared, not their words. */
const otherWords = new Set([
  'threads too many',
  'threads too few',
  'threads own gone',
  'network threads too many',
  'background threads',
  'cleaner threads',
  'ssl without prefix',
  'max.connections.per.ip bad',
  'max.connections.per.ip zero',
  'retention zero',
  'type 1',
  'group'
])

const started: { broker?: Awaited<ReturnType<typeof startBroker>>; client?: WireClient } = {}

beforeAll(async () => {
  started.broker = await startBroker({
    overrides: {
      'broker.id': '0',
      'log.retention.hours': '2',
      'my.plugin.thing': 'secret',
      'listener.name.plaintext.max.connections': '5000'
    }
  })
  started.client = await WireClient.connect(started.broker.bootstrapServers)
  await createTopic(started.client, 't')
})

afterAll(async () => {
  started.client?.close()
  await started.broker?.close()
})

async function ask(client: WireClient, line: Line): Promise<unknown> {
  if (line.ask === 'describe') {
    const schemas = [describeConfigsRequest, describeConfigsResponse] as const
    const { results } = await client.request(schemas, line.version, line.body)
    const [{ errorCode, errorMessage, configs = [] } = { errorCode: -1, errorMessage: null }] = results
    const entries = configs.map(entry => {
      const { name, value, readOnly, configSource, isSensitive, configType, synonyms = [] } = entry
      const told = synonyms.map(each => `${each.name}=${each.value}/${each.source}`).join(' ')
      return [name, value, readOnly, configSource, isSensitive, configType, told]
    })
    return [errorCode, errorMessage, entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))]
  }
  const { responses } =
    line.ask === 'step'
      ? await client.request(
          [incrementalAlterConfigsRequest, incrementalAlterConfigsResponse],
          line.version,
          line.body
        )
      : await client.request([alterConfigsRequest, alterConfigsResponse], line.version, line.body)
  return responses.map(({ errorCode, errorMessage }) => [errorCode, errorMessage])
}

/** Blanks around a value are not kept here; Kafka shows them in synonyms. */
const shown = (answer: unknown): string => JSON.stringify(answer).replaceAll('= 9999 /', '=9999/')
const codes = (answer: unknown): string => JSON.stringify(answer).replace(/"[^"]*"/, '""')

test('each answer is the one that Kafka gave', { timeout: 60_000 }, async () => {
  const { client } = started
  if (client === undefined) throw new Error('the broker runs')
  const wrong: string[] = []
  for (const line of lines) {
    const expected = different[line.label]?.answer ?? line.answer
    const answer = await ask(client, line)
    const compared = otherWords.has(line.label) ? codes : shown
    if (compared(answer) !== compared(expected)) {
      wrong.push(`${line.label}: ${shown(answer)} instead of ${shown(expected)}`)
    }
  }
  expect(wrong).toEqual([])
  expect(lines.length).toBeGreaterThan(130)
})

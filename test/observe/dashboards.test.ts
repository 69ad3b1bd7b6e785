// Goal: who has a Grafana dashboard for Kafka keeps it, and docs/metrics.md says truly which panels stay empty. Method: every
// metric that four public dashboards ask for, against a loaded broker under the rules of each; the table in the docs is made here.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBroker } from '../../src/index.js'
import { type RuleSet, ruleSets } from '../../src/observe/metric-rules.js'
import { append, createTopic, readAll } from '../broker/support.js'
import { WireClient } from '../support/wire-client.js'
import { dashboards, reasons } from './dashboards.js'
import { type ReadFamily, readExposition, valuesOf } from './exposition.js'

let broker: Awaited<ReturnType<typeof startBroker>>
let client: WireClient
const scraped = new Map<RuleSet, readonly ReadFamily[]>()

const scrape = async (rules: string): Promise<Response> => fetch(`${broker.inspector}metrics?rules=${rules}`)

beforeAll(async () => {
  broker = await startBroker({ overrides: { 'inspector.listener': 'http://127.0.0.1:0' } })
  client = await WireClient.connect(broker.bootstrapServers)
  await createTopic(client, 'shown', 2)
  for (let i = 0; i < 10; i++) await append(client, 'shown', i % 2, ['one', 'two'])
  await readAll(client, 'shown', 0)
  // Rates are known from the second scrape on.
  await scrape('usual')
  await new Promise(resolve => setTimeout(resolve, 1100))
  for (const rules of ruleSets) scraped.set(rules, readExposition(await (await scrape(rules)).text()))
}, 60_000)
afterAll(async () => {
  client?.close()
  await broker?.close()
})

const askedOf = ({ names }: { readonly names: string }): [name: string, labels: string[]][] =>
  names
    .trim()
    .split(/\s+/)
    .map(text => {
      const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(text) ?? []
      return [name, labels.split(',').filter(Boolean)]
    })
const namesOf = (dashboard: { readonly names: string }): string[] => askedOf(dashboard).map(([name]) => name)
const has = (rules: RuleSet, name: string): boolean =>
  scraped.get(rules)?.some(family => family.name === name) === true
const missingOf = (dashboard: (typeof dashboards)[number]): string[] =>
  namesOf(dashboard).filter(name => !has(dashboard.rules, name))

/** As docs/metrics.md has it: how much of each dashboard is answered, and why the rest is not. */
function tables(): string {
  const counts = dashboards.map(dashboard => {
    const all = namesOf(dashboard).length
    const [repository = '', path = ''] = dashboard.source.split(' ')
    const link = `[${dashboard.title}](https://github.com/${repository}/blob/HEAD/${path})`
    return `| ${link} | \`${dashboard.rules}\` | ${all - missingOf(dashboard).length} of ${all} |`
  })
  const missing = [...new Set(dashboards.flatMap(missingOf))].sort()
  const rows = reasons.map(([pattern, why]) => {
    const own = missing.filter(name => reasons.find(([each]) => each.test(name))?.[0] === pattern)
    return `| ${own.map(name => `\`${name}\``).join(', ')} | ${why} |`
  })
  return `| dashboard | rules | metrics that are answered |\n|---|---|---|\n${counts.join('\n')}\n\n| not answered | since |\n|---|---|\n${rows.join('\n')}\n`
}

describe('the metrics that dashboards ask for', () => {
  test.each(dashboards.map(dashboard => [dashboard.title, dashboard] as const))(
    'of %s are answered, or there is a reason why not',
    (_, dashboard) => {
      const unexplained = missingOf(dashboard).filter(
        name => !reasons.some(([pattern]) => pattern.test(name))
      )
      expect(unexplained).toEqual([])
    }
  )

  test('have the labels by which dashboards choose and show them', () => {
    const without = dashboards.flatMap(dashboard =>
      askedOf(dashboard).filter(([name, labels]) => {
        const family = scraped.get(dashboard.rules)?.find(each => each.name === name)
        return family?.samples.some(each => labels.every(label => label in each.labels)) === false
      })
    )
    expect(without).toEqual([])
  })

  test('have no reason for what is answered', () => {
    const missing = dashboards.flatMap(missingOf)
    expect(reasons.filter(([pattern]) => !missing.some(name => pattern.test(name)))).toEqual([])
  })

  test('are listed in docs/metrics.md as they are', () => {
    const text = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
    expect(text.includes(tables()), `docs/metrics.md has to have these tables:\n\n${tables()}`).toBe(true)
  })
})

describe('the rules', () => {
  const valueUnder = (rules: RuleSet) => valuesOf(scraped.get(rules) ?? [])

  test('give the same figures under each name', () => {
    const topic = { topic: 'shown' }
    expect(valueUnder('usual')('kafka_server_brokertopicmetrics_messagesin_total', topic)).toBe(20)
    expect(valueUnder('strimzi')('kafka_server_brokertopicmetrics_messagesin_total', topic)).toBe(20)
    expect(valueUnder('confluent')('kafka_server_brokertopicmetrics_messagesinpersec', topic)).toBe(20)
    expect(
      valueUnder('confluent')('kafka_network_requestmetrics_requestspersec', {
        request: 'Produce',
        version: '9'
      })
    ).toBe(10)
  })

  test('count connections by listener and Processor, and by client', () => {
    const at = { listener: 'PLAINTEXT', networkProcessor: '0' }
    const usual = valueUnder('usual')
    expect(usual('kafka_server_socketservermetrics_connection_count', at)).toBe(1)
    expect(usual('kafka_server_socketservermetrics_connection_creation_total', at)).toBe(1)
    expect(usual('kafka_server_socketservermetrics_connection_close_total', at)).toBe(0)
    expect(valueUnder('strimzi')('kafka_server_socket_server_metrics_connection_count', at)).toBe(1)
    const byClient = { client_software_name: 'unknown', client_software_version: 'unknown' }
    expect(
      valueUnder('confluent')('kafka_server_socketservermetrics_connections', {
        ...byClient,
        listener: 'PLAINTEXT',
        networkprocessor: '0'
      })
    ).toBe(1)
  })

  test('say what share of the time handlers and Processors were idle', () => {
    for (const [rules, name] of [
      ['usual', 'kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent_oneminuterate'],
      ['strimzi', 'kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent'],
      ['strimzi', 'kafka_network_socketserver_networkprocessoravgidle_percent'],
      ['confluent', 'kafka_network_socketserver_networkprocessoravgidlepercent']
    ] as const) {
      const share = valueUnder(rules)(name)
      expect(share, name).toBeGreaterThan(0.1)
      expect(share, name).toBeLessThanOrEqual(1)
    }
  })

  test('are named by the answer where there are none such', async () => {
    const response = await scrape('mine')
    expect([response.status, await response.text()]).toEqual([
      400,
      'rules is one of usual, strimzi, confluent\n'
    ])
  })
})

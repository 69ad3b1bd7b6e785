// Goal: /metrics is valid, has the names that dashboards for Kafka ask for, and its numbers are those of the load.
// Method: a known load over the wire on a whole broker in every placement, read by a strict parser of the text format.
import { describe, expect, test } from 'vitest'
import { append, createTopic, readAll } from '../broker/support.js'
import { WireClient } from '../support/wire-client.js'
import { readExposition, valuesOf } from './exposition.js'

// Worker threads load dist, so the whole broker is taken from there.
const { startBroker }: typeof import('../../src/index.js') = await import(
  new URL('../../dist/index.js', import.meta.url).href
)

const placements = [
  ['inline', {}],
  ['networkOnMain', { 'odradek.workers': '2' }],
  ['perCore', { 'odradek.workers': '2' }]
] as const

const request = { request: 'Produce' }
/** What the public dashboards "Kafka Overview" (721, 11962) and the exporter's own examples ask for, where it exists here. */
const asked: ReadonlyArray<readonly [string, Readonly<Record<string, string>>]> = [
  ['kafka_server_kafkaserver_brokerstate', {}],
  ['kafka_controller_kafkacontroller_activecontrollercount', {}],
  ['kafka_controller_kafkacontroller_offlinepartitionscount', {}],
  ['kafka_server_replicamanager_leadercount', {}],
  ['kafka_server_replicamanager_partitioncount', {}],
  ['kafka_server_replicamanager_underreplicatedpartitions', {}],
  ['kafka_server_brokertopicmetrics_messagesin_total', { topic: 'six' }],
  ['kafka_server_brokertopicmetrics_bytesin_total', {}],
  ['kafka_server_brokertopicmetrics_bytesout_total', { topic: 'six' }],
  ['kafka_network_requestmetrics_totaltimems', { ...request, quantile: '0.99' }],
  ['kafka_network_requestmetrics_requestqueuetimems', { ...request, quantile: '0.50' }],
  ['kafka_network_requestmetrics_localtimems', { ...request, quantile: '0.75' }],
  ['kafka_network_requestmetrics_remotetimems', { ...request, quantile: '0.999' }],
  ['kafka_network_requestmetrics_throttletimems', { ...request, quantile: '0.95' }],
  ['kafka_network_requestmetrics_responsequeuetimems', { ...request, quantile: '0.98' }],
  ['kafka_network_requestmetrics_responsesendtimems', { ...request, quantile: '0.99' }],
  ['kafka_network_requestmetrics_totaltimems_count', { request: 'FetchConsumer' }],
  ['kafka_network_requestchannel_requestqueuesize', {}],
  ['kafka_network_requestchannel_responsequeuesize', { processor: '0' }],
  ['kafka_network_processor_idlepercent', { networkProcessor: '0' }],
  ['kafka_network_socketserver_networkprocessoravgidlepercent', {}],
  ['kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent_count', {}],
  ['kafka_server_delayedoperationpurgatory_purgatorysize', { delayedOperation: 'Fetch' }],
  ['kafka_log_log_size', { topic: 'six', partition: '0' }],
  ['kafka_log_logflushstats_logflushrateandtimems', { quantile: '0.99' }],
  ['kafka_cluster_partition_insyncreplicascount', { topic: 'six', partition: '5' }],
  ['process_resident_memory_bytes', {}]
]

describe.each(placements)('the metrics of a broker placed %s', (placement, more) => {
  test('are valid, have the usual names, and count the load exactly', async () => {
    const overrides = { 'odradek.placement': placement, 'inspector.listener': 'http://127.0.0.1:0', ...more }
    const broker = await startBroker({ overrides })
    const client = await WireClient.connect(broker.bootstrapServers)
    await createTopic(client, 'six', 6)
    for (let i = 0; i < 30; i++) await append(client, 'six', i % 6, ['one', 'two'])
    const read = await Promise.all([0, 1, 2, 3, 4, 5].map(partition => readAll(client, 'six', partition)))
    expect(read.flat()).toHaveLength(60)

    const response = await fetch(`${broker.inspector}metrics`)
    expect(response.headers.get('content-type')).toContain('version=0.0.4')
    const families = readExposition(await response.text())
    const value = valuesOf(families)
    expect(asked.filter(([name, labels]) => value(name, labels) === undefined)).toEqual([])

    expect(value('kafka_network_requestmetrics_requests_total', { ...request, version: '9' })).toBe(30)
    expect(value('kafka_network_requestmetrics_errors_total', { ...request, error: 'NONE' })).toBe(30)
    expect(value('kafka_server_brokertopicmetrics_messagesin_total')).toBe(60)
    expect(value('kafka_server_brokertopicmetrics_messagesin_total', { topic: 'six' })).toBe(60)
    const bytesIn = value('kafka_server_brokertopicmetrics_bytesin_total') ?? 0
    expect(bytesIn).toBeGreaterThan(0)
    expect(value('kafka_server_brokertopicmetrics_bytesout_total')).toBe(bytesIn)
    expect(value('kafka_server_replicamanager_leadercount')).toBe(6)
    expect(value('kafka_server_kafkaserver_brokerstate')).toBe(3)
    expect(value('odradek_append_time_ms_count')).toBe(30)
    expect(value('odradek_connections', { listener: 'PLAINTEXT' })).toBe(1)

    // The parts of a request's time add up to the whole of it.
    const sum = (name: string): number => value(`kafka_network_requestmetrics_${name}_sum`, request) ?? -1
    const parts = [
      'requestqueuetimems',
      'localtimems',
      'remotetimems',
      'responsequeuetimems',
      'responsesendtimems'
    ]
    expect(sum('totaltimems')).toBeGreaterThan(0)
    expect(parts.map(sum).reduce((a, b) => a + b)).toBeCloseTo(sum('totaltimems'), 3)
    client.close()
    await broker.close()
  })
})

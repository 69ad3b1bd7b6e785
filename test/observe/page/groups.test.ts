// Goal: a person sees which groups there are, who reads what, and how far behind each is. Method: lag from offsets that are known;
// a KafkaJS consumer on a whole broker, looked at through its routes and, where the machine has one, in a real browser.
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBroker } from '../../../src/index.js'
import { type GroupAnswer, groupAnswer, groupRows } from '../../../src/observe/page/groups-view.js'
import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse
} from '../../../src/protocol/messages/consumer-group-heartbeat.js'
import { append, createTopic } from '../../broker/support.js'
import { WireClient } from '../../support/wire-client.js'
import { Browser, chromium } from './chromium.js'
import { log } from './fixtures.js'

const look = {
  groupId: 'billing',
  kind: 'classic',
  state: 'Stable',
  protocolType: 'consumer',
  protocol: 'range',
  members: 1,
  offsets: 2,
  offsetsPartition: 7
} as const
const member = { memberId: 'm-1', groupInstanceId: null, clientId: 'app', clientHost: '/127.0.0.1' }
const committed = (partition: number, offset: number) => ({
  topic: 'orders',
  partition,
  offset,
  metadata: '',
  committedAtMs: 1000
})

describe('the lag of a group', () => {
  const logs = [log('orders', 0, { highWatermark: 100 }), log('orders', 1, { highWatermark: 40 })]

  it('is what lies between what is committed and the end, of each partition and in all', () => {
    const details = { ...look, memberLooks: [], committed: [committed(0, 90), committed(1, 40)] }
    const { lag, unknown, partitions } = groupAnswer(details, { logs })
    expect([lag, unknown]).toEqual([10, 0])
    expect(partitions.map(each => [each.partition, each.committed, each.end, each.lag])).toEqual([
      [0, 90, 100, 10],
      [1, 40, 40, 0]
    ])
  })

  it('is not known where nothing is committed, or the partition is not there', () => {
    const assigned = [{ topic: 'orders', partitions: [0, 1] }]
    const details = {
      ...look,
      memberLooks: [{ ...member, assigned }],
      committed: [committed(0, 90), { ...committed(0, 5), topic: 'gone' }]
    }
    const { lag, unknown, partitions } = groupAnswer(details, { logs })
    expect([lag, unknown]).toEqual([10, 2])
    expect(partitions.map(each => [each.topic, each.partition, each.lag, each.memberId])).toEqual([
      ['gone', 0, null, ''],
      ['orders', 0, 10, 'm-1'],
      ['orders', 1, null, 'm-1']
    ])
  })

  it('is never below nothing: a commit may be beyond the end', () => {
    const details = { ...look, memberLooks: [], committed: [committed(1, 50)] }
    expect(groupAnswer(details, { logs }).lag).toBe(0)
  })

  it('is looked up by the words of a group', () => {
    const all = [look, { ...look, groupId: 'audit', state: 'Empty' }]
    const found = (q: string) => groupRows(all, new URLSearchParams({ q })).rows.map(({ groupId }) => groupId)
    expect([found(''), found('empty'), found('bill')]).toEqual([['audit', 'billing'], ['audit'], ['billing']])
  })
})

describe('the groups of a broker', { timeout: 40_000 }, () => {
  let broker: Awaited<ReturnType<typeof startBroker>>
  let consumer: ReturnType<Kafka['consumer']>
  let client: WireClient
  beforeAll(async () => {
    const overrides = { 'inspector.listener': 'http://127.0.0.1:0', 'group.initial.rebalance.delay.ms': '0' }
    broker = await startBroker({ overrides })
    client = await WireClient.connect(broker.bootstrapServers)
    await createTopic(client, 'orders', 2)
    for (let i = 0; i < 5; i++) await append(client, 'orders', 0, ['record'])
    const kafka = new Kafka({
      clientId: 'app',
      brokers: [broker.bootstrapServers],
      logLevel: logLevel.NOTHING
    })
    consumer = kafka.consumer({ groupId: 'billing' })
    await consumer.connect()
    await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
    await consumer.run({ autoCommit: false, eachMessage: async () => {} })
    const admin = kafka.admin()
    await admin.connect()
    await admin.setOffsets({ groupId: 'audit', topic: 'orders', partitions: [{ partition: 0, offset: '2' }] })
    await admin.disconnect()
    await client.request([consumerGroupHeartbeatRequest, consumerGroupHeartbeatResponse], 0, {
      groupId: 'shipping',
      memberEpoch: 0,
      rebalanceTimeoutMs: 60_000,
      subscribedTopicNames: ['orders'],
      topicPartitions: []
    })
    await consumer.commitOffsets([{ topic: 'orders', partition: 0, offset: '3' }])
  }, 40_000)
  afterAll(async () => {
    await consumer?.disconnect()
    client?.close()
    await broker?.close()
  })
  const ask = async (path: string): Promise<unknown> => (await fetch(`${broker.inspector}api/${path}`)).json()

  it('are listed with their state and protocol', async () => {
    expect(await ask('groups')).toMatchObject({
      total: 3,
      rows: [
        { groupId: 'audit', kind: 'classic', state: 'Empty', members: 0, offsets: 1 },
        {
          groupId: 'billing',
          kind: 'classic',
          state: 'Stable',
          protocolType: 'consumer',
          members: 1,
          offsets: 1
        },
        { groupId: 'shipping', kind: 'consumer', state: 'Stable', members: 1, offsets: 0 }
      ]
    })
  })

  it('are shown with who reads what, and how far it has come', async () => {
    const billing = (await ask('group?id=billing')) as GroupAnswer
    expect(billing).toMatchObject({ lag: 2, unknown: 1, protocol: 'RoundRobinAssigner' })
    expect(billing.memberLooks).toMatchObject([
      { clientId: 'app', assigned: [{ topic: 'orders', partitions: [0, 1] }] }
    ])
    expect(billing.partitions).toMatchObject([
      { partition: 0, committed: 3, end: 5, lag: 2, memberId: billing.memberLooks[0]?.memberId },
      { partition: 1, committed: null, end: 0, lag: null }
    ])
    expect(await ask('group?id=shipping')).toMatchObject({
      kind: 'consumer',
      memberLooks: [{ clientId: 'wire-client', assigned: [{ topic: 'orders', partitions: [0, 1] }] }]
    })
    expect(await ask('group?id=nobody')).toEqual({ error: 'There is no such group now.' })
  })

  it.skipIf(chromium === undefined)('are a view of the page', async () => {
    const browser = new Browser(chromium ?? '')
    try {
      await browser.open(`${broker.inspector}#groups?id=billing`)
      const says = (selector: string, part: string): Promise<void> =>
        browser.until(
          `document.querySelector('${selector}')?.innerText.includes(${JSON.stringify(part)})`,
          15_000
        )
      await says('#groups-count', '3 groups')
      await says('#groups-rows .row.chosen', 'billing')
      await says('#group', 'The group is Stable. It is 2 records behind; of 1 partitions that is not known.')
      await says('#group', 'orders 0, 1')
      expect(browser.complaints).toEqual([])
    } finally {
      await browser.close()
    }
  })
})

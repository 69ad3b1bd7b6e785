// KafkaJS: admin, and a producer with every acks and the codecs that it brings. Its consumer works in groups only, so
// what was produced is counted by offsets and read back by kcat where there is one.
import kafkajs from 'kafkajs'
import { mustRun } from '../processes.mjs'
import { lines, must, mustEqual } from '../records.mjs'

const { CompressionTypes, ConfigResourceTypes, Kafka, logLevel } = kafkajs

export const kafkaJs = {
  name: 'kafkajs',
  client: 'KafkaJS',
  what: 'admin, producer',
  version: '2.2.4',
  needs: [],
  async run({ bootstrap, tools, check }) {
    const kafka = new Kafka({
      clientId: 'suite',
      brokers: [bootstrap],
      logLevel: logLevel.NOTHING,
      retry: { retries: 3 }
    })
    const admin = kafka.admin()
    try {
      await admin.connect()
      await adminChecks({ admin, bootstrap, check })
      await producerChecks({ kafka, admin, bootstrap, tools, check })
    } finally {
      await admin.disconnect()
    }
  }
}

async function adminChecks({ admin, bootstrap, check }) {
  await check('a topic is created, listed, described and grown', async () => {
    must(
      await admin.createTopics({ topics: [{ topic: 'js-admin', numPartitions: 3 }] }),
      'createTopics said false'
    )
    must((await admin.listTopics()).includes('js-admin'), 'it is not in the list')
    must(!(await admin.createTopics({ topics: [{ topic: 'js-admin' }] })), 'the second creation said true')
    await admin.createPartitions({ topicPartitions: [{ topic: 'js-admin', count: 5 }] })
    const { topics } = await admin.fetchTopicMetadata({ topics: ['js-admin'] })
    must(topics[0].partitions.length === 5, `${topics[0].partitions.length} partitions`)
    must(
      topics[0].partitions.every(({ leader, isr }) => isr.includes(leader)),
      'a leader is not in sync'
    )
  })
  await check('a topic that nobody may have is refused', async () => {
    const refused = await admin.createTopics({ topics: [{ topic: 'no/slash' }] }).then(
      () => undefined,
      error => error
    )
    must(refused !== undefined, 'it was created')
  })
  await check('configs of a topic are described', async () => {
    const configEntries = [{ name: 'retention.ms', value: '5000' }]
    await admin.createTopics({ topics: [{ topic: 'js-configs', configEntries }] })
    const resources = [
      { type: ConfigResourceTypes.TOPIC, name: 'js-configs', configNames: ['retention.ms', 'segment.bytes'] }
    ]
    const described = await admin.describeConfigs({ includeSynonyms: true, resources })
    const values = described.resources[0].configEntries.map(
      ({ configName, configValue }) => `${configName}=${configValue}`
    )
    mustEqual(values.sort(), ['retention.ms=5000', 'segment.bytes=1073741824'], 'configs')
  })
  await check('the cluster is described', async () => {
    const { brokers, controller, clusterId } = await admin.describeCluster()
    mustEqual(
      brokers.map(({ host, port }) => `${host}:${port}`),
      [bootstrap],
      'brokers'
    )
    must(controller === brokers[0].nodeId, `controller ${controller}`)
    must(typeof clusterId === 'string' && clusterId.length === 22, `cluster id ${clusterId}`)
  })
  await check('a topic is deleted and may be created again', async () => {
    await admin.deleteTopics({ topics: ['js-admin'] })
    must(!(await admin.listTopics()).includes('js-admin'), 'it is still in the list')
    must(
      await admin.createTopics({ topics: [{ topic: 'js-admin', numPartitions: 1 }] }),
      'it cannot be created again'
    )
  })
}

async function producerChecks({ kafka, admin, bootstrap, tools, check }) {
  const codecs = [
    ['none', CompressionTypes.None],
    ['gzip', CompressionTypes.GZIP]
  ]
  for (const acks of [0, 1, -1]) {
    for (const [codec, compression] of codecs) {
      await check(`acks=${acks}, ${codec}: all records are there`, async () => {
        const topic = `js-${codec}-${acks === -1 ? 'all' : acks}`
        await admin.createTopics({ topics: [{ topic }] })
        const values = await sendBatches({ kafka, topic, acks, compression })
        await untilOffset(admin, topic, values.length)
        if (tools.kcat === undefined) return
        const words = ['-b', bootstrap, '-C', '-t', topic, '-e', '-q', '-f', '%k:%s\n']
        mustEqual(
          lines(await mustRun(tools.kcat.command, words)),
          values.map((value, i) => `k${i}:${value}`),
          topic
        )
      })
    }
  }
  await check('an idempotent producer is acknowledged in order', async () => {
    await admin.createTopics({ topics: [{ topic: 'js-idempotent' }] })
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
    await producer.connect()
    for (let batch = 0; batch < 5; batch++) {
      const [result] = await producer.send({ topic: 'js-idempotent', messages: messages(batch, 20) })
      must(Number(result.baseOffset) === batch * 20, `batch ${batch} got offset ${result.baseOffset}`)
    }
    await producer.disconnect()
  })
  await check('offsets are found by timestamp', async () => {
    const stamp = Date.now() - 100_000
    await admin.createTopics({ topics: [{ topic: 'js-time' }] })
    const producer = kafka.producer()
    await producer.connect()
    const stamped = [0, 1, 2, 3].map(index => ({
      value: `v${index}`,
      timestamp: String(stamp + index * 1000)
    }))
    await producer.send({ topic: 'js-time', messages: stamped })
    await producer.disconnect()
    const [found] = await admin.fetchTopicOffsetsByTimestamp('js-time', stamp + 1500)
    must(found.offset === '2', `offset ${found.offset} instead of 2`)
  })
  await check('records are deleted up to an offset', async () => {
    // A connection of its own that has asked for the topic: KafkaJS remembers a leader that it once did not find.
    const fresh = kafka.admin()
    await fresh.connect()
    await fresh.fetchTopicOffsets('js-idempotent')
    const partitions = [{ partition: 0, offset: '30' }]
    try {
      await fresh.deleteTopicRecords({ topic: 'js-idempotent', partitions })
    } catch (error) {
      throw new Error(`${error.message}: ${error.partitions?.map(({ error }) => error.message).join()}`)
    } finally {
      await fresh.disconnect()
    }
    const [{ low, high }] = await admin.fetchTopicOffsets('js-idempotent')
    must(low === '30' && high === '100', `low ${low}, high ${high}`)
  })
}

const messages = (batch, count) =>
  Array.from({ length: count }, (_, index) => {
    const number = batch * count + index
    return { key: `k${number}`, value: `value ${number}`, partition: 0 }
  })

async function sendBatches({ kafka, topic, acks, compression }) {
  const producer = kafka.producer()
  await producer.connect()
  const values = []
  for (let batch = 0; batch < 5; batch++) {
    const records = messages(batch, 40)
    values.push(...records.map(({ value }) => value))
    await producer.send({ topic, acks, compression, messages: records })
  }
  await producer.disconnect()
  return values
}

async function untilOffset(admin, topic, count) {
  let high = ''
  for (let attempt = 0; attempt < 30; attempt++) {
    high = (await admin.fetchTopicOffsets(topic))[0].high
    if (high === String(count)) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`the end of ${topic} is ${high} instead of ${count}`)
}

// Configurations that change while the broker runs: Kafka's kafka-configs tool (IncrementalAlterConfigs) and KafkaJS
// (AlterConfigs), on topics, this broker and all brokers, with what each of them is told and what comes of it.
import kafkajs from 'kafkajs'
import { must, mustEqual } from '../records.mjs'
import { toolCaller } from './java-tools.mjs'

const { ConfigResourceTypes, Kafka, logLevel } = kafkajs

export const configs = {
  name: 'configs',
  client: "Kafka's tools, KafkaJS",
  what: 'configurations that change while the broker runs',
  needs: ['java 3.9.1'],
  async run({ bootstrap, tools, check }) {
    const call = toolCaller(tools)
    const at = ['--bootstrap-server', bootstrap]
    const kafka = new Kafka({
      clientId: 'configs',
      brokers: [bootstrap],
      logLevel: logLevel.NOTHING,
      retry: { retries: 3 }
    })
    const admin = kafka.admin()
    try {
      await admin.connect()
      const { brokers } = await admin.describeCluster()
      const client = { kafka, admin, check, broker: String(brokers[0].nodeId) }
      const tool = (entity, words) => call('kafka.admin.ConfigCommand', [...at, ...entity, ...words])
      await topicChecks({ ...client, tool })
      await brokerChecks({ ...client, tool })
      await kafkaJsChecks(client)
    } finally {
      await admin.disconnect()
    }
  }
}

const ofTopic = name => ['--entity-type', 'topics', '--entity-name', name]
const allBrokers = ['--entity-type', 'brokers', '--entity-default']
const set = (...pairs) => ['--alter', '--add-config', pairs.join(',')]
const unset = (...names) => ['--alter', '--delete-config', names.join(',')]
const refusal = promise =>
  promise.then(
    said => must(false, `it was not refused: ${said}`),
    error => error.message
  )

/** One line a config: `  name=value sensitive=false synonyms={…}`. */
const lineOf = (said, name) => said.split('\n').find(line => line.trim().startsWith(`${name}=`)) ?? ''

async function answers(kafka, wanted) {
  const answer = await large(kafka, 'config-topic')
  must(answer === wanted, `a record of 4,000 bytes: ${answer} instead of ${wanted}`)
}

/** The error of Produce for a record of 4,000 bytes, or `fits`. */
async function large(kafka, topic) {
  const producer = kafka.producer({ retry: { retries: 0 } })
  await producer.connect()
  try {
    await producer.send({ topic, messages: [{ key: 'k', value: Buffer.alloc(4000, 'x') }] })
    return 'fits'
  } catch (error) {
    return error.type ?? error.cause?.type ?? error.message
  } finally {
    await producer.disconnect()
  }
}

async function topicChecks({ admin, kafka, tool, check }) {
  const topic = ofTopic('config-topic')
  await admin.createTopics({ topics: [{ topic: 'config-topic' }] })
  await check('kafka-configs sets values of a topic, and they hold at once', async () => {
    const said = await tool(topic, set('max.message.bytes=1000', 'cleanup.policy=[compact,delete]'))
    must(said.includes('Completed updating config for topic config-topic.'), said)
    await answers(kafka, 'MESSAGE_TOO_LARGE')
    const described = await tool(topic, ['--describe'])
    const line = lineOf(described, 'max.message.bytes')
    must(line.includes('max.message.bytes=1000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:'), described)
    must(line.includes('DEFAULT_CONFIG:message.max.bytes=1048588'), described)
    must(lineOf(described, 'cleanup.policy').includes('cleanup.policy=compact,delete'), described)
  })
  await check('kafka-configs takes a value of a topic away', async () => {
    await tool(topic, unset('max.message.bytes'))
    await answers(kafka, 'fits')
    const described = await tool(topic, ['--describe'])
    must(lineOf(described, 'max.message.bytes') === '', described)
    must(lineOf(described, 'cleanup.policy') !== '', described)
  })
  await check('kafka-configs describes all values of a topic', async () => {
    const described = await tool(topic, ['--describe', '--all'])
    must((described.match(/ sensitive=false /g) ?? []).length === 36, described)
  })
  await check('kafka-configs is told which value of a topic is bad', async () => {
    const said = await refusal(tool(topic, set('segment.bytes=1')))
    must(said.includes('Invalid value 1 for configuration segment.bytes: Value must be at least 14'), said)
    const unknown = await refusal(tool(topic, set('no.such=1')))
    must(unknown.includes('Unknown topic config name: no.such'), unknown)
    const nobody = await refusal(tool(ofTopic('nobody'), set('segment.bytes=1000')))
    must(/nobody/.test(nobody), nobody)
  })
}

async function brokerChecks({ kafka, tool, check, broker }) {
  const thisBroker = ['--entity-type', 'brokers', '--entity-name', broker]
  await check(
    'kafka-configs sets a default of all brokers, which topics without a value of their own have',
    async () => {
      const said = await tool(allBrokers, set('message.max.bytes=1000', 'num.io.threads=12'))
      must(said.includes('Completed updating default config for brokers in the cluster.'), said)
      await answers(kafka, 'MESSAGE_TOO_LARGE')
      const described = await tool(allBrokers, ['--describe'])
      const line = 'message.max.bytes=1000 sensitive=false synonyms={DYNAMIC_DEFAULT_BROKER_CONFIG:'
      must(described.includes(line), described)
    }
  )
  await check('kafka-configs sets a value of one broker, which goes before that of all', async () => {
    const said = await tool(thisBroker, set('message.max.bytes=9000'))
    must(said.includes(`Completed updating config for broker ${broker}.`), said)
    await answers(kafka, 'fits')
    const described = await tool(thisBroker, ['--describe', '--all'])
    const synonyms = [
      'DYNAMIC_BROKER_CONFIG:message.max.bytes=9000',
      'DYNAMIC_DEFAULT_BROKER_CONFIG:message.max.bytes=1000',
      'DEFAULT_CONFIG:message.max.bytes=1048588'
    ]
    must(lineOf(described, 'message.max.bytes').includes(`synonyms={${synonyms.join(', ')}}`), described)
    must(lineOf(described, 'num.io.threads').includes('num.io.threads=12'), described)
    must(lineOf(described, 'listeners').includes('STATIC_BROKER_CONFIG:listeners='), described)
  })
  await check('kafka-configs may double numbers of threads, and no more', async () => {
    const said = await refusal(tool(thisBroker, set('num.io.threads=25')))
    must(said.includes('value should not be greater than double the current value 12'), said)
    await tool(thisBroker, set('num.io.threads=24', 'num.network.threads=6'))
    await answers(kafka, 'fits')
  })
  await check('kafka-configs is told what only a start can change', async () => {
    const said = await refusal(tool(thisBroker, set('num.partitions=3')))
    must(said.includes('Cannot update these configs dynamically: Set(num.partitions)'), said)
  })
  await check('kafka-configs takes everything back', async () => {
    await tool(thisBroker, unset('message.max.bytes', 'num.io.threads', 'num.network.threads'))
    await tool(allBrokers, unset('message.max.bytes', 'num.io.threads'))
    await answers(kafka, 'fits')
    const described = await tool(allBrokers, ['--describe'])
    must(lineOf(described, 'message.max.bytes') === '', described)
  })
}

async function kafkaJsChecks({ admin, kafka, check, broker }) {
  const described = async (type, name, configNames) => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: true,
      resources: [{ type, name, configNames }]
    })
    return resources[0].configEntries
  }
  const alter = (type, name, entries) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [
        { type, name, configEntries: Object.entries(entries).map(([key, value]) => ({ name: key, value })) }
      ]
    })
  const { BROKER, TOPIC } = ConfigResourceTypes
  await check('KafkaJS replaces the configs of a topic', async () => {
    await alter(TOPIC, 'config-topic', { 'retention.ms': '5000' })
    const entries = await described(TOPIC, 'config-topic', ['retention.ms', 'cleanup.policy'])
    const values = Object.fromEntries(
      entries.map(({ configName, configValue, configSource }) => [
        configName,
        `${configValue}/${configSource}`
      ])
    )
    mustEqual([values['retention.ms'], values['cleanup.policy']], ['5000/1', 'delete/5'], 'values')
  })
  await check('KafkaJS replaces the configs of a broker, and they hold', async () => {
    await alter(BROKER, broker, { 'message.max.bytes': '1000' })
    await answers(kafka, 'MESSAGE_TOO_LARGE')
    const [entry] = await described(BROKER, broker, ['message.max.bytes'])
    mustEqual([entry.configValue, entry.configSource, entry.readOnly], ['1000', 2, false], 'entry')
    await alter(BROKER, broker, {})
    await answers(kafka, 'fits')
  })
  await check('KafkaJS is told that a value is bad', async () => {
    const said = await refusal(alter(TOPIC, 'config-topic', { 'retention.ms': 'long' }))
    must(/configuration is invalid/i.test(said), said)
  })
}

// node-rdkafka (librdkafka in Node): a producer with delivery reports, and consumers in a group with both assignment
// strategies; committed offsets, and going on after them.
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { must } from '../records.mjs'
import { swiftGroups } from './java-groups.mjs'

export const nodeRdkafka = {
  name: 'node-rdkafka',
  client: 'node-rdkafka',
  what: 'producer, consumers in groups',
  needs: ['node-rdkafka'],
  once: true,
  overrides: swiftGroups,
  async run({ bootstrap, tools, check }) {
    const rdkafka = createRequire(import.meta.url)(tools['node-rdkafka'].path)
    const world = { rdkafka, bootstrap, run: Date.now().toString(36) }
    const version = `librdkafka ${rdkafka.librdkafkaVersion}`
    for (const strategy of ['range', 'cooperative-sticky']) {
      await check(`${strategy}: two members share four partitions, and the next goes on (${version})`, () =>
        sharing(world, strategy)
      )
    }
    await check('an offset is committed and read back', () => committing(world))
  }
}

const called = (object, method, ...args) =>
  new Promise((resolve, reject) =>
    object[method](...args, (error, value) => (error ? reject(error) : resolve(value)))
  )

async function produce({ rdkafka, bootstrap }, topic, partitions, count, label) {
  const producer = new rdkafka.Producer({ 'metadata.broker.list': bootstrap, dr_cb: true, 'linger.ms': 5 })
  await called(producer, 'connect', {})
  const reports = []
  producer.setPollInterval(20)
  producer.on('delivery-report', (error, report) => reports.push(error ?? report.offset))
  for (let i = 0; i < count; i++) producer.produce(topic, i % partitions, Buffer.from(`${label}-${i}`))
  await called(producer, 'flush', 10_000)
  while (reports.length < count) await sleep(20)
  must(
    reports.every(report => typeof report === 'number'),
    String(reports.find(report => typeof report !== 'number'))
  )
  await called(producer, 'disconnect')
}

async function createTopic({ rdkafka, bootstrap }, topic, partitions) {
  const admin = rdkafka.AdminClient.create({ 'metadata.broker.list': bootstrap })
  await called(admin, 'createTopic', { topic, num_partitions: partitions, replication_factor: 1 })
  admin.disconnect()
}

async function member({ rdkafka, bootstrap }, group, topic, more) {
  const consumer = new rdkafka.KafkaConsumer(
    {
      'metadata.broker.list': bootstrap,
      'group.id': group,
      'enable.auto.commit': false,
      'session.timeout.ms': 6000,
      'heartbeat.interval.ms': 300,
      'fetch.wait.max.ms': 100,
      ...more
    },
    { 'auto.offset.reset': 'earliest' }
  )
  await called(consumer, 'connect', {})
  const seen = []
  consumer.on('data', message => {
    seen.push(String(message.value))
    consumer.commitMessageSync(message)
  })
  consumer.subscribe([topic])
  consumer.consume()
  return { consumer, seen, owned: () => consumer.assignments().map(({ partition }) => partition) }
}

async function until(what, holds, state) {
  const startMs = performance.now()
  while (!holds()) {
    must(performance.now() - startMs < 25_000, `not after 25 s: ${what}; ${state()}`)
    await sleep(20)
  }
}

async function sharing(world, strategy) {
  const topic = `rdkafka-${strategy}-${world.run}`
  const settings = { 'partition.assignment.strategy': strategy, rebalance_cb: true }
  await createTopic(world, topic, 4)
  const members = [await member(world, topic, topic, settings), await member(world, topic, topic, settings)]
  const said = () => JSON.stringify(members.map(({ owned, seen }) => [owned(), seen.length]))
  await until('two partitions each', () => members.every(({ owned }) => owned().length === 2), said)
  await produce(world, topic, 4, 200, 'first')
  const all = () => members.flatMap(({ seen }) => seen)
  await until('all records', () => all().length >= 200, said)
  must(new Set(all()).size === 200 && all().length === 200, `${all().length} records, some twice`)
  for (const { consumer } of members) await called(consumer, 'disconnect')
  await produce(world, topic, 4, 40, 'second')
  const next = await member(world, topic, topic, settings)
  await until(
    'the new ones',
    () => next.seen.length >= 40,
    () => `${next.seen.length}`
  )
  must(
    next.seen.length === 40 && next.seen.every(value => value.startsWith('second')),
    `${next.seen.length} records`
  )
  await called(next.consumer, 'disconnect')
}

async function committing(world) {
  const topic = `rdkafka-commit-${world.run}`
  await createTopic(world, topic, 1)
  const { consumer, owned } = await member(world, topic, topic, {})
  await until(
    'the partition',
    () => owned().length === 1,
    () => ''
  )
  consumer.commitSync([{ topic, partition: 0, offset: 7 }])
  const [found] = await called(consumer, 'committed', [{ topic, partition: 0 }], 5000)
  must(found.offset === 7, `offset ${found.offset}`)
  await called(consumer, 'disconnect')
}

// KafkaJS's consumer, which works in groups only, and what its admin does with groups: members that come and go, batches,
// committed offsets, seeking, pausing, describing, resetting and deleting.
import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import { must, mustEqual } from '../records.mjs'
import { swiftGroups } from './java-groups.mjs'

const { AssignerProtocol, Kafka, logLevel, PartitionAssigners } = kafkajs

export const kafkaJsGroups = {
  name: 'kafkajs-groups',
  client: 'KafkaJS',
  what: 'consumers in groups, and its admin of them',
  version: '2.2.4',
  needs: [],
  overrides: swiftGroups,
  async run({ bootstrap, check }) {
    const kafka = new Kafka({ clientId: 'suite', brokers: [bootstrap], logLevel: logLevel.NOTHING })
    const admin = kafka.admin()
    const producer = kafka.producer()
    await Promise.all([admin.connect(), producer.connect()])
    const world = { kafka, admin, producer, check, run: Date.now().toString(36) }
    try {
      await check('three members share six partitions, leave, and the next goes on', () => sharing(world))
      await check('batches are resolved and committed in part', () => batches(world))
      await check('offsets are committed by hand, and autocommit can be off', () => committing(world))
      await check('seeking and pausing', () => positions(world))
      await check('a member that throws is asked to go on, and reads the record again', () => crashing(world))
      await check('a group is listed and described with its members', () => described(world))
      await check('offsets of a group are fetched, set, reset; the group is deleted', () => offsets(world))
    } finally {
      await Promise.all([admin.disconnect(), producer.disconnect()])
    }
  }
}

async function topic({ admin, run }, name, numPartitions) {
  const full = `js-${name}-${run}`
  await admin.createTopics({ topics: [{ topic: full, numPartitions }] })
  return full
}

const produce = ({ producer }, topic, partitions, count, label) =>
  producer.send({
    topic,
    messages: Array.from({ length: count }, (_, index) => ({
      value: `${label}-${index}`,
      partition: index % partitions
    }))
  })

async function until(what, holds, state = () => '', timeoutMs = 25_000) {
  const startMs = performance.now()
  while (!(await holds())) {
    must(performance.now() - startMs < timeoutMs, `not after ${timeoutMs} ms: ${what}; ${state()}`)
    await sleep(20)
  }
}

/** A consumer that notes what it owns and what it read. */
async function member(world, group, topic, { run = {}, ...more } = {}) {
  const consumer = world.kafka.consumer({
    groupId: `${group}-${world.run}`,
    sessionTimeout: 6000,
    heartbeatInterval: 300,
    maxWaitTimeInMs: 100,
    ...more
  })
  const seen = []
  const joined = []
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => joined.push(payload))
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommitThreshold: 1,
    eachMessage: async ({ partition, message }) => {
      seen.push({ partition, offset: Number(message.offset), value: String(message.value) })
    },
    ...run
  })
  const owned = () => joined.at(-1)?.memberAssignment[topic] ?? []
  return { consumer, seen, joined, owned }
}

const shared = (members, partitions, most) =>
  until(
    'a balanced assignment',
    () => {
      const all = members.flatMap(({ owned }) => owned())
      const largest = Math.max(...members.map(({ owned }) => owned().length))
      return all.length === partitions && new Set(all).size === partitions && largest <= most
    },
    () => JSON.stringify(members.map(({ owned }) => owned()))
  )

async function readOnce(members, count) {
  const all = () => members.flatMap(({ seen }) => seen.map(({ value }) => value))
  await until(
    `${count} records`,
    () => all().length >= count,
    () => `${all().length} records`
  )
  must(new Set(all()).size === count && all().length === count, `${all().length} records, some twice`)
}

async function sharing(world) {
  const name = await topic(world, 'sharing', 6)
  const members = []
  for (const _ of [1, 2, 3]) members.push(await member(world, 'sharing', name))
  await shared(members, 6, 2)
  await produce(world, name, 6, 300, 'first')
  await readOnce(members, 300)
  await sleep(200)
  await members[0].consumer.disconnect()
  await shared(members.slice(1), 6, 3)
  await produce(world, name, 6, 60, 'second')
  await until('the rest', () => members.reduce((sum, { seen }) => sum + seen.length, 0) >= 360)
  await sleep(200)
  for (const { consumer } of members.slice(1)) await consumer.disconnect()
  await produce(world, name, 6, 60, 'third')
  const next = await member(world, 'sharing', name)
  await readOnce([next], 60)
  await next.consumer.disconnect()
}

async function batches(world) {
  const name = await topic(world, 'batches', 1)
  await produce(world, name, 1, 20, 'batch')
  const offsets = []
  const eachBatch = async ({ batch, resolveOffset, commitOffsetsIfNecessary, heartbeat, isRunning }) => {
    for (const message of batch.messages) {
      if (!isRunning() || offsets.length === 12) break
      offsets.push(Number(message.offset))
      resolveOffset(message.offset)
      await heartbeat()
    }
    await commitOffsetsIfNecessary()
  }
  const first = await member(world, 'batches', name, {
    run: { eachBatch, eachBatchAutoResolve: false, eachMessage: undefined, autoCommitThreshold: 1 }
  })
  await until('twelve', () => offsets.length === 12)
  await sleep(300)
  await first.consumer.disconnect()
  const second = await member(world, 'batches', name)
  await until('the rest', () => second.seen.length >= 8)
  mustEqual(
    second.seen.map(({ offset }) => offset),
    [12, 13, 14, 15, 16, 17, 18, 19],
    'offsets after the restart'
  )
  await second.consumer.disconnect()
}

async function committing(world) {
  const name = await topic(world, 'committing', 2)
  await produce(world, name, 2, 20, 'record')
  const one = await member(world, 'committing', name, { run: { autoCommit: false } })
  await until('twenty', () => one.seen.length === 20)
  await one.consumer.commitOffsets([{ topic: name, partition: 0, offset: '4', metadata: 'four' }])
  const [{ partitions }] = await world.admin.fetchOffsets({
    groupId: `committing-${world.run}`,
    topics: [name]
  })
  const found = partitions.sort((a, b) => a.partition - b.partition)
  mustEqual([found[0].offset, found[0].metadata, found[1].offset], ['4', 'four', '-1'], 'offsets')
  await one.consumer.disconnect()
}

async function positions(world) {
  const name = await topic(world, 'positions', 1)
  await produce(world, name, 1, 10, 'record')
  const one = await member(world, 'positions', name)
  await until('ten', () => one.seen.length === 10)
  one.consumer.seek({ topic: name, partition: 0, offset: '7' })
  await until('three again', () => one.seen.length === 13)
  mustEqual(
    one.seen.slice(10).map(({ offset }) => offset),
    [7, 8, 9],
    'offsets'
  )
  one.consumer.pause([{ topic: name }])
  await sleep(300)
  await produce(world, name, 1, 5, 'paused')
  await sleep(500)
  must(one.seen.length === 13, `it read ${one.seen.length - 13} records though it paused`)
  one.consumer.resume([{ topic: name }])
  await until('the five', () => one.seen.length === 18)
  await one.consumer.disconnect()
}

async function crashing(world) {
  const name = await topic(world, 'crashing', 1)
  await produce(world, name, 1, 5, 'record')
  const offsets = []
  let thrown = false
  const eachMessage = async ({ message }) => {
    offsets.push(Number(message.offset))
    if (offsets.length === 3 && !thrown) {
      thrown = true
      throw new Error('the third is too much')
    }
  }
  const one = await member(world, 'crashing', name, {
    run: { eachMessage },
    retry: { initialRetryTime: 50, retries: 5 }
  })
  await until(
    'all five',
    () => offsets.includes(4),
    () => offsets.join()
  )
  mustEqual(offsets, [0, 1, 2, 2, 3, 4], 'offsets')
  await one.consumer.disconnect()
}

async function described(world) {
  const name = await topic(world, 'described', 4)
  const members = [await member(world, 'described', name), await member(world, 'described', name)]
  await shared(members, 4, 2)
  const groupId = `described-${world.run}`
  const { groups } = await world.admin.listGroups()
  must(
    groups.some(group => group.groupId === groupId && group.protocolType === 'consumer'),
    'it is not listed'
  )
  const described = async () => (await world.admin.describeGroups([groupId])).groups[0]
  await until('stable', async () => (await described()).state === 'Stable')
  const group = await described()
  must(group.protocol === PartitionAssigners.roundRobin({ cluster: {} }).name, group.protocol)
  const owned = group.members.flatMap(
    ({ memberAssignment }) => AssignerProtocol.MemberAssignment.decode(memberAssignment).assignment[name]
  )
  mustEqual(owned.sort(), [0, 1, 2, 3], 'partitions')
  const refused = await world.admin.deleteGroups([groupId]).then(
    () => undefined,
    error => error.groups[0].error.type
  )
  must(refused === 'NON_EMPTY_GROUP', `deleting it gave ${refused}`)
  for (const { consumer } of members) await consumer.disconnect()
  must((await described()).state === 'Empty', 'it is not empty')
}

async function offsets(world) {
  const name = await topic(world, 'offsets', 2)
  await produce(world, name, 2, 20, 'record')
  const groupId = `offsets-${world.run}`
  const one = await member(world, 'offsets', name)
  await until('twenty', () => one.seen.length === 20)
  await one.consumer.disconnect()
  const fetched = async () => {
    const [{ partitions }] = await world.admin.fetchOffsets({ groupId, topics: [name] })
    return partitions.sort((a, b) => a.partition - b.partition).map(({ offset }) => offset)
  }
  mustEqual(await fetched(), ['10', '10'], 'committed')
  const partitions = [{ partition: 0, offset: '3' }]
  await world.admin.setOffsets({ groupId, topic: name, partitions })
  mustEqual(await fetched(), ['3', '10'], 'set')
  await world.admin.resetOffsets({ groupId, topic: name, earliest: true })
  mustEqual(await fetched(), ['-2', '-2'], 'reset')
  await world.admin.resetOffsets({ groupId, topic: name })
  mustEqual(await fetched(), ['-1', '-1'], 'reset to the end')
  await world.admin.deleteGroups([groupId])
  const { groups } = await world.admin.listGroups()
  must(!groups.some(group => group.groupId === groupId), 'it is still listed')
}

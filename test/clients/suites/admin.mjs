// What administrators ask beside topics and configurations, with the tools of Kafka 3.9 and KafkaJS's admin: log directories,
// producers, elections, reassignments, deleted records, pages of topics, and features that are off.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import kafkajs from 'kafkajs'
import { run } from '../processes.mjs'
import { lines, must, mustEqual } from '../records.mjs'
import { toolCaller } from './java-tools.mjs'

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } =
  kafkajs

export const admin = {
  name: 'admin',
  client: "Kafka's tools, KafkaJS",
  what: 'log directories, producers, elections, reassignments, features that are off',
  needs: ['java 3.9.1'],
  async run({ bootstrap, tools, check, dataDir }) {
    const call = toolCaller(tools)
    const tool = (name, words, options) => call(name, ['--bootstrap-server', bootstrap, ...words], options)
    /** What a tool that fails has said on either stream. */
    const refused = async (name, words) => {
      const { classPath } = tools['java 3.9.1']
      const flags = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-cp', classPath]
      const { stdout, stderr } = await run('java', [
        ...flags,
        name,
        '--bootstrap-server',
        bootstrap,
        ...words
      ])
      return `${stdout}\n${stderr}`
    }
    const fileOf = (name, value) => {
      const path = join(dataDir ?? '.cache', name)
      writeFileSync(path, JSON.stringify(value))
      return path
    }
    const world = { bootstrap, tool, refused, call, check, fileOf }
    await topicChecks(world)
    await replicaChecks(world)
    await featuresOffChecks(world)
    const kafka = new Kafka({
      clientId: 'admin-suite',
      brokers: [bootstrap],
      logLevel: logLevel.NOTHING,
      retry: { retries: 2 }
    })
    const client = kafka.admin()
    await client.connect()
    try {
      await kafkaJsChecks({ kafka, client, check })
    } finally {
      await client.disconnect()
    }
  }
}

async function topicChecks({ bootstrap, tool, call, check }) {
  const topics = words => tool('org.apache.kafka.tools.TopicCommand', words)
  await check('a topic of 25 partitions is described in pages of ten', async () => {
    await topics(['--create', '--topic', 'admin-wide', '--partitions', '25'])
    const words = ['--describe', '--topic', 'admin-wide', '--partition-size-limit-per-response', '10']
    const said = lines(await topics(words))
    const found = said.flatMap(line => /\tPartition: (\d+)\tLeader: \d+\t/.exec(line)?.[1] ?? [])
    mustEqual(
      found,
      Array.from({ length: 25 }, (_, index) => String(index)),
      'partitions'
    )
  })
  await check('an idempotent producer is described by its partition', async () => {
    await topics(['--create', '--topic', 'admin-producers', '--partitions', '1'])
    const props = [
      '--producer-props',
      `bootstrap.servers=${bootstrap}`,
      'enable.idempotence=true',
      'acks=all'
    ]
    const load = ['--num-records', '500', '--record-size', '100', '--throughput', '-1']
    await call('org.apache.kafka.tools.ProducerPerformance', [
      '--topic',
      'admin-producers',
      ...load,
      ...props
    ])
    const words = ['describe-producers', '--topic', 'admin-producers', '--partition', '0']
    const [head, ...rows] = lines(await tool('org.apache.kafka.tools.TransactionsCommand', words))
    must(/ProducerId\s+ProducerEpoch\s+LatestCoordinatorEpoch\s+LastSequence/.test(head), head)
    must(rows.length === 1 && /^\d+\s+0\s+-1\s+499\s+\d+\s+None/.test(rows[0]), rows.join('\n'))
  })
}

async function replicaChecks({ tool, check, fileOf }) {
  await check('log directories are described with the size of each log', async () => {
    const words = ['--describe', '--topic-list', 'admin-producers']
    const said = await tool('org.apache.kafka.tools.LogDirsCommand', words)
    const { brokers } = JSON.parse(lines(said).find(line => line.startsWith('{')))
    const [dir] = brokers[0].logDirs
    must(brokers.length === 1 && dir.error === null && dir.partitions.length === 1, said)
    const [{ partition, size, offsetLag, isFuture }] = dir.partitions
    must(partition === 'admin-producers-0' && offsetLag === 0 && !isFuture, said)
    must(size > 50_000 && size < 100_000, `${size} bytes`)
  })
  await check('a partition that is led needs no election', async () => {
    const words = ['--election-type', 'preferred', '--topic', 'admin-wide', '--partition', '3']
    const said = await tool('org.apache.kafka.tools.LeaderElectionCommand', words)
    must(said.includes('Valid replica already elected for partitions admin-wide-3'), said)
    const all = ['--election-type', 'unclean', '--all-topic-partitions']
    const rest = await tool('org.apache.kafka.tools.LeaderElectionCommand', all)
    must(!/Error|completed/.test(rest), rest)
  })
  const reassign = words => tool('org.apache.kafka.tools.reassign.ReassignPartitionsCommand', words)
  await check('no reassignment is under way', async () => {
    const said = await reassign(['--list'])
    must(said.includes('No partition reassignments found.'), said)
  })
  await check('a reassignment to where a partition is succeeds at once', async () => {
    const described = await tool('org.apache.kafka.tools.TopicCommand', [
      '--describe',
      '--topic',
      'admin-producers'
    ])
    const replica = Number(/Replicas: (\d+)/.exec(described)[1])
    const partitions = [{ topic: 'admin-producers', partition: 0, replicas: [replica] }]
    const words = ['--reassignment-json-file', fileOf('reassign.json', { version: 1, partitions })]
    const said = await reassign([...words, '--execute'])
    must(said.includes('Successfully started partition reassignment for admin-producers-0'), said)
    const verified = await reassign([...words, '--verify', '--preserve-throttles'])
    must(verified.includes('Reassignment of partition admin-producers-0 is completed.'), verified)
  })
  await check('records are deleted up to the end and up to an offset, and no further', async () => {
    const remove = offset => {
      const partitions = [{ topic: 'admin-producers', partition: 0, offset }]
      const file = fileOf('delete.json', { version: 1, partitions })
      return tool('org.apache.kafka.tools.DeleteRecordsCommand', ['--offset-json-file', file])
    }
    const some = await remove(100)
    must(some.includes('low_watermark: 100'), some)
    const beyond = await remove(501)
    must(beyond.includes('OffsetOutOfRange'), beyond)
    const all = await remove(-1)
    must(all.includes('low_watermark: 500'), all)
  })
}

async function featuresOffChecks({ tool, refused, check }) {
  await check('the tool for ACLs says that there is no authorizer', async () => {
    const listed = await refused('kafka.admin.AclCommand', ['--list'])
    must(/SecurityDisabledException: No Authorizer is configured/.test(listed), listed)
    const words = ['--add', '--allow-principal', 'User:x', '--operation', 'Read', '--topic', 'admin-wide']
    const added = await refused('kafka.admin.AclCommand', words)
    must(/SecurityDisabledException: No Authorizer is configured/.test(added), added)
  })
  await check('nobody has quotas or credentials', async () => {
    const said = await tool('kafka.admin.ConfigCommand', ['--describe', '--entity-type', 'users'])
    mustEqual(lines(said), [], 'lines')
    const one = ['--describe', '--entity-type', 'users', '--entity-name', 'x']
    const none = await tool('kafka.admin.ConfigCommand', one)
    must(!/SCRAM|quota|producer_byte_rate/.test(none), none)
  })
}

async function kafkaJsChecks({ kafka, client, check }) {
  await check('KafkaJS deletes records', async () => {
    await client.createTopics({ topics: [{ topic: 'admin-js', numPartitions: 1 }] })
    const producer = kafka.producer()
    await producer.connect()
    await producer.send({ topic: 'admin-js', messages: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] })
    await producer.disconnect()
    // It knows leaders only of topics that it was asked about before.
    mustEqual(
      (await client.fetchTopicOffsets('admin-js')).map(({ high }) => high),
      ['3'],
      'high'
    )
    await client.deleteTopicRecords({ topic: 'admin-js', partitions: [{ partition: 0, offset: '2' }] })
    mustEqual(
      (await client.fetchTopicOffsets('admin-js')).map(({ low }) => low),
      ['2'],
      'low'
    )
  })
  await check(
    'KafkaJS sees no reassignments and may not start one to a broker that is not there',
    async () => {
      const { topics } = await client.listPartitionReassignments({})
      mustEqual(topics, [], 'reassignments')
      const partitionAssignment = [{ partition: 0, replicas: [77] }]
      const failed = await client
        .alterPartitionReassignments({ topics: [{ topic: 'admin-js', partitionAssignment }] })
        .then(
          () => undefined,
          error => error
        )
      must(failed !== undefined, 'it was accepted')
    }
  )
  await check('KafkaJS hears that there are no ACLs', async () => {
    const error = await client
      .describeAcls({
        resourceType: AclResourceTypes.TOPIC,
        resourcePatternType: ResourcePatternTypes.LITERAL,
        operation: AclOperationTypes.ANY,
        permissionType: AclPermissionTypes.ANY
      })
      .then(
        () => undefined,
        failure => failure
      )
    must(error?.type === 'SECURITY_DISABLED', String(error))
  })
}

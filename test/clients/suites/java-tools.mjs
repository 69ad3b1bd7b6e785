// The tools of Kafka 3.9: topics, producer performance with its idempotent default, offsets, console consumer, delete
// records; and after the stop its log dump over the data directory.
import { readdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { mustRun } from '../processes.mjs'
import { lines, must, mustEqual } from '../records.mjs'

export const javaTools = {
  name: 'java-tools',
  client: "Kafka's tools",
  what: 'topics, performance, offsets, console, log dump',
  needs: ['java 3.9.1'],
  overrides: { 'log.segment.bytes': '3000000' },
  async run({ bootstrap, tools, check, dataDir }) {
    const call = toolCaller(tools)
    const tool = (name, words, options) => call(name, ['--bootstrap-server', bootstrap, ...words], options)
    await topicChecks({ tool, check })
    await performanceChecks({ call, tool, bootstrap, check })
    await check('the console consumer reads one partition from an offset', async () => {
      const words = ['--topic', 'tool-perf', '--partition', '2', '--offset', '100', '--max-messages', '50']
      const values = lines(await tool('org.apache.kafka.tools.consumer.ConsoleConsumer', words))
      must(values.length === 50 && values.every(value => value.length === 100), `${values.length} records`)
    })
    await check('what the console producer wrote is what the console consumer reads', async () => {
      const input = Array.from({ length: 200 }, (_, index) => `line ${index}`)
      const words = ['--topic', 'tool-console', '--compression-codec', 'zstd']
      await tool('kafka.tools.ConsoleProducer', words, { input: `${input.join('\n')}\n` })
      const read = [
        '--topic',
        'tool-console',
        '--partition',
        '0',
        '--offset',
        'earliest',
        '--max-messages',
        '200'
      ]
      mustEqual(lines(await tool('org.apache.kafka.tools.consumer.ConsoleConsumer', read)), input, 'lines')
    })
    await check('records are deleted up to an offset', async () => {
      const json = join(dataDir ?? '.cache', 'delete-records.json')
      const partitions = [{ topic: 'tool-console', partition: 0, offset: 150 }]
      writeFileSync(json, JSON.stringify({ partitions, version: 1 }))
      const said = await tool('org.apache.kafka.tools.DeleteRecordsCommand', ['--offset-json-file', json])
      must(said.includes('low_watermark: 150'), said)
      const words = ['--topic', 'tool-console', '--time', 'earliest']
      mustEqual(
        lines(await tool('org.apache.kafka.tools.GetOffsetShell', words)),
        ['tool-console:0:150'],
        'offsets'
      )
    })
    await check('configs are described by the tool for them', async () => {
      const words = ['--entity-type', 'topics', '--entity-name', 'tool-topic', '--describe', '--all']
      const said = await tool('kafka.admin.ConfigCommand', words)
      must(
        said.includes(
          'retention.ms=123456 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=123456'
        ),
        said
      )
    })
    await check('the broker says which API versions it serves', async () => {
      const said = await tool('kafka.admin.BrokerApiVersionsCommand', [])
      must(/Produce\(0\): 0 to \d+/.test(said), said.slice(0, 500))
    })
  },
  async afterStop({ tools, check, dataDir }) {
    await check('kafka-dump-log finds nothing to complain about and all records', () =>
      dump({ call: toolCaller(tools), dataDir, expected: { 'tool-perf': 60_000, 'tool-console': 200 } })
    )
  }
}

export function toolCaller(tools) {
  const { classPath } = tools['java 3.9.1']
  const words = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-cp', classPath]
  return (name, rest, options) =>
    mustRun('java', [...words, name, ...rest], { timeoutMs: 90_000, ...options })
}

async function topicChecks({ tool, check }) {
  const topics = words => tool('org.apache.kafka.tools.TopicCommand', words)
  await check('a topic is created with partitions and configs, and described', async () => {
    const configs = ['--config', 'retention.ms=123456', '--config', 'segment.bytes=2000000']
    const said = await topics(['--create', '--topic', 'tool-topic', '--partitions', '2', ...configs])
    must(said.includes('Created topic tool-topic.'), said)
    const described = await topics(['--describe', '--topic', 'tool-topic'])
    must(/PartitionCount: 2\tReplicationFactor: 1\tConfigs: /.test(described), described)
    must(described.includes('retention.ms=123456') && described.includes('segment.bytes=2000000'), described)
    must((described.match(/Leader: \d+\tReplicas: \d+\tIsr: \d+/g) ?? []).length === 2, described)
  })
  await check('partitions are added', async () => {
    await topics(['--alter', '--topic', 'tool-topic', '--partitions', '5'])
    const described = await topics(['--describe', '--topic', 'tool-topic'])
    must(described.includes('PartitionCount: 5'), described)
  })
  await check('a topic is deleted and gone from the list', async () => {
    await topics(['--create', '--topic', 'tool-gone', '--partitions', '3'])
    must(lines(await topics(['--list'])).includes('tool-gone'), 'it was not in the list')
    await topics(['--delete', '--topic', 'tool-gone'])
    must(!lines(await topics(['--list'])).includes('tool-gone'), 'it is still in the list')
  })
  await check('a bad config is refused with its name', async () => {
    const said = await topics(['--create', '--topic', 'tool-bad', '--config', 'segment.bytes=1']).catch(
      e => e.message
    )
    must(said.includes('segment.bytes') && !said.includes('Created topic'), said)
  })
}

async function performanceChecks({ call, tool, bootstrap, check }) {
  const create = ['--create', '--topic', 'tool-perf', '--partitions', '3']
  await check('an idempotent producer sends 60,000 records to three partitions', async () => {
    await tool('org.apache.kafka.tools.TopicCommand', create)
    const props = ['--producer-props', `bootstrap.servers=${bootstrap}`, 'linger.ms=5', 'batch.size=65536']
    const words = [
      '--topic',
      'tool-perf',
      '--num-records',
      '60000',
      '--record-size',
      '100',
      '--throughput',
      '-1',
      ...props
    ]
    const said = await call('org.apache.kafka.tools.ProducerPerformance', words)
    must(said.includes('60000 records sent'), said)
  })
  const offsets = async words =>
    lines(await tool('org.apache.kafka.tools.GetOffsetShell', ['--topic', 'tool-perf', ...words]))
  const sum = rows => rows.reduce((total, row) => total + Number(row.split(':')[2] || 0), 0)
  await check('offsets are shown: latest, earliest, of the largest timestamp, at a time', async () => {
    const latest = await offsets(['--time', '-1'])
    must(latest.length === 3 && sum(latest) === 60_000, `latest ${latest.join(' ')}`)
    mustEqual(
      await offsets(['--time', '-2']),
      [0, 1, 2].map(p => `tool-perf:${p}:0`),
      'earliest'
    )
    const largest = await offsets(['--time', '-3'])
    must(
      largest.length === 3 && sum(largest) > 0 && sum(largest) < 60_000,
      `largest timestamp ${largest.join(' ')}`
    )
    mustEqual(
      await offsets(['--time', '1000']),
      [0, 1, 2].map(p => `tool-perf:${p}:0`),
      'at the beginning of time'
    )
    const later = await offsets(['--time', String(Date.now() + 3_600_000)])
    must(sum(later) === 0 || sum(later) === 60_000, `in an hour ${later.join(' ')}`)
  })
}

/**
 * Every log and index file of the topics: the dump says on stderr what is wrong, and has a line for each record.
 * `expected`: how many records each topic has.
 */
export async function dump({ call, dataDir, expected }) {
  const topicOf = dir => Object.keys(expected).find(topic => new RegExp(`^${topic}-\\d+$`).test(dir))
  const dirs = readdirSync(dataDir).filter(dir => topicOf(dir) !== undefined)
  const paths = dirs.flatMap(dir => readdirSync(join(dataDir, dir)).map(name => join(dataDir, dir, name)))
  const files = paths.filter(path => /\.(log|index|timeindex)$/.test(path))
  const words = ['--deep-iteration', '--files', files.join(',')]
  const complaints = []
  const onStderr = text => complaints.push(...lines(text))
  const said = lines(await call('kafka.tools.DumpLogSegments', words, { onStderr }))
  const bad = [
    ...complaints.filter(line => !/^(SLF4J|log4j)/.test(line)),
    ...said.filter(line =>
      /mismatch|non-secutive|isvalid: false|error|exception|corrupt|should (be|not)/i.test(line)
    )
  ]
  must(bad.length === 0, bad.slice(0, 5).join('\n'))
  const found = {}
  let topic
  for (const line of said) {
    if (line.startsWith('Dumping ')) topic = topicOf(basename(dirname(line.slice('Dumping '.length))))
    else if (line.startsWith('| offset: ')) found[topic] = (found[topic] ?? 0) + 1
  }
  for (const [name, count] of Object.entries(expected)) {
    must(found[name] === count, `${found[name] ?? 0} records of ${name} instead of ${count}`)
  }
}

// Data written by one version of Kafka's Java client and read by others: message formats 0, 1 and 2, every codec that
// the writer has. Each reader must see the same keys, values and offsets, whatever the broker stores.
import { mustRun } from '../processes.mjs'
import { lines, must, mustEqual } from '../records.mjs'
import { dump, toolCaller } from './java-tools.mjs'

const count = 300

const writers = [
  { version: '0.8.2.2', codecs: ['none', 'gzip', 'snappy', 'lz4'] },
  { version: '0.10.2.2', codecs: ['none', 'gzip', 'snappy', 'lz4'] },
  { version: '1.0.2', codecs: ['none', 'gzip', 'snappy', 'lz4'] },
  { version: '3.9.1', codecs: ['none', 'gzip', 'snappy', 'lz4', 'zstd'] }
]

const topicOf = (version, codec, acks) => `w-${version}-${codec}-${acks}`
const topicsOf = ({ version, codecs }) => [
  ...codecs.map(codec => topicOf(version, codec, 'all')),
  topicOf(version, 'none', '0'),
  topicOf(version, 'gzip', '1')
]
const allTopics = writers.flatMap(topicsOf)
/** Clients before 2.1 cannot read zstd, and are told so. */
const readableByOld = allTopics.filter(topic => !topic.includes('zstd'))

const expectedOf = topic =>
  Array.from(
    { length: count },
    (_, i) => `${topic}\t${i}\t${i % 10 === 9 ? 'null' : `k${i}`}\tvalue ${i} of ${topic}`
  )

export const interchange = {
  name: 'java-interchange',
  client: "Kafka's Java clients",
  what: 'data of each version read by the others, message formats 0, 1 and 2',
  version: '0.8.2.2, 0.10.2.2, 1.0.2, 3.9.1',
  needs: writers.map(({ version }) => `java ${version}`),
  async run({ bootstrap, tools, check }) {
    const java = (version, words) =>
      mustRun(
        'java',
        ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-cp', tools[`java ${version}`].classPath, ...words],
        {
          timeoutMs: 120_000
        }
      )
    for (const { version, codecs } of writers) {
      const pairs = codecs.map(codec => `${topicOf(version, codec, 'all')}=${codec}`)
      const rest = {
        0: [`${topicOf(version, 'none', '0')}=none`],
        1: [`${topicOf(version, 'gzip', '1')}=gzip`],
        all: pairs
      }
      for (const [acks, topics] of Object.entries(rest)) {
        await check(`the producer of ${version} writes with acks=${acks}`, async () => {
          const said = await java(version, ['Writer', bootstrap, String(count), acks, ...topics])
          must(lines(said).length === topics.length, said)
        })
      }
    }
    for (const version of ['3.9.1', '1.0.2', '0.10.2.2']) {
      const topics = version === '3.9.1' ? allTopics : readableByOld
      const how = version === '1.0.2' ? 'beginning' : 'seek'
      await readBack({ java, check, version, how, topics, bootstrap })
    }
    await oldestReads({ java, check, bootstrap })
    if (tools.kcat !== undefined) await kcatReads({ bootstrap, tools, check })
  },
  async afterStop({ tools, check, dataDir }) {
    await check('kafka-dump-log finds nothing to complain about and all records', () =>
      dump({
        call: toolCaller(tools),
        dataDir,
        expected: Object.fromEntries(allTopics.map(topic => [topic, count]))
      })
    )
  }
}

async function readBack({ java, check, version, how, topics, bootstrap }) {
  let said = ''
  await check(`the consumer of ${version} reads every topic`, async () => {
    said = await java(version, ['Reader', bootstrap, String(count), how, ...topics])
  })
  const byTopic = grouped(lines(said))
  for (const topic of topics) {
    await check(`the consumer of ${version} reads ${topic} as it was written`, async () => {
      mustEqual(byTopic.get(topic) ?? [], expectedOf(topic), topic)
    })
  }
}

function grouped(all) {
  const groups = new Map()
  for (const line of all) {
    const topic = line.split('\t')[0]
    groups.set(topic, [...(groups.get(topic) ?? []), line])
  }
  return groups
}

/** Fetch v0: records of message format 0, whatever they were written as. */
async function oldestReads({ java, check, bootstrap }) {
  const codecs = ['none', 'gzip', 'snappy', 'lz4']
  const topics = ['0.8.2.2', '3.9.1'].flatMap(version => codecs.map(codec => topicOf(version, codec, 'all')))
  const words = ['--partition', '0', '--offset', '-2', '--no-wait-at-logend', '--property', 'print.key=true']
  for (const topic of topics) {
    await check(`the simple consumer of 0.8.2.2 reads ${topic} as it was written`, async () => {
      const tool = ['kafka.tools.SimpleConsumerShell', '--broker-list', bootstrap, '--topic', topic, ...words]
      const said = lines(await java('0.8.2.2', tool)).filter(line => !line.startsWith('Terminating. '))
      mustEqual(
        said.map((line, offset) => `${topic}\t${offset}\t${line}`),
        expectedOf(topic),
        topic
      )
    })
  }
}

async function kcatReads({ bootstrap, tools, check }) {
  for (const topic of allTopics) {
    await check(`kcat reads ${topic} as it was written`, async () => {
      const words = ['-b', bootstrap, '-C', '-t', topic, '-e', '-q', '-Z', '-f', '%t\\t%o\\t%k\\t%s\\n']
      const read = lines(await mustRun(tools.kcat.command, words)).map(line =>
        line.replaceAll('NULL', 'null')
      )
      mustEqual(read, expectedOf(topic), topic)
    })
  }
}

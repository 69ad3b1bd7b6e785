// The simple consumer of Kafka 0.8.2 with its offsets: version 0, which ZooKeeper kept, and version 1, which the coordinator
// keeps. The two know nothing of each other.
import kafkajs from 'kafkajs'
import { mustRun } from '../processes.mjs'
import { lines, mustEqual } from '../records.mjs'

export const simpleConsumer = {
  name: 'simple-consumer',
  client: "Kafka's simple consumer",
  what: 'offsets kept in ZooKeeper and by the coordinator',
  version: '0.8.2.2',
  needs: ['java 0.8.2.2'],
  async run({ bootstrap, tools, check }) {
    const { classPath } = tools['java 0.8.2.2']
    const call = async (version, group, topic, ...words) => {
      const flags = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-cp', classPath]
      const of = [...bootstrap.split(':'), String(version), group, topic, ...words]
      return lines(await mustRun('java', [...flags, 'OldOffsets', ...of], { timeoutMs: 60_000 }))
    }
    const admin = new kafkajs.Kafka({ brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING }).admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic: 'old-offsets', numPartitions: 3 }] })
    const topic = 'old-offsets'
    await check(
      'what it commits in version 0 it fetches in version 0, and where nothing is it has error 3',
      async () => {
        mustEqual(await call(0, 'old', topic, 'commit', '0=7', '1=8'), ['0 7 0', '1 8 0'], 'commits')
        mustEqual(
          await call(0, 'old', topic, 'fetch', '0', '1', '2'),
          ['0 7 0', '1 8 0', '2 -1 3'],
          'offsets'
        )
        mustEqual(await call(0, 'old', topic, 'commit', '1=5'), ['1 5 0'], 'commits')
        mustEqual(await call(0, 'old', topic, 'fetch', '1'), ['1 5 0'], 'offsets')
      }
    )
    await check('a partition that is not there has error 3 in both directions', async () => {
      mustEqual(await call(0, 'old', topic, 'commit', '9=1'), ['9 1 3'], 'commits')
      mustEqual(await call(0, 'old', topic, 'fetch', '9'), ['9 -1 3'], 'offsets')
    })
    await check('the coordinator knows nothing of version 0, nor version 0 of the coordinator', async () => {
      await admin.setOffsets({ groupId: 'new', topic, partitions: [{ partition: 0, offset: '3' }] })
      mustEqual(await call(0, 'new', topic, 'fetch', '0'), ['0 -1 3'], 'offsets in version 0')
      mustEqual(await call(1, 'old', topic, 'fetch', '0'), ['0 -1 0'], 'offsets in version 1')
      mustEqual(await call(1, 'new', topic, 'fetch', '0'), ['0 3 0'], 'offsets in version 1')
    })
    await check('what it commits in version 1 newer clients see', async () => {
      mustEqual(await call(1, 'new', topic, 'commit', '0=4'), ['0 4 0'], 'commits')
      const [of] = await admin.fetchOffsets({ groupId: 'new', topics: [topic] })
      mustEqual([of.partitions.find(({ partition }) => partition === 0).offset], ['4'], 'offsets')
    })
    await admin.disconnect()
  }
}

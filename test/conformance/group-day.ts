// A day on which consumers share a topic: three come, one of them leaves, one more comes, and the broker stops under them.
import { Kafka, logLevel } from 'kafkajs'
import { type Day, dayOf, type Placement, pause } from './days.js'

export function groupDay(placement: Placement): Promise<Day> {
  const overrides = {
    'group.initial.rebalance.delay.ms': '200',
    'offsets.topic.num.partitions': '3',
    'num.partitions': '4',
    'num.network.threads': '2'
  }
  return dayOf(placement, overrides, async broker => {
    await broker.started
    const kafka = new Kafka({
      clientId: 'day',
      brokers: [broker.bootstrapServers],
      logLevel: logLevel.NOTHING
    })
    const producer = kafka.producer()
    await producer.connect()
    const write = () =>
      producer.send({ topic: 'shared', messages: [0, 1, 2, 3].map(partition => ({ partition, value: 'v' })) })
    await write()
    const groupSizes = new Map<string, number>()
    let read = 0
    const start = async (name: string) => {
      const consumer = kafka.consumer({ groupId: 'group', heartbeatInterval: 100, maxWaitTimeInMs: 100 })
      consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
        groupSizes.set(name, memberAssignment.shared?.length ?? 0)
      })
      await consumer.connect()
      await consumer.subscribe({ topics: ['shared'], fromBeginning: true })
      await consumer.run({ eachMessage: async () => void read++ })
      return consumer
    }
    const until = async (holds: () => boolean): Promise<void> => {
      for (let turn = 0; !holds(); turn++) {
        if (turn > 600)
          throw new Error(`the group is not at rest: ${JSON.stringify([...groupSizes])}, read ${read}`)
        await pause(20)
      }
    }
    const isShared = (): boolean => [...groupSizes.values()].reduce((sum, size) => sum + size, 0) === 4
    const [first, ...others] = await Promise.all(['a', 'b', 'c'].map(start))
    await until(() => groupSizes.size === 3 && isShared() && read >= 4)
    groupSizes.clear()
    await first?.disconnect()
    await until(() => groupSizes.size === 2 && isShared())
    groupSizes.clear()
    others.push(await start('d'))
    await write()
    await until(() => groupSizes.size === 3 && isShared() && read >= 8)
    await Promise.all([producer, ...others].map(client => client.disconnect()))
  })
}

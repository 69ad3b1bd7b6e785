// Goal: odradek.trace says how much is kept, and lifecycles are kept where nothing is said. Method: inline brokers that serve one
// client; the machines whose actors are in their traces.
import { expect, test } from 'vitest'
import { startBroker } from '../../src/index.js'
import { replay } from '../../src/verify/replay.js'
import { createTopic } from '../broker/support.js'
import { WireClient } from '../support/wire-client.js'

async function tracedMachines(overrides: Readonly<Record<string, string>>): Promise<ReadonlySet<string>> {
  const broker = await startBroker({ overrides })
  const client = await WireClient.connect(broker.bootstrapServers)
  await createTopic(client, 'one')
  client.close()
  await broker.close()
  const traces = await broker.trace()
  expect(traces.map(({ thread }) => thread)).toEqual([0])
  expect(replay(traces).divergences).toEqual([])
  return new Set(traces.flatMap(({ actors }) => actors.map(({ machine }) => machine)))
}

const lives = ['broker', 'processor', 'acceptor', 'handlerPool', 'topic', 'requestChannel']
const requests = ['channel', 'channelMute', 'exchange', 'handler', 'connectionCount']

test('lifecycles are kept unless something else is asked for', async () => {
  const machines = await tracedMachines({})
  expect([...machines]).toEqual(expect.arrayContaining(lives))
  expect(requests.filter(machine => machines.has(machine))).toEqual([])
})

test('connections and requests are kept on demand', async () => {
  const machines = await tracedMachines({ 'odradek.trace': 'all' })
  expect([...machines]).toEqual(expect.arrayContaining([...lives, ...requests]))
})

test('nothing is kept where that is asked for', async () => {
  expect([...(await tracedMachines({ 'odradek.trace': 'off' }))]).toEqual([])
})

// Goal: limits and numbers of Processors change while connections are served: nobody is lost who need not be, and whoever
// waits for what there is now goes on. Method: the whole network layer on one thread, reconfigured under its clients.
import { expect, test } from 'vitest'
import { Peer } from '../../support/peers/peer.js'
import { type EchoOptions, type EchoServer, echo, networkOptions, startEcho } from './echo-server.js'
import { nextRequest, until } from './waiting.js'

const change = (server: EchoServer, options: EchoOptions): Promise<void> =>
  server.network.reconfigure(networkOptions(options))

async function answered(port: number, correlationId = 1): Promise<Peer> {
  const peer = await Peer.connect(port)
  await peer.ask(correlationId, 'x')
  return peer
}

const closeAll = (peers: readonly Peer[]): void => {
  for (const peer of peers) peer.close()
}

test('Processors that are added take their share of new connections', async () => {
  await using server = await startEcho()
  const before = await answered(server.port)
  await change(server, { listeners: [{ processors: 3 }] })
  expect(server.processors).toHaveLength(3)
  const peers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => answered(server.port)))
  expect(server.processors.map(({ connections }) => connections).sort()).toEqual([2, 2, 3])
  await before.ask(2, 'still there')
  closeAll([before, ...peers])
})

test('a Processor that goes gets no new connections, answers what it has, and takes its connections with it', async () => {
  await using server = await startEcho({ handlers: 0, listeners: [{ processors: 2 }] })
  const [stays, goes] = [await Peer.connect(server.port), await Peer.connect(server.port)]
  for (const [i, peer] of [stays, goes].entries()) peer.send(i, 'x')
  const requests = [await nextRequest(server), await nextRequest(server)]
  await change(server, { listeners: [{ processors: 1 }] })
  const late = await Promise.all([Peer.connect(server.port), Peer.connect(server.port)])
  await until(() => server.processors[0]?.connections === 3, 'new ones go where something stays')
  for (const request of requests) echo(request, server.channel)
  for (const peer of [stays, goes]) expect((await peer.received(1))[0]?.body.toString()).toBe('x')
  await goes.closed
  await until(() => server.processors.length === 1, 'nobody looks at what is gone')
  expect(server.network.connections).toBe(3)
  stays.send(5, 'y')
  echo(await nextRequest(server), server.channel)
  expect((await stays.received(2))[1]?.body.toString()).toBe('y')
  closeAll([stays, ...late])
  await until(() => server.network.connections === 0, 'every connection is taken off the count')
  expect(server.runtime.arena.used).toBe(0)
})

test('a request that outlives its Processor is answered to nobody, and its memory comes back', async () => {
  await using server = await startEcho({ handlers: 0, listeners: [{ processors: 2 }] })
  const [stays, goes] = [await Peer.connect(server.port), await Peer.connect(server.port)]
  goes.send(1, Buffer.alloc(5000, 1))
  const late = await nextRequest(server)
  goes.send(2, 'read, and never handled')
  await change(server, { listeners: [{ processors: 1 }] })
  await goes.closed
  await until(() => server.processors.length === 1, 'nobody looks at what is gone')
  echo(late, server.channel)
  stays.send(3, 'y')
  echo(await nextRequest(server), server.channel)
  expect((await stays.received(1))[0]?.body.toString()).toBe('y')
  expect([server.network.connections, server.runtime.arena.used]).toEqual([1, 0])
  stays.close()
})

test('a stop in the second before a Processor goes waits for nothing', async () => {
  const server = await startEcho({ listeners: [{ processors: 4 }] })
  const peers = await Promise.all([1, 2, 3, 4].map(() => answered(server.port)))
  await change(server, { listeners: [{ processors: 1 }] })
  await server[Symbol.asyncDispose]()
  await Promise.all(peers.map(({ closed }) => closed))
  expect(server.network.connections).toBe(0)
})

test('who waits for a slot gets it from a higher limit', async () => {
  await using server = await startEcho({ quotas: { maxConnections: 1 } })
  const first = await answered(server.port)
  const second = answered(server.port)
  await until(() => server.network.acceptorState('PLAINTEXT') === 'blocked.waitingForSlot', 'one waits')
  await change(server, { quotas: { maxConnections: 2 } })
  closeAll([first, await second])
})

test('who waits for room in a full mailbox gets it from a Processor that is added', async () => {
  await using server = await startEcho({ newConnectionsCapacity: 1, backlog: 100 })
  const some = Array.from({ length: 20 }, () => answered(server.port))
  await change(server, { newConnectionsCapacity: 1, listeners: [{ processors: 2 }] })
  closeAll(await Promise.all(some))
})

test('above a lower limit the connections of others than the protected listener are closed', async () => {
  const listeners = [{ name: 'INSIDE' }, { name: 'OUTSIDE' }]
  const quotas = { protectedListener: 'INSIDE' }
  await using server = await startEcho({ listeners, quotas })
  const inside = await answered(server.portOf('INSIDE'))
  const outside = await Promise.all([1, 2, 3].map(() => answered(server.portOf('OUTSIDE'))))
  await change(server, { listeners, quotas: { ...quotas, maxConnections: 2 } })
  await until(() => server.network.connections === 2, 'two are closed')
  await inside.ask(2, 'x')
  closeAll([inside, ...outside])
})

test('an address has the limit that was set last, by name or number', async () => {
  await using server = await startEcho()
  const first = await answered(server.port)
  await change(server, { quotas: { maxConnectionsPerIp: 1 } })
  await expect(answered(server.port)).rejects.toThrow()
  const maxConnectionsPerIpOverrides = new Map([['127.0.0.1', 2]])
  await change(server, { quotas: { maxConnectionsPerIp: 1, maxConnectionsPerIpOverrides } })
  closeAll([first, await answered(server.port)])
})

// Goal: full queues, full pools, too many connections and ill-behaved crowds hold back whom they must and nobody else.
// Method: the whole network layer on one thread, with tiny limits.
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { slowSender } from '../../support/peers/ill-behaved.js'
import { Peer, requestFrame } from '../../support/peers/peer.js'
import { type EchoServer, echo, startEcho } from './echo-server.js'
import { nextRequest, noRequest, until } from './waiting.js'

const many = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => make(i)))

async function connectedAndAnswered(port: number, correlationId: number): Promise<Peer> {
  const peer = await Peer.connect(port)
  await peer.ask(correlationId, 'x')
  return peer
}

const stateOf = (server: EchoServer): string => server.processors[0]?.state ?? ''

test('a full request queue makes the Processor backpressured; answers still flow and nothing is lost', async () => {
  await using server = await startEcho({ handlers: 0, queuedMaxRequests: 2 })
  const peers = await many(6, () => Peer.connect(server.port))
  // Handed out while the queue still had room; its answer must get through later.
  peers[0]?.send(0, 'first')
  const early = await nextRequest(server)
  for (const [i, peer] of peers.entries()) if (i > 0) peer.send(i, `request ${i}`)
  await until(() => stateOf(server) === 'backpressured', 'it is backpressured')
  expect(server.channel.depth).toBe(2)
  echo(early, server.channel)
  expect((await peers[0]?.received(1))?.[0]?.body.toString()).toBe('first')
  expect(stateOf(server)).toBe('backpressured')
  for (let i = 1; i < 6; i++) echo(await nextRequest(server), server.channel)
  for (const [i, peer] of peers.entries()) {
    if (i > 0) expect((await peer.received(1))[0]?.body.toString()).toBe(`request ${i}`)
    peer.close()
  }
  await until(() => stateOf(server) === 'running', 'it runs again')
  expect(await noRequest(server)).toBe(true)
  expect(server.runtime.arena.used).toBe(0)
})

test('a Processor that is backpressured can be stopped, and what waited gives its memory back', async () => {
  const server = await startEcho({ handlers: 0, queuedMaxRequests: 1 })
  const peers = await many(4, () => Peer.connect(server.port))
  for (const peer of peers) peer.send(1, 'x')
  await until(() => stateOf(server) === 'backpressured', 'it is backpressured')
  await server[Symbol.asyncDispose]()
  await Promise.all(peers.map(({ closed }) => closed))
  expect(server.runtime.arena.used).toBe(0)
  expect(server.network.connections).toBe(0)
})

test('without memory connections wait, and go on when there is some', async () => {
  await using server = await startEcho({ handlers: 0, poolBytes: 8192 })
  const peers = await many(5, () => Peer.connect(server.port))
  const body = Buffer.alloc(5000, 1)
  for (const [i, peer] of peers.entries()) peer.send(i, body)
  const held = [await nextRequest(server), await nextRequest(server)]
  expect(await noRequest(server)).toBe(true)
  expect(server.runtime.arena.available).toBeLessThanOrEqual(0)
  await until(() => (server.processors[0]?.memoryWaitMs ?? 0) > 5, 'it counts how long')
  for (const request of held) echo(request, server.channel)
  for (let i = 2; i < 5; i++) echo(await nextRequest(server), server.channel)
  for (const peer of peers) {
    expect((await peer.received(1))[0]?.body.equals(body)).toBe(true)
    peer.close()
  }
  const waitedMs = server.processors[0]?.memoryWaitMs
  await sleep(5)
  expect(server.processors[0]?.memoryWaitMs).toBe(waitedMs)
  expect(server.runtime.arena.used).toBe(0)
})

test('an idle connection holds no request memory', async () => {
  await using server = await startEcho()
  const peers = await many(20, () => Peer.connect(server.port))
  for (const peer of peers) await peer.ask(1, Buffer.alloc(100_000))
  expect(server.runtime.arena.used).toBe(0)
  for (const peer of peers) peer.close()
})

test('more connections than max.connections.per.ip are closed at once, until one of the others ends', async () => {
  await using server = await startEcho({ quotas: { maxConnectionsPerIp: 3 } })
  const peers = await many(3, i => connectedAndAnswered(server.port, i))
  const refused = await Peer.connect(server.port)
  await refused.closed
  peers[0]?.close()
  await until(() => server.network.connections === 2, 'it is taken off the count')
  const next = await Peer.connect(server.port)
  expect((await next.ask(1, 'in')).toString()).toBe('in')
  for (const peer of [next, ...peers]) peer.close()
})

test('a limit of zero refuses everybody but the host that is named in the overrides', async () => {
  const maxConnectionsPerIpOverrides = new Map([['localhost', 1]])
  await using server = await startEcho({ quotas: { maxConnectionsPerIp: 0, maxConnectionsPerIpOverrides } })
  const peer = await Peer.connect(server.port)
  expect((await peer.ask(1, 'x')).toString()).toBe('x')
  await (await Peer.connect(server.port)).closed
  await (await Peer.connect(server.port, { localAddress: '127.0.0.2' })).closed
  peer.close()
})

test('at max.connections the Acceptor really stops accepting, and goes on when one ends', async () => {
  await using server = await startEcho({ quotas: { maxConnections: 2 } })
  const [a, b] = [await Peer.connect(server.port), await Peer.connect(server.port)]
  await Promise.all([a.ask(1, 'x'), b.ask(1, 'x')])
  // These are with the operating system: connected, but not accepted.
  const waiting = await many(3, () => Peer.connect(server.port))
  for (const [i, peer] of waiting.entries()) peer.send(i, `waited ${i}`)
  await until(() => server.network.acceptorState('PLAINTEXT') === 'blocked.waitingForSlot', 'it is blocked')
  await sleep(30)
  expect(waiting.every(({ answers }) => answers.length === 0)).toBe(true)
  expect(server.network.connections).toBe(2)
  a.close()
  b.close()
  expect((await waiting[0]?.received(1))?.[0]?.body.toString()).toBe('waited 0')
  expect((await waiting[1]?.received(1))?.[0]?.body.toString()).toBe('waited 1')
  waiting[0]?.close()
  expect((await waiting[2]?.received(1))?.[0]?.body.toString()).toBe('waited 2')
  for (const peer of waiting) peer.close()
  await until(() => server.network.connections === 0, 'all counts return to zero')
  expect(server.network.acceptorState('PLAINTEXT')).toBe('listening')
})

test('connections of the listener between brokers are let in above the limit, at the cost of others', async () => {
  await using server = await startEcho({
    listeners: [{ name: 'CLIENTS' }, { name: 'BROKERS' }],
    quotas: { maxConnections: 2, protectedListener: 'BROKERS' }
  })
  const clients = await many(2, i => connectedAndAnswered(server.portOf('CLIENTS'), i))
  const broker = await Peer.connect(server.portOf('BROKERS'))
  expect((await broker.ask(1, 'in')).toString()).toBe('in')
  await Promise.race(clients.map(({ closed }) => closed))
  await until(() => server.network.connections === 2, 'one client is closed')
  await sleep(20)
  expect(server.network.quotas.ofListener('CLIENTS')).toBe(1)
  for (const peer of [broker, ...clients]) peer.close()
})

test('a connection that comes too fast from its address stays silent and is closed a little later', async () => {
  await using server = await startEcho()
  server.network.quotas.setAddressRate('127.0.0.1', 0.1)
  const peers = await many(4, () => Peer.connect(server.port))
  const startMs = performance.now()
  await Promise.any(peers.map(({ closed }) => closed))
  expect(performance.now() - startMs).toBeGreaterThan(100)
  for (const peer of peers) peer.close()
})

test('two hundred slow, half-open connections do not slow down the others, nor cost memory', async () => {
  await using server = await startEcho({ listeners: [{ processors: 3 }], backlog: 300 })
  const frame = requestFrame(1, Buffer.alloc(200_000))
  const before = process.memoryUsage().rss
  const slow = Array.from({ length: 200 }, () => slowSender(server.port, frame))
  await until(() => server.network.connections === 200, 'all are connected')
  const trickle = setInterval(() => {
    for (const { nextByte } of slow) nextByte()
  }, 10)
  const peer = await Peer.connect(server.port)
  const latencies: number[] = []
  for (let i = 0; i < 300; i++) {
    const startMs = performance.now()
    await peer.ask(i, 'quick')
    latencies.push(performance.now() - startMs)
  }
  clearInterval(trickle)
  latencies.sort((a, b) => a - b)
  expect(latencies[150]).toBeLessThan(20)
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024)
  peer.close()
  for (const { socket } of slow) socket.destroy()
  await until(() => server.network.connections === 0, 'all are gone')
  expect(server.runtime.arena.used).toBe(0)
})

test('a hundred connections at once all get in, past a mailbox of one', async () => {
  await using server = await startEcho({
    newConnectionsCapacity: 1,
    backlog: 200,
    listeners: [{ processors: 2 }]
  })
  const peers = await many(100, () => Peer.connect(server.port))
  await Promise.all(peers.map((peer, i) => peer.ask(i, 'x')))
  const shares = server.processors.map(({ connections }) => connections)
  expect(shares.reduce((sum, share) => sum + share, 0)).toBe(100)
  expect(Math.min(...shares)).toBeGreaterThan(30)
  for (const peer of peers) peer.close()
})

test('a shutdown while the newConnections mailboxes are full ends, and every connection with it', async () => {
  const server = await startEcho({ newConnectionsCapacity: 1, backlog: 200 })
  const sockets: Socket[] = Array.from({ length: 50 }, () =>
    connect(server.port, '127.0.0.1').on('error', () => {})
  )
  const gone = sockets.map(socket => new Promise(resolve => socket.once('close', resolve).resume()))
  await until(() => server.network.connections > 0, 'some are in')
  await server[Symbol.asyncDispose]()
  await Promise.all(gone)
  expect(server.network.connections).toBe(0)
})

test('a shutdown closes connections and ports; nothing can connect any more', async () => {
  const server = await startEcho({ listeners: [{ name: 'A' }, { name: 'B' }] })
  const peers = [await Peer.connect(server.portOf('A')), await Peer.connect(server.portOf('B'))]
  await Promise.all(peers.map(peer => peer.ask(1, 'x')))
  await server[Symbol.asyncDispose]()
  await Promise.all(peers.map(({ closed }) => closed))
  await expect(Peer.connect(server.port)).rejects.toThrow(/ECONNREFUSED/)
  expect(server.processors.map(({ state }) => state)).toEqual(['stopped', 'stopped'])
})

test('a port in use fails the start with one sentence, and closes the ports that did open', async () => {
  const other = createServer()
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', () => resolve()))
  const address = other.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  await expect(
    startEcho({ handlers: 0, listeners: [{ name: 'FREE' }, { name: 'TAKEN', port }] })
  ).rejects.toThrow(`listener TAKEN cannot listen on 127.0.0.1:${port}: the port is in use`)
  await new Promise(resolve => other.close(resolve))
})

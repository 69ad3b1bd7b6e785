// Goal: a request is accounted for once, whatever becomes of its connection. Method: the whole network layer on one thread;
// the test takes requests from the channel, breaks their connections, and answers late.
import { expect, test } from 'vitest'
import { reset } from '../../support/peers/ill-behaved.js'
import { Peer } from '../../support/peers/peer.js'
import { type EchoServer, echo, startEcho } from './echo-server.js'
import { nextRequest, until } from './waiting.js'

const orphans = (server: EchoServer): number => server.processors[0]?.orphans ?? -1

test('an answer that finds its peer gone ends the connection and leaves nothing behind', async () => {
  await using server = await startEcho({ handlers: 0 })
  const peer = await Peer.connect(server.port)
  peer.send(1, 'x')
  const request = await nextRequest(server)
  reset(peer)
  await until(() => server.processors[0]?.channels[0]?.state === 'closing', 'it has seen the reset')
  expect([orphans(server), server.completed.length]).toEqual([0, 0])
  echo(request, server.channel)
  await until(() => server.network.connections === 0, 'it is gone')
  expect([orphans(server), server.completed.map(({ responseBytes }) => responseBytes)]).toEqual([0, [0]])
})

test('a request whose connection expired is an orphan until its handler answers', async () => {
  await using server = await startEcho({ handlers: 0, processors: { maxIdleMs: 30 } })
  const peer = await Peer.connect(server.port)
  peer.send(1, 'x')
  const request = await nextRequest(server)
  await until(() => server.network.connections === 0, 'it has expired')
  expect([orphans(server), server.completed.length]).toEqual([1, 0])
  server.channel.sendResponse(request, { kind: 'startThrottling', forMs: 10 })
  echo(request, server.channel)
  await until(() => orphans(server) === 0, 'it is answered')
  expect(server.completed).toHaveLength(1)
  peer.close()
})

test('requests that handlers still have when the Processor ends are accounted for at once, and not again', async () => {
  await using server = await startEcho({ handlers: 0 })
  const peer = await Peer.connect(server.port)
  peer.send(1, 'x')
  const request = await nextRequest(server)
  await server.network.stopProcessing()
  expect([orphans(server), server.completed.length]).toEqual([0, 1])
  echo(request, server.channel)
  await new Promise(setImmediate)
  expect([server.completed.length, server.runtime.arena.used]).toEqual([1, 0])
  peer.close()
})

test('a Processor reads again as soon as the only request that waited for room is gone with its connection', async () => {
  await using server = await startEcho({ handlers: 0, queuedMaxRequests: 1 })
  const first = await Peer.connect(server.port)
  first.send(1, 'fills the queue')
  await until(() => server.channel.depth === 1, 'the queue is full')
  const second = await Peer.connect(server.port)
  second.send(1, 'waits')
  await until(() => server.processors[0]?.state === 'backpressured', 'it is backpressured')
  server.processors[0]?.channels.find(({ exchange }) => exchange.isWaitingForRoom)?.live('close')
  expect(server.processors[0]?.state).toBe('running')
  expect(server.channel.depth).toBe(1)
  echo(await nextRequest(server), server.channel)
  expect((await first.received(1)).length).toBe(1)
  expect(server.runtime.arena.used).toBe(0)
  for (const each of [first, second]) each.close()
})

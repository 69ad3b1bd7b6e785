// Goal: a connection that was not read for one reason is read again when the last reason is gone, and an error while reading
// costs one connection. Method: the whole network layer on one thread, a request queue of one and a pool that is small.
import { expect, test, vi } from 'vitest'
import { Peer, requestFrame } from '../../support/peers/peer.js'
import { type EchoServer, echo, startEcho } from './echo-server.js'
import { nextRequest, until } from './waiting.js'

const stateOf = (server: EchoServer): string => server.processors[0]?.state ?? ''

/** One request in the queue, one that waits for room in it. */
async function fillQueue(server: EchoServer): Promise<Peer[]> {
  const peers = [await Peer.connect(server.port), await Peer.connect(server.port)]
  for (const peer of peers) peer.send(1, 'fills the queue')
  await until(() => stateOf(server) === 'backpressured', 'it is backpressured')
  return peers
}

async function emptyQueue(server: EchoServer): Promise<void> {
  for (let i = 0; i < 2; i++) echo(await nextRequest(server), server.channel)
  await until(() => stateOf(server) === 'running', 'it runs again')
}

test('half a request behind one that is answered under back-pressure is read to its end later', async () => {
  await using server = await startEcho({ handlers: 0, queuedMaxRequests: 1 })
  const peer = await Peer.connect(server.port)
  const second = requestFrame(2, 'second')
  peer.socket.write(Buffer.concat([requestFrame(1, 'first'), second.subarray(0, 9)]))
  const first = await nextRequest(server)
  const others = await fillQueue(server)
  echo(first, server.channel)
  await peer.received(1)
  expect(stateOf(server)).toBe('backpressured')
  await emptyQueue(server)
  peer.socket.write(second.subarray(9))
  echo(await nextRequest(server), server.channel)
  expect((await peer.received(2))[1]?.body.toString()).toBe('second')
  for (const each of [peer, ...others]) each.close()
})

test('a connection whose memory comes back under back-pressure is read to its end later', async () => {
  await using server = await startEcho({ handlers: 0, queuedMaxRequests: 1, poolBytes: 64 * 1024 })
  const [greedy, waiting] = [await Peer.connect(server.port), await Peer.connect(server.port)]
  const others = await fillQueue(server)
  greedy.socket.write(requestFrame(1, Buffer.alloc(90_000)).subarray(0, 100))
  await until(() => server.runtime.arena.available <= 0, 'the pool is exhausted')
  const whole = requestFrame(1, Buffer.alloc(6000, 7))
  waiting.socket.write(whole.subarray(0, 100))
  const receives = (): string[] => server.processors[0]?.channels.map(each => each.receive.state) ?? []
  await until(() => receives().includes('noMemory'), 'it waits for memory')
  server.processors[0]?.channels.find(each => each.receive.size > 80_000)?.live('close')
  await until(() => !receives().includes('noMemory'), 'it has memory')
  expect(stateOf(server)).toBe('backpressured')
  await emptyQueue(server)
  waiting.socket.write(whole.subarray(100))
  echo(await nextRequest(server), server.channel)
  expect((await waiting.received(1))[0]?.body.equals(Buffer.alloc(6000, 7))).toBe(true)
  for (const each of [greedy, waiting, ...others]) each.close()
})

test('a request for which no memory can be had at all ends its connection and no other', async () => {
  await using server = await startEcho()
  const [victim, other] = [await Peer.connect(server.port), await Peer.connect(server.port)]
  await Promise.all([victim.ask(1, 'x'), other.ask(1, 'x')])
  vi.spyOn(server.runtime.arena, 'allocate').mockImplementationOnce(() => {
    throw new RangeError('Array buffer allocation failed')
  })
  victim.send(2, 'never answered')
  await victim.closed
  expect((await other.ask(2, 'served')).toString()).toBe('served')
  await until(() => server.network.connections === 1, 'it is taken off the count')
  for (const each of [victim, other]) each.close()
})

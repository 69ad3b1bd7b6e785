// Goal: where no system call can be made beside Node's, the network still serves, on the main thread and through sockets
// with buffers of their own. Method: the module that makes the calls is replaced by one that has none.
import { expect, test, vi } from 'vitest'
import { halfCloser } from '../../support/peers/ill-behaved.js'
import { Peer } from '../../support/peers/peer.js'
import { startEcho } from './echo-server.js'
import { until } from './waiting.js'

vi.mock('../../../src/actors/network/system-calls.js', () => ({ systemCalls: () => undefined }))

test('requests of all sizes come back whole and in order', async () => {
  await using server = await startEcho()
  const peer = await Peer.connect(server.port)
  const bodies = [0, 1, 5000, 70_000, 1_200_000, 3].map((size, i) => Buffer.alloc(size, i + 1))
  bodies.forEach((body, i) => void peer.send(i, body))
  const answers = await peer.received(bodies.length)
  answers.forEach(({ body }, i) => void expect(body.equals(bodies[i] ?? Buffer.alloc(0))).toBe(true))
  peer.close()
  await until(() => server.network.connections === 0, 'its end is noticed')
  expect(server.runtime.arena.used).toBe(0)
})

test('a client that ends its side only gets all its answers', async () => {
  await using server = await startEcho()
  const peer = await halfCloser(server.port, 5)
  expect(await peer.received(5)).toHaveLength(5)
  await peer.closed
  peer.close()
})

// Goal: requests come back as responses, in order, whatever their size and however they are cut. Method: a whole network
// layer on one thread with echo handlers, and real sockets.
import { expect, test } from 'vitest'
import { Peer, requestFrame } from '../../support/peers/peer.js'
import { startEcho } from './echo-server.js'

test('a small request is answered', async () => {
  await using server = await startEcho()
  const peer = await Peer.connect(server.port)
  expect((await peer.ask(7, 'hello')).toString()).toBe('hello')
  peer.close()
})

test('fifty pipelined requests are answered one by one and in order', async () => {
  await using server = await startEcho()
  const peer = await Peer.connect(server.port)
  const all = Array.from({ length: 50 }, (_, i) => requestFrame(i, `body ${i}`))
  peer.socket.write(Buffer.concat(all))
  const answers = await peer.received(50)
  expect(answers.map(({ correlationId, body }) => `${correlationId} ${body}`)).toEqual(
    all.map((_, i) => `${i} body ${i}`)
  )
  peer.close()
})

test('requests of all sizes around the buffers come back whole, from five connections at once', async () => {
  await using server = await startEcho({ listeners: [{ processors: 2 }] })
  const sizes = [0, 1, 4079, 4096, 16_383, 16_384, 65_518, 65_536, 65_537, 200_000, 1_100_000, 3]
  const talk = async (): Promise<void> => {
    const peer = await Peer.connect(server.port)
    const bodies = sizes.map((size, i) => Buffer.alloc(size, i + 1))
    bodies.forEach((body, i) => void peer.send(i, body))
    const answers = await peer.received(sizes.length)
    answers.forEach(({ correlationId, body }, i) => {
      expect(correlationId).toBe(i)
      expect(body.equals(bodies[i] ?? Buffer.alloc(0))).toBe(true)
    })
    peer.close()
  }
  await Promise.all([talk(), talk(), talk(), talk(), talk()])
  expect(server.runtime.arena.used).toBe(0)
})

test('a request that trickles in byte by byte is answered', async () => {
  await using server = await startEcho()
  const peer = await Peer.connect(server.port)
  for (const byte of requestFrame(1, 'slow')) {
    peer.socket.write(Buffer.of(byte))
    await new Promise(resolve => setImmediate(resolve))
  }
  expect((await peer.received(1))[0]?.body.toString()).toBe('slow')
  peer.close()
})

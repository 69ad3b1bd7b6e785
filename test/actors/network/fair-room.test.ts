// Goal: a place in a full request queue is offered to each Processor first in its turn, so that none waits for ever behind one
// that always has requests. Method: a queue of one place, three inboxes that only note who is asked, in which order; then two
// Processors, of which one always has an answer to send and a request that waits.
import { expect, test } from 'vitest'
import { inlineRequestChannel } from '../../../src/actors/network/request-channel.js'
import { Peer } from '../../support/peers/peer.js'
import { echo, startEcho } from './echo-server.js'
import { nextRequest, until } from './waiting.js'

test('each Processor is the first to be offered a place, one after the other', async () => {
  const channel = inlineRequestChannel({ capacity: 1 })
  let asked: number[] = []
  for (const processorId of [0, 1, 2])
    channel.addProcessor({ processorId, offer: () => {}, onSpace: () => asked.push(processorId) })
  // Each shutdown but the first finds the queue full: somebody waits for room all the time.
  for (let shutdown = 0; shutdown < 7; shutdown++) channel.sendShutdown()
  const orders: number[][] = []
  for (let taken = 0; taken < 6; taken++) {
    asked = []
    expect(await channel.receiveRequest(1000)).toBe('shutdown')
    orders.push(asked)
  }
  expect(orders.map(order => order.toSorted())).toEqual(orders.map(() => [0, 1, 2]))
  expect(orders.map(([first]) => first)).toEqual([0, 1, 2, 0, 1, 2])
  channel.close()
})

test('a Processor that is answered is not before one that waits for room, each time', async () => {
  await using server = await startEcho({
    listeners: [{ processors: 2 }],
    handlers: 0,
    queuedMaxRequests: 1
  })
  const waiting = (processorId: number): number => server.processors[processorId]?.depths.room ?? 0
  const peers: Peer[] = []
  for (let number = 0; number < 5; number++) {
    peers.push(await Peer.connect(server.port))
    await until(() => server.network.connections === number + 1, 'it is connected')
  }
  // Those with an even number are the first Processor's.
  peers[0]?.send(0, 'x')
  let current = await nextRequest(server)
  for (const number of [2, 4, 1]) peers[number]?.send(number, 'x')
  await until(() => server.channel.depth === 1 && waiting(0) === 1 && waiting(1) === 1, 'both wait')
  const served: number[] = []
  while (served.length < 6 && !served.includes(1)) {
    const answered = current
    echo(answered, server.channel)
    const next = server.channel.receiveRequest(1000)
    peers[answered.correlationId]?.send(answered.correlationId, 'x')
    const taken = await next
    if (taken === undefined || taken === 'shutdown') throw new Error('nothing was queued')
    current = taken
    served.push(current.processorId)
    await until(() => waiting(0) > 0 && server.channel.depth === 1, 'the first Processor waits again')
  }
  expect(served).toContain(1)
  for (const peer of peers) peer.close()
  echo(current, server.channel)
})

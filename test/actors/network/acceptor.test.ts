// Goal: a connection that waits is counted when it should be, and only then. Method: one Acceptor with real sockets, and
// Processors that take what the test lets them take.
import { expect, test } from 'vitest'
import { Acceptor } from '../../../src/actors/network/acceptor.js'
import { ConnectionQuotas } from '../../../src/actors/network/connection-quotas.js'
import { type AcceptedConnection, discard } from '../../../src/actors/network/hand-over.js'
import type { QuotaOptions } from '../../../src/actors/network/network-options.js'
import { systemClock } from '../../../src/actors/runtime/clock.js'
import { loggerFor } from '../../../src/actors/runtime/log.js'
import { systemTimers } from '../../../src/actors/runtime/timers.js'
import { Peer } from '../../support/peers/peer.js'
import { networkOptions } from './echo-server.js'
import { until } from './waiting.js'

async function startAcceptor(quotaOptions: Partial<QuotaOptions> = {}) {
  const { listeners, quotas: limits, processors } = networkOptions({ quotas: quotaOptions })
  const [listener] = listeners
  if (listener === undefined) throw new Error('there is a listener')
  const quotas = new ConnectionQuotas(limits, listeners, () => Number.POSITIVE_INFINITY)
  const room = { places: 0 }
  const taken: AcceptedConnection[] = []
  const acceptor = new Acceptor({
    listener,
    backlog: 50,
    sockets: processors,
    quotas,
    processors: [
      {
        offer(connection) {
          if (room.places === 0) return 'full'
          room.places--
          taken.push(connection)
          return 'accepted'
        }
      }
    ],
    onAdmitted: () => {},
    logger: loggerFor('test', { level: 'error', write: () => {} }),
    clock: systemClock,
    timers: systemTimers
  })
  quotas.onSlotFreed = () => acceptor.slotFreed()
  const port = await acceptor.open()
  return {
    acceptor,
    quotas,
    room,
    taken,
    port,
    [Symbol.dispose]() {
      acceptor.close()
      for (const connection of taken) discard(connection)
    }
  }
}

test('a connection that waits for room is counted, and handed over when there is some', async () => {
  using it = await startAcceptor()
  const peer = await Peer.connect(it.port)
  await until(() => it.acceptor.state === 'blocked.waitingForRoom', 'it waits for room')
  expect(it.quotas.total).toBe(1)
  it.acceptor.slotFreed()
  it.acceptor.roomMade()
  expect([it.acceptor.state, it.quotas.total, it.taken.length]).toEqual(['blocked.waitingForRoom', 1, 0])
  await until(() => it.acceptor.waitedForRoomMs > 5, 'it counts how long')
  it.room.places = 1
  it.acceptor.roomMade()
  expect([it.acceptor.state, it.quotas.total, it.taken.length]).toEqual(['listening', 1, 1])
  const { waitedForRoomMs } = it.acceptor
  await new Promise(resolve => setTimeout(resolve, 5))
  expect(it.acceptor.waitedForRoomMs).toBe(waitedForRoomMs)
  peer.close()
})

test('a connection that waits for room is taken off the count when the Acceptor closes', async () => {
  using it = await startAcceptor()
  const peer = await Peer.connect(it.port)
  await until(() => it.acceptor.state === 'blocked.waitingForRoom', 'it waits for room')
  it.acceptor.close()
  expect([it.acceptor.state, it.quotas.total]).toEqual(['closed', 0])
  await peer.closed
})

test('a connection that waits for a slot is not counted, and gets the next one that is free', async () => {
  using it = await startAcceptor({ maxConnections: 1 })
  it.room.places = 2
  const peers = [await Peer.connect(it.port), await Peer.connect(it.port)]
  await until(() => it.acceptor.state === 'blocked.waitingForSlot', 'it waits for a slot')
  expect([it.quotas.total, it.taken.length]).toEqual([1, 1])
  it.quotas.closed('PLAINTEXT', '127.0.0.1')
  expect([it.acceptor.state, it.quotas.total, it.taken.length]).toEqual(['listening', 1, 2])
  for (const peer of peers) peer.close()
})

test('a connection that comes too fast waits for its rate first, uncounted, and then goes on by itself', async () => {
  using it = await startAcceptor({ maxConnectionRate: 3 })
  it.room.places = 100
  const peers: Peer[] = []
  const seen = new Set<string>()
  for (let i = 0; i < 60 && !seen.has('blocked.waitingForRate'); i++) {
    peers.push(await Peer.connect(it.port))
    await until(() => it.taken.length > i || it.acceptor.state !== 'listening', 'it was accepted')
    seen.add(it.acceptor.state)
  }
  expect(seen).toContain('blocked.waitingForRate')
  expect(it.quotas.total).toBe(peers.length - 1)
  await until(() => it.taken.length === peers.length, 'it goes on')
  expect([it.acceptor.state, it.quotas.total]).toEqual(['listening', peers.length])
  for (const peer of peers) peer.close()
})

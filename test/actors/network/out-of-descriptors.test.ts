// Goal: a process without free descriptors loses that connection, pauses, and accepts again. Method: the system call that
// duplicates descriptors is refused for a while.
import { expect, test, vi } from 'vitest'
import type * as Calls from '../../../src/actors/network/system-calls.js'
import { Peer } from '../../support/peers/peer.js'
import { startEcho } from './echo-server.js'
import { until } from './waiting.js'

const refusals = vi.hoisted(() => ({ left: 0 }))

vi.mock('../../../src/actors/network/system-calls.js', async original => {
  const { systemCalls } = await original<typeof Calls>()
  return {
    systemCalls: () => {
      const calls = systemCalls()
      if (calls === undefined) return undefined
      const duplicate = (fd: number): number => (refusals.left-- > 0 ? -1 : calls.duplicate(fd))
      return { ...calls, duplicate }
    }
  }
})

test('the Acceptor pauses, keeps its counts right, and goes on', async () => {
  await using server = await startEcho()
  refusals.left = 1
  const lost = await Peer.connect(server.port)
  await lost.closed
  await until(() => server.network.acceptorState('PLAINTEXT') === 'paused', 'it pauses')
  expect(server.network.connections).toBe(0)
  const next = await Peer.connect(server.port)
  expect((await next.ask(1, 'back')).toString()).toBe('back')
  expect(server.network.acceptorState('PLAINTEXT')).toBe('listening')
  next.close()
})

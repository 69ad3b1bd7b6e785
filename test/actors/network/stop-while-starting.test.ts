// Goal: a stop that overtakes the start leaves nothing open and nobody waiting (I-29, I-30 of the lifecycle).
// Method: stopProcessing at each moment of startProcessing at which other code can run.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { StartupError } from '../../../src/errors.js'
import { newNetwork } from './echo-server.js'

const outcomeOf = (started: Promise<unknown>): Promise<unknown> =>
  Promise.race([
    started.then(
      () => 'started',
      (error: unknown) => error
    ),
    sleep(1000).then(() => 'waits for ever')
  ])

test.each([
  ['before a listener was asked to open', 0],
  ['while its listeners open', 3]
])('a network that is stopped %s says so, and opens no port', async (_, turns) => {
  await using parts = newNetwork()
  const { network } = parts
  const outcome = outcomeOf(network.startProcessing())
  for (let i = 0; i < turns; i++) await Promise.resolve()
  await network.stopProcessing()
  const error = await outcome
  expect(error).toBeInstanceOf(StartupError)
  expect(String(error)).toMatch(/before it could/)
  expect(network.bound).toEqual([])
  expect(network.acceptorState('PLAINTEXT') ?? 'closed').toBe('closed')
})

test('a network that was never started stops at once', async () => {
  await using parts = newNetwork()
  await parts.network.stopProcessing()
  expect(parts.network.connections).toBe(0)
})

// Waiting for what a server does by itself.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Request } from '../../../src/actors/network/request.js'
import type { EchoServer } from './echo-server.js'

/** Looks every 2 ms; fails with the sentence after 3 s. */
export async function until(what: () => boolean, sentence: string): Promise<void> {
  const end = performance.now() + 3000
  while (!what()) {
    if (performance.now() > end) throw new Error(`never: ${sentence}`)
    await sleep(2)
  }
}

export async function nextRequest(server: EchoServer): Promise<Request> {
  const entry = await server.channel.receiveRequest(2000)
  if (entry === undefined || entry === 'shutdown') throw new Error('no request came')
  return entry
}

export const noRequest = async (server: EchoServer): Promise<boolean> =>
  (await server.channel.receiveRequest(60)) === undefined

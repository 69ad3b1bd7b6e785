// Goal: the same requests are answered the same way when Processors and handlers are on several threads. Method: real
// worker threads with echo handlers, both placements that have workers.
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { createNetwork } from '../../../src/actors/network/network-server.js'
import { attachRequestChannel, shareRequestChannel } from '../../../src/actors/network/request-channel.js'
import { loggerFor, silentSink } from '../../../src/actors/runtime/log.js'
import { type Placement, placementTable } from '../../../src/actors/runtime/placement.js'
import { attachRuntime, createSharedRuntime } from '../../../src/actors/runtime/shared-runtime.js'
import { Peer } from '../../support/peers/peer.js'
import { builtNetwork } from './built.js'
import { type EchoOptions, networkOptions } from './echo-server.js'

const loopsAThread = 2

interface Options extends EchoOptions {
  readonly slowMs?: number
}

async function startThreads(name: Placement, workers: number, options: Options = {}) {
  const placement = placementTable(name, workers)
  const { shared, mainPorts, bootTasks } = createSharedRuntime({
    workers,
    networkThreads: placement.networkThreads,
    poolBytes: options.poolBytes ?? -1
  })
  const requests = shareRequestChannel({ capacity: options.queuedMaxRequests ?? 500, threads: workers + 1 })
  const built = builtNetwork()
  const threads = bootTasks.map(({ thread, ports, transferList }) => {
    const { slowMs = 0 } = options
    const workerData = {
      built,
      shared,
      requests,
      placement: name,
      workers,
      thread,
      loops: loopsAThread,
      slowMs
    }
    const worker = new Worker(new URL('network-worker.mjs', import.meta.url), { workerData })
    const messages: unknown[] = []
    let arrived = (): void => {}
    worker.on('message', message => {
      messages.push(message)
      arrived()
    })
    worker.postMessage({ ports }, [...transferList])
    const message = async (): Promise<unknown> => {
      while (messages.length === 0) await new Promise<void>(resolve => (arrived = resolve))
      return messages.shift()
    }
    return { worker, message }
  })
  const runtime = attachRuntime(shared, 0, mainPorts)
  const channel = attachRequestChannel(requests, runtime, placement)
  const network = createNetwork({
    runtime,
    channel,
    placement,
    logger: loggerFor('test', silentSink),
    network: networkOptions(options)
  })
  for (const { message } of threads) expect(await message()).toBe('ready')
  await network.startProcessing()
  return {
    network,
    channel,
    runtime,
    port: network.bound[0]?.port ?? 0,
    /** Requests handled by each thread. */
    async stop(): Promise<number[]> {
      await network.stopProcessing()
      for (let i = 0; i < workers * loopsAThread; i++) channel.sendShutdown()
      const handled: number[] = []
      for (const { message } of threads) handled.push(((await message()) as { handled: number }).handled)
      await network.close()
      for (const { worker } of threads) {
        const gone = new Promise(resolve => worker.once('exit', resolve))
        worker.postMessage('end')
        await gone
      }
      channel.close()
      runtime.detach()
      return handled
    }
  }
}

const placements = [
  ['perCore', 1],
  ['perCore', 2],
  ['networkOnMain', 1],
  ['networkOnMain', 2]
] as const

test.each(placements)(
  '%s with %i workers answers requests of all sizes whole and in order',
  async (name, workers) => {
    const server = await startThreads(name, workers, { listeners: [{ processors: 2 }] })
    const sizes = [0, 1, 4096, 20_000, 65_537, 200_000, 1_200_000, 3]
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
    await Promise.all(Array.from({ length: 6 }, talk))
    expect(server.runtime.arena.used).toBe(0)
    const handled = await server.stop()
    expect(handled.reduce((sum, count) => sum + count, 0)).toBe(6 * sizes.length)
    expect(server.network.quotas.total).toBe(0)
  },
  20_000
)

test('a full request queue of one place holds back Processors on other threads, and loses nothing', async () => {
  const server = await startThreads('perCore', 2, {
    listeners: [{ processors: 2 }],
    queuedMaxRequests: 1,
    slowMs: 2
  })
  const peers = await Promise.all(Array.from({ length: 10 }, () => Peer.connect(server.port)))
  await Promise.all(
    peers.map(async peer => {
      for (let i = 0; i < 20; i++) peer.send(i, `request ${i}`)
      const answers = await peer.received(20)
      expect(answers.map(({ body }) => body.toString())).toEqual(answers.map((_, i) => `request ${i}`))
      peer.close()
    })
  )
  const handled = await server.stop()
  expect(handled.reduce((sum, count) => sum + count, 0)).toBe(200)
}, 20_000)

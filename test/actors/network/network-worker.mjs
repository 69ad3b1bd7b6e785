// A worker thread of the placement tests and measurements: Processors where the placement has them, and echo handlers.
import { parentPort, workerData } from 'node:worker_threads'

const { built, shared, requests, placement: name, workers, thread, loops, slowMs = 0 } = workerData
const at = path => import(`${built}${path}.js`)
const { attachRuntime } = await at('actors/runtime/shared-runtime')
const { placementTable } = await at('actors/runtime/placement')
const { keepThreadAlive } = await at('actors/runtime/timers')
const { attachRequestChannel } = await at('actors/network/request-channel')
const { attachNetworkThread } = await at('actors/network/network-thread')
const { encodeResponse } = await at('protocol/header')

const silent = { debug() {}, info() {}, warn() {}, error: console.error, fatal: console.error }

parentPort.once('message', async ({ ports }) => {
  const alive = keepThreadAlive()
  const runtime = attachRuntime(shared, thread, ports)
  const placement = placementTable(name, workers)
  const channel = attachRequestChannel(requests, runtime, placement)
  const network = placement.networkThreads.includes(thread)
    ? attachNetworkThread({ runtime, channel, logger: silent })
    : undefined
  parentPort.postMessage('ready')
  let handled = 0
  const serve = async () => {
    for (;;) {
      const request = await channel.receiveRequest(300)
      if (request === 'shutdown') return
      if (request === undefined) continue
      handled++
      if (slowMs > 0) await new Promise(resolve => setTimeout(resolve, slowMs))
      const { apiKey, apiVersion, correlationId, body, connection } = request
      if (connection.clientPort === 0) throw new Error('a request without its connection')
      const chunks = encodeResponse(apiKey, apiVersion, correlationId, [Buffer.from(body)])
      request.release()
      channel.sendResponse(request, { kind: 'send', chunks })
    }
  }
  await Promise.all(Array.from({ length: loops }, serve))
  network?.close()
  channel.close()
  parentPort.postMessage({ handled })
  parentPort.once('message', () => {
    runtime.detach()
    alive()
    parentPort.close()
  })
})

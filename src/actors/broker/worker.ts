// Entry of a worker thread. Its boot task builds this thread's part of the broker and lasts until the broker stops; handler
// loops are further tasks on the same thread. Log lines go to the main thread, so that they stay whole and in one stream.

import { loadBrokerConfig } from '../../config/broker-config.js'
import { systemFiles } from '../../storage/files.js'
import { attachNetworkThread } from '../network/network-server.js'
import { attachRequestChannel } from '../network/request-channel.js'
import { systemClock } from '../runtime/clock.js'
import type { LogSink } from '../runtime/log.js'
import { loggerFor } from '../runtime/log.js'
import { LoopDelayMeter } from '../runtime/loop-delay.js'
import type { Mesh } from '../runtime/mesh.js'
import { placementTable } from '../runtime/placement.js'
import { attachRuntime } from '../runtime/shared-runtime.js'
import { tap } from '../runtime/tap.js'
import type { ThreadTrace, TraceLevel } from '../runtime/trace.js'
import { BrokerThread } from './broker-thread.js'
import { logActor, type WorkerTask, workerStopActor } from './threads.js'
import { TraceWish } from './trace-wish.js'

interface Booted {
  readonly thread: BrokerThread
  readonly stopped: Promise<void>
}

let announce: (booted: Booted) => void = () => {}
const booted = new Promise<Booted>(resolve => {
  announce = resolve
})

function sinkOver(mesh: Mesh): LogSink {
  return { level: 'info', write: (line, level) => mesh.send(0, logActor, { line, level }) }
}

/** Lasts as long as the broker; the result is what the actors of this thread did. */
async function boot(task: Extract<WorkerTask, { kind: 'boot' }>): Promise<ThreadTrace> {
  const { data } = task
  const runtime = attachRuntime(data.shared, task.thread, task.ports)
  const placement = placementTable(data.placement, data.workers)
  const { config } = loadBrokerConfig(data.inputs)
  const trace = new TraceWish()
  trace.want(config.get('odradek.trace') as TraceLevel)
  const sink = sinkOver(runtime.mesh)
  const channel = attachRequestChannel(data.channel, runtime, placement)
  const network = placement.networkThreads.includes(task.thread)
    ? attachNetworkThread({
        runtime,
        channel,
        logger: loggerFor('odradek.network', sink),
        slowRequestMs: config.get('odradek.slow.request.ms')
      })
    : undefined
  const watched = config.get('inspector.listener').trim() !== ''
  const loopDelay = watched ? new LoopDelayMeter(systemClock.monotonicMs()) : undefined
  const stopped = new Promise<void>(resolve => runtime.mesh.register(workerStopActor, () => resolve()))
  announce({
    thread: new BrokerThread({
      runtime,
      placement,
      config,
      channel,
      sink,
      files: systemFiles,
      network,
      trace,
      loopDelay
    }),
    stopped
  })
  await stopped
  loopDelay?.stop()
  network?.close()
  channel.close()
  runtime.detach()
  return tap.trace(task.thread)
}

export default async function run(task: WorkerTask): Promise<unknown> {
  if (task.kind === 'boot') return boot(task)
  const { thread } = await booted
  return thread.runLoop(task.id)
}

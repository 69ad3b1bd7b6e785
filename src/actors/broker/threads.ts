// The worker threads of a broker as a piscina pool: one boot task a worker, which lasts as long as the broker, and handler
// loops as long-lived tasks beside it. A worker that dies takes the broker with it; nothing is restarted.
import type { Piscina } from 'piscina'
import type { BrokerConfigInput } from '../../config/broker-config.js'
import type { SharedRequestChannel } from '../network/request-channel.js'
import { asking, type ThreadId } from '../runtime/mesh.js'
import type { Placement } from '../runtime/placement.js'
import type { BootTask, Runtime, SharedRuntime } from '../runtime/shared-runtime.js'
import { backgroundTimers } from '../runtime/timers.js'
import { missingTrace, type ThreadTrace } from '../runtime/trace.js'
import { type ThreadCommand, threadActor } from './thread-commands.js'

/** What every worker gets with its boot task; structured-cloned, shared memory by reference. */
export interface WorkerData {
  readonly shared: SharedRuntime
  readonly channel: SharedRequestChannel
  readonly placement: Placement
  readonly workers: number
  readonly inputs: BrokerConfigInput
}

export type WorkerTask =
  | ({ readonly kind: 'boot'; readonly data: WorkerData } & Pick<BootTask, 'thread' | 'ports'>)
  | { readonly kind: 'loop'; readonly id: number }

export interface WorkerThreadsOptions {
  readonly pool: Piscina
  readonly data: WorkerData
  readonly bootTasks: readonly BootTask[]
  /** The main thread's view, to reach loops by message. */
  readonly runtime: Runtime
  readonly onDeath: (cause: unknown) => void
}

export class WorkerThreads {
  readonly #pool: Piscina
  readonly #runtime: Runtime
  readonly #boots: readonly Promise<ThreadTrace>[]
  /** Of workers that are gone. */
  readonly #lastTraces = new Map<ThreadId, ThreadTrace>()
  #stopping = false

  constructor({ pool, data, bootTasks, runtime, onDeath }: WorkerThreadsOptions) {
    this.#runtime = runtime
    this.#pool = pool
    const died = (cause: unknown): void => {
      if (!this.#stopping) onDeath(cause)
    }
    this.#pool.on('error', died)
    this.#boots = bootTasks.map(({ thread, ports, transferList }) =>
      this.#pool.run({ kind: 'boot', data, thread, ports } satisfies WorkerTask, {
        transferList: [...transferList]
      })
    )
    for (const boot of this.#boots) {
      boot.then(() => died(new Error('a worker left its boot task')), died)
    }
    this.#boots.forEach((boot, i) => {
      const keep = (trace: ThreadTrace): unknown => this.#lastTraces.set(i + 1, trace)
      boot.then(keep, () => keep(missingTrace(i + 1, 'died')))
    })
  }

  /** Tasks that no worker has begun: must be 0 once all loops run. */
  get queued(): number {
    return this.#pool.queueSize
  }

  /** The threads themselves, for gauges and for tests that end one. */
  get threads(): Piscina['threads'] {
    return this.#pool.threads
  }

  run(id: number): Promise<void> {
    return this.#pool.run({ kind: 'loop', id } satisfies WorkerTask)
  }

  /**
   * What the worker's actors did; of one that was stopped in order, to its end. `after`, `most`: as in Tap.trace, of a worker
   * that lives.
   */
  trace(thread: ThreadId, after = 0, most?: number): Promise<ThreadTrace> {
    const last = this.#lastTraces.get(thread)
    const boot = this.#boots[thread - 1]
    if (last !== undefined || boot === undefined)
      return Promise.resolve(last ?? missingTrace(thread, 'never answered'))
    const { ask } = asking(this.#runtime.mesh)
    return new Promise(resolve => {
      const cancel = backgroundTimers.after(tracePatienceMs, () =>
        resolve(missingTrace(thread, 'never answered'))
      )
      const settle = (trace: ThreadTrace): void => {
        cancel()
        resolve(trace)
      }
      boot.then(settle, () => settle(missingTrace(thread, 'died')))
      const command = { op: 'trace', after, ...(most === undefined ? {} : { most }) } satisfies ThreadCommand
      ask<ThreadTrace>(thread, threadActor, command).then(settle, () => {})
    })
  }

  /** Ends every worker; handler loops have ended before. */
  async stop(): Promise<void> {
    this.#stopping = true
    for (let thread = 1; thread <= this.#runtime.workers; thread++) {
      this.#runtime.mesh.send(thread, workerStopActor, null)
    }
    await Promise.allSettled(this.#boots)
    await this.#pool.destroy()
  }
}

/** A worker that is busy or stuck is not waited for longer. */
const tracePatienceMs = 5000

/** A message to this name ends the worker's boot task. */
export const workerStopActor = 'broker.worker.stop'

/** Log lines of workers, written by the main thread. */
export const logActor = 'broker.log'

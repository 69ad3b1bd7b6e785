// The broker as an actor: its machine says which step is next, this driver carries the steps out.
import type { Piscina } from 'piscina'
import type { BrokerConfig } from '../../config/broker-config.js'
import { errorMessage, StartupError } from '../../errors.js'
import type { BoundListener } from '../network/network-server.js'
import { driveMachine, type MachineDriver } from '../runtime/actor.js'
import { systemClock } from '../runtime/clock.js'
import { type Logger, type LogSink, loggerFor } from '../runtime/log.js'
import { loop } from '../runtime/loop.js'
import { tap } from '../runtime/tap.js'
import type { ThreadTrace, TraceLevel, TraceSince } from '../runtime/trace.js'
import type { BootStepName } from './boot-order.js'
import { type BrokerEvent, brokerMachine, type StopMode } from './broker.machine.js'
import { type Disk, systemDisk } from './disk.js'
import { BrokerParts, type Observer } from './parts.js'
import { TraceWish } from './trace-wish.js'

export interface BrokerOptions {
  readonly config: BrokerConfig
  readonly sink: LogSink
  /** Worker threads for placements that have some. */
  readonly pool?: Piscina | undefined
  /** A simulated one, inline only. */
  readonly disk?: Disk
  /** Made once, and started and stopped as the step `inspector`. */
  readonly observer?: (broker: Broker) => Observer | undefined
}

type Settle = { resolve(): void; reject(error: unknown): void }

export class Broker {
  readonly config: BrokerConfig
  readonly #logger: Logger
  readonly #parts: BrokerParts
  readonly #machine: MachineDriver<typeof brokerMachine>
  readonly #startedAtMs = systemClock.monotonicMs()
  /** Resolves when every listener accepts; rejects when the start failed. */
  readonly started: Promise<void>
  /** Resolves after an orderly stop; rejects with the cause when the broker ended by itself. */
  readonly closed: Promise<void>
  #start: Settle = { resolve: () => {}, reject: () => {} }
  #close: Settle = { resolve: () => {}, reject: () => {} }
  readonly #tapFrom = tap.entries
  readonly #trace = new TraceWish()
  #cause: unknown
  /** How many steps were begun: only the last of them is listened to. */
  #begun = 0

  constructor({ config, sink, pool, disk = systemDisk, observer }: BrokerOptions) {
    this.config = config
    this.#logger = loggerFor('odradek.broker', sink)
    this.#trace.want(config.get('odradek.trace') as TraceLevel)
    this.started = new Promise((resolve, reject) => {
      this.#start = { resolve, reject }
    })
    this.closed = new Promise((resolve, reject) => {
      this.#close = { resolve, reject }
    })
    // Whoever waits for one of them need not wait for the other.
    this.started.catch(() => {})
    this.closed.catch(() => {})
    this.#parts = new BrokerParts({
      config,
      sink,
      pool,
      disk,
      trace: this.#trace,
      observer: observer?.(this),
      onFatal: cause => this.#fatal(cause)
    })
    this.#machine = driveMachine(
      brokerMachine,
      {
        startStep: ({ step }: { step: BootStepName }) => void this.#run(step, () => this.#parts.start(step)),
        stopStep: ({ step, mode }: { step: BootStepName; mode: StopMode }) =>
          void this.#run(step, () => this.#parts.stop(step, mode)),
        openStartupLatch: () => this.#ready(),
        openShutdownLatch: ({ clean }: { clean: boolean }) => this.#ended(clean)
      },
      { name: 'broker' }
    )
    this.#send({ type: 'start' })
  }

  /** `starting.logs`, `running`, `stopping.handlers` … */
  get state(): string {
    return this.#machine.state
  }

  get listeners(): readonly BoundListener[] {
    return this.#parts.listeners
  }

  /** ms since it was made. */
  get uptimeMs(): number {
    return systemClock.monotonicMs() - this.#startedAtMs
  }

  /** host:port as advertised, comma-joined. */
  get bootstrapServers(): string {
    return this.#parts.endpoints.map(({ host, port }) => `${host}:${port}`).join(',')
  }

  get clusterId(): string {
    return this.#parts.clusterId ?? ''
  }

  get parts(): BrokerParts {
    return this.#parts
  }

  /**
   * What its actors did, by thread: the newest steps of each, as much as odradek.trace says. Also after the end. Brokers
   * that share the main thread see each other's actors there. `since`: only what is new.
   */
  async trace(since?: TraceSince): Promise<readonly ThreadTrace[]> {
    const workers = (await this.#parts.threads?.traces(since)) ?? []
    const from = Math.max(this.#tapFrom, since?.after(0) ?? 0)
    return [tap.trace(0, from, since?.most), ...workers]
  }

  /** Asks for an orderly stop; `closed` says when it is done. */
  stop(): void {
    this.#send({ type: 'stop' })
  }

  /** Something outside the broker's own actors went wrong for good: ends as a dead worker does. */
  fail(cause: unknown): void {
    this.#fatal(cause)
  }

  #send(event: BrokerEvent): void {
    this.#machine.send(event)
  }

  /** A step that was given up says nothing any more: the machine has asked for another one since. */
  async #run(step: BootStepName, work: () => Promise<void>): Promise<void> {
    const run = ++this.#begun
    try {
      await work()
    } catch (error) {
      this.#cause ??= error
      if (!(error instanceof StartupError)) this.#logger.error(`${this.state}: ${step} failed`, error)
      if (run === this.#begun) this.#send({ type: 'stepFailed' })
      return
    }
    if (run === this.#begun) this.#send({ type: 'stepDone' })
  }

  #fatal(cause: unknown): void {
    this.#cause ??= cause
    this.#logger.fatal(`the broker cannot go on: ${errorMessage(cause)}`, cause)
    this.#send({ type: 'fatal' })
  }

  #ready(): void {
    const ms = Math.round(systemClock.monotonicMs() - this.#startedAtMs)
    const sinceLaunchMs = Math.round(loop().sinceLaunchMs())
    this.#logger.info(`started in ${ms} ms (${sinceLaunchMs} ms since the process began)`)
    this.#start.resolve()
  }

  #ended(clean: boolean): void {
    this.#trace.end()
    if (clean) {
      this.#logger.info('shut down completed')
      this.#start.reject(new Error('the broker was stopped while it started'))
      this.#close.resolve()
      return
    }
    const cause = this.#cause ?? new Error('the broker failed')
    this.#start.reject(cause)
    this.#close.reject(cause)
  }
}

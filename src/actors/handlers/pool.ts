// KafkaRequestHandlerPool: keeps the wanted number of handler loops alive; where they run is somebody else's table.
import { driveMachine, type MachineDriver } from '../runtime/actor.js'
import { poolMachine } from './pool.machine.js'

/** Runs one loop until its ShutdownRequest, its dismissal, or the death of its thread (rejects). */
export interface LoopRunner {
  run(id: number): Promise<void>
  /** Loops with these ids end at their next poll. */
  dismiss(ids: readonly number[]): void
}

export interface HandlerPoolOptions {
  /** num.io.threads: loops, not threads. */
  readonly loops: number
  readonly runner: LoopRunner
  /** Puts one ShutdownRequest into the request queue. */
  readonly sendShutdown: () => void
  readonly onDeath: (cause: unknown) => void
}

export class HandlerPool {
  readonly #options: HandlerPoolOptions
  readonly #machine: MachineDriver<typeof poolMachine>
  readonly #running = new Set<number>()
  /** Of those that run: they end at their next poll. */
  readonly #dismissed = new Set<number>()
  #wanted: number
  #nextId = 0
  #cause: unknown
  #stopped: () => void = () => {}

  constructor(options: HandlerPoolOptions) {
    this.#options = options
    this.#wanted = options.loops
    this.#machine = driveMachine(
      poolMachine,
      {
        startLoops: () => this.#adjust(this.#wanted),
        adjustLoops: ({ loops }: { loops: number }) => this.#adjust(loops),
        sendShutdowns: () => this.#sendShutdowns(),
        reportDeath: () => options.onDeath(this.#cause),
        reportStopped: () => this.#stopped()
      },
      { name: 'handlerPool' }
    )
  }

  get state(): string {
    return this.#machine.state
  }

  /** Loops that run now. */
  get loops(): number {
    return this.#running.size
  }

  start(): void {
    this.#machine.send({ type: 'start' })
  }

  /** Kafka's limits: at least one, at least half and at most double of what runs; RangeError otherwise. */
  resize(loops: number): void {
    if (!Number.isInteger(loops) || loops < 1 || loops < this.#wanted / 2 || loops > this.#wanted * 2) {
      throw new RangeError(`num.io.threads: ${loops} is not between half and double of ${this.#wanted}`)
    }
    this.#machine.send({ type: 'resize', loops })
  }

  /** Every loop finishes what it handles; resolves when the last one has ended, or at once when the pool failed. */
  stop(): Promise<void> {
    return new Promise(resolve => {
      this.#stopped = resolve
      this.#machine.send({ type: 'stop' })
    })
  }

  #adjust(loops: number): void {
    this.#wanted = loops
    const staying = [...this.#running].filter(id => !this.#dismissed.has(id))
    for (let missing = loops - staying.length; missing > 0; missing--) this.#startOne(this.#nextId++)
    const surplus = staying.sort((a, b) => b - a).slice(0, Math.max(0, staying.length - loops))
    for (const id of surplus) this.#dismissed.add(id)
    if (surplus.length > 0) this.#options.runner.dismiss(surplus)
  }

  #startOne(id: number): void {
    this.#running.add(id)
    this.#options.runner.run(id).then(
      () => this.#ended(id),
      cause => {
        this.#cause ??= cause
        this.#forget(id)
        this.#machine.send({ type: 'loopDied' })
      }
    )
  }

  #forget(id: number): void {
    this.#running.delete(id)
    this.#dismissed.delete(id)
  }

  #ended(id: number): void {
    this.#forget(id)
    if (this.#running.size === 0) this.#machine.send({ type: 'allEnded' })
  }

  #sendShutdowns(): void {
    for (const _ of this.#running) this.#options.sendShutdown()
    if (this.#running.size === 0) queueMicrotask(() => this.#machine.send({ type: 'allEnded' }))
  }
}

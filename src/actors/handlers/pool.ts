// KafkaRequestHandlerPool: keeps the wanted number of handler loops alive; where they run is somebody else's table.
import { Bug } from '../../errors.js'
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
  /** Ids of the loops that run, in the order in which they began. */
  readonly #staying = new Set<number>()
  readonly #leaving = new Set<number>()
  #nextId = 0
  #cause: unknown
  #stopping: Promise<void> | undefined
  #stopped: () => void = () => {}

  constructor(options: HandlerPoolOptions) {
    this.#options = options
    this.#machine = driveMachine(
      poolMachine,
      {
        startLoops: ({ count }: { count: number }) => this.#startLoops(count),
        dismissLoops: ({ count }: { count: number }) => this.#dismissLoops(count),
        sendShutdowns: ({ count }: { count: number }) => this.#sendShutdowns(count),
        reportDeath: () => options.onDeath(this.#cause),
        reportStopped: () => this.#stopped()
      },
      { name: 'handlerPool', input: { loops: options.loops } }
    )
  }

  get state(): string {
    return this.#machine.state
  }

  /** Loops that run now. */
  get loops(): number {
    return this.#staying.size + this.#leaving.size
  }

  start(): void {
    this.#machine.send({ type: 'start' })
  }

  /** Kafka's limits: at least one, at least half (rounded down) and at most double of what runs; RangeError otherwise. */
  resize(loops: number): void {
    if (!this.#machine.is('idle') && !this.#machine.is('running')) return
    const { staying } = this.#machine.snapshot.context
    if (!Number.isInteger(loops) || loops < 1 || loops < Math.floor(staying / 2) || loops > staying * 2) {
      throw new RangeError(`num.io.threads: ${loops} is not between half and double of ${staying}`)
    }
    this.#machine.send({ type: 'resize', loops })
  }

  /** Every loop finishes what it handles; resolves when the last one has ended, or at once when one has died. */
  stop(): Promise<void> {
    this.#stopping ??= new Promise(resolve => {
      this.#stopped = resolve
      this.#machine.send({ type: 'stop' })
    })
    return this.#stopping
  }

  #startLoops(count: number): void {
    for (let i = 0; i < count; i++) this.#startOne(this.#nextId++)
  }

  #startOne(id: number): void {
    this.#staying.add(id)
    this.#options.runner.run(id).then(
      () => this.#ended(id),
      cause => {
        this.#cause ??= cause
        this.#forget(id)
        this.#machine.send({ type: 'loopDied' })
      }
    )
  }

  #dismissLoops(count: number): void {
    const ids = [...this.#staying].slice(-count).reverse()
    for (const id of ids) {
      this.#staying.delete(id)
      this.#leaving.add(id)
    }
    this.#options.runner.dismiss(ids)
  }

  #sendShutdowns(count: number): void {
    for (let i = 0; i < count; i++) this.#options.sendShutdown()
  }

  #ended(id: number): void {
    const type = this.#leaving.has(id) ? 'leaverEnded' : 'loopEnded'
    this.#cause ??= new Bug(`handler loop ${id} ended, and nobody had told it to`)
    this.#forget(id)
    this.#machine.send({ type })
  }

  #forget(id: number): void {
    this.#staying.delete(id)
    this.#leaving.delete(id)
  }
}

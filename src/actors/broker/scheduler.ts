// KafkaScheduler: periodic background work by name. A task that fails is logged and runs again; one that still runs when
// its time comes is not started a second time. After stop() nothing begins any more, and stop() waits for what runs.
import type { Logger } from '../runtime/log.js'
import type { Cancel, Timers } from '../runtime/timers.js'

export class Scheduler {
  readonly #timers: Timers
  readonly #logger: Logger
  readonly #cancels = new Set<Cancel>()
  readonly #running = new Set<Promise<void>>()

  constructor(timers: Timers, logger: Logger) {
    this.#timers = timers
    this.#logger = logger
  }

  /** Times in ms; a period of 2^53 or more never comes. */
  every(name: string, initialDelayMs: number, periodMs: number, task: () => Promise<void> | void): void {
    if (periodMs >= Number.MAX_SAFE_INTEGER) return
    let inTime: Promise<void> | undefined
    const begin = (): void => {
      if (inTime !== undefined) return
      inTime = this.#run(name, task).finally(() => {
        inTime = undefined
      })
    }
    const first = this.#timers.after(initialDelayMs, () => {
      this.#cancels.delete(first)
      begin()
      this.#cancels.add(this.#timers.every(periodMs, begin))
    })
    this.#cancels.add(first)
  }

  async #run(name: string, task: () => Promise<void> | void): Promise<void> {
    const work = (async () => task())().catch(error =>
      this.#logger.error(`uncaught exception in scheduled task '${name}'`, error)
    )
    this.#running.add(work)
    await work
    this.#running.delete(work)
  }

  async stop(): Promise<void> {
    for (const cancel of this.#cancels) cancel()
    this.#cancels.clear()
    await Promise.all(this.#running)
  }
}

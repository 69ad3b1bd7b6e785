// KafkaScheduler: periodic background work by name. A task that fails is logged and runs again. After stop() nothing begins
// any more, and stop() waits for what runs.
import { required } from '../../errors.js'
import { driveMachine, type MachineDriver } from '../runtime/actor.js'
import type { Logger } from '../runtime/log.js'
import type { Cancel, Timers } from '../runtime/timers.js'
import { scheduledTaskMachine } from './scheduled-task.machine.js'
import { schedulerMachine } from './scheduler.machine.js'

interface PeriodicTask {
  readonly name: string
  readonly initialDelayMs: number
  readonly periodMs: number
  readonly work: () => Promise<void> | void
}

export class Scheduler {
  readonly #timers: Timers
  readonly #logger: Logger
  readonly #machine: MachineDriver<typeof schedulerMachine>
  readonly #tasks = new Set<MachineDriver<typeof scheduledTaskMachine>>()
  /** Offered, and neither taken in nor refused yet. */
  readonly #offers: PeriodicTask[] = []
  #waiters: Array<() => void> = []

  constructor(timers: Timers, logger: Logger) {
    this.#timers = timers
    this.#logger = logger
    this.#machine = driveMachine(
      schedulerMachine,
      {
        addTask: () => this.#add(this.#nextOffer()),
        refuseTask: () =>
          this.#logger.info(`${this.#nextOffer().name} is not scheduled: the scheduler is ${this.state}`),
        cancelTasks: () => this.#cancelTasks(),
        reportStopped: () => this.#stopped()
      },
      { name: 'scheduler', atOnce: true }
    )
  }

  /** `running`, `stopping` … */
  get state(): string {
    return this.#machine.state
  }

  start(): void {
    this.#machine.send({ type: 'start' })
  }

  /** Times in ms; a period of 2^53 or more never comes. Ignored unless the scheduler runs. */
  every(name: string, initialDelayMs: number, periodMs: number, work: () => Promise<void> | void): void {
    if (periodMs >= Number.MAX_SAFE_INTEGER) return
    this.#offers.push({ name, initialDelayMs, periodMs, work })
    this.#machine.send({ type: 'taskOffered' })
  }

  /** Resolves when the last task that ran has ended. */
  stop(): Promise<void> {
    return new Promise(resolve => {
      this.#waiters.push(resolve)
      this.#machine.send({ type: 'stop' })
    })
  }

  #nextOffer(): PeriodicTask {
    return required(this.#offers.shift(), 'every offer is one event')
  }

  #add(options: PeriodicTask): void {
    let cancelTimer: Cancel = () => {}
    const task = driveMachine(
      scheduledTaskMachine,
      {
        startTimer: () => {
          cancelTimer = this.#timers.after(options.initialDelayMs, () => {
            cancelTimer = this.#timers.every(options.periodMs, due)
            due()
          })
        },
        stopTimer: () => cancelTimer(),
        beginWork: () => void this.#run(options).then(() => task.send({ type: 'ended' })),
        reportCancelled: () => this.#cancelled(task)
      },
      { name: `scheduledTask.${options.name}`, atOnce: true }
    )
    const due = (): void => task.send({ type: 'due' })
    this.#tasks.add(task)
    task.send({ type: 'schedule' })
  }

  async #run({ name, work }: PeriodicTask): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#logger.error(`uncaught exception in scheduled task '${name}'`, error)
    }
  }

  #cancelTasks(): void {
    if (this.#tasks.size === 0) this.#machine.send({ type: 'allCancelled' })
    for (const task of this.#tasks) task.send({ type: 'cancel' })
  }

  #cancelled(task: MachineDriver<typeof scheduledTaskMachine>): void {
    this.#tasks.delete(task)
    if (this.#tasks.size === 0) this.#machine.send({ type: 'allCancelled' })
  }

  #stopped(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const resolve of waiters) resolve()
  }
}

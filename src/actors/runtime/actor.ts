// Runs a lifecycle machine: events go through XState's pure transition(), the actions that come out are carried out by a
// table from name to deed. The machine decides, the driver acts; the same machine runs in a simulation with other deeds.
import type { AnyStateMachine, EventFromLogic, SnapshotFrom } from 'xstate'
import { initialTransition, transition } from 'xstate'
import { Bug } from '../../errors.js'
import { type Tap, tap as threadTap } from './tap.js'
import { type Cancel, systemTimers, type Timers } from './timers.js'

/** What each action of a machine does; parameters arrive as the machine wrote them. */
export type Perform = Readonly<Record<string, (params: never) => void>>

export interface MachineDriver<M extends AnyStateMachine> {
  readonly name: string
  readonly snapshot: SnapshotFrom<M>
  /** The state as a path, for logs and the inspector: `running`, `starting.logs`. */
  readonly state: string
  /** True inside the named state, also when a nested one is active. */
  is(state: string): boolean
  /** Events sent while actions are being carried out wait for their turn. */
  send(event: EventFromLogic<M>): void
  /** Cancels the delays of the machine; later events are ignored. */
  stop(): void
}

interface ExecutableAction {
  readonly type: string
  readonly params: unknown
}

interface RaiseParams {
  readonly event: { readonly type: string }
  readonly id?: string
  readonly delay?: number
}

export interface DriveOptions {
  readonly name: string
  readonly timers?: Timers
  readonly tap?: Tap
}

export function statePath(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return ''
  return Object.entries(value)
    .map(([key, inner]) => {
      const rest = statePath(inner)
      return rest === '' ? key : `${key}.${rest}`
    })
    .join('+')
}

export function driveMachine<M extends AnyStateMachine>(
  machine: M,
  perform: Perform,
  options: DriveOptions
): MachineDriver<M> {
  return new Driver(machine, perform, options)
}

class Driver<M extends AnyStateMachine> implements MachineDriver<M> {
  readonly name: string
  readonly #machine: M
  readonly #perform: Perform
  readonly #timers: Timers
  readonly #tap: Tap
  readonly #delays = new Map<string, Cancel>()
  readonly #waiting: EventFromLogic<M>[] = []
  #snapshot: SnapshotFrom<M>
  #phase: 'idle' | 'performing' | 'stopped' = 'performing'

  constructor(machine: M, perform: Perform, options: DriveOptions) {
    this.name = options.name
    this.#machine = machine
    this.#perform = perform
    this.#timers = options.timers ?? systemTimers
    this.#tap = options.tap ?? threadTap
    const [snapshot, actions] = initialTransition(machine as AnyStateMachine)
    this.#snapshot = snapshot as SnapshotFrom<M>
    // The owner gets its driver before the first deed: a deed may send events through it.
    queueMicrotask(() => {
      this.#carryOut(actions as readonly ExecutableAction[])
      this.#drain()
    })
  }

  get snapshot(): SnapshotFrom<M> {
    return this.#snapshot
  }

  get state(): string {
    return statePath((this.#snapshot as { value: unknown }).value)
  }

  is(state: string): boolean {
    const path = this.state
    return path === state || path.startsWith(`${state}.`)
  }

  send(event: EventFromLogic<M>): void {
    if (this.#phase === 'stopped') return
    this.#waiting.push(event)
    if (this.#phase === 'idle') this.#drain()
  }

  stop(): void {
    this.#phase = 'stopped'
    this.#waiting.length = 0
    for (const cancel of this.#delays.values()) cancel()
    this.#delays.clear()
  }

  #drain(): void {
    if (this.#phase === 'stopped') return
    this.#phase = 'performing'
    for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift())
      this.#step(event)
    if (!this.#isStopped()) this.#phase = 'idle'
  }

  /** A deed may have stopped this driver meanwhile; the compiler cannot know. */
  #isStopped(): boolean {
    return this.#phase === 'stopped'
  }

  #step(event: EventFromLogic<M>): void {
    const from = this.#tap.listening ? this.state : ''
    const [next, executable] = transition(this.#machine, this.#snapshot as never, event as never)
    const actions = executable as readonly ExecutableAction[]
    this.#snapshot = next as SnapshotFrom<M>
    if (this.#tap.listening) {
      const names = actions.map(({ type }) => type)
      this.#tap.transition({ actor: this.name, event: event.type, from, to: this.state, actions: names })
    }
    this.#carryOut(actions)
  }

  #carryOut(actions: readonly ExecutableAction[]): void {
    for (const { type, params } of actions) {
      if (type === 'xstate.raise') this.#delay(params as RaiseParams)
      else if (type === 'xstate.cancel') this.#cancel((params as { sendId: string }).sendId)
      else {
        const deed = this.#perform[type]
        if (deed === undefined) throw new Bug(`${this.name}: nobody carries out the action ${type}`)
        deed(params as never)
      }
    }
  }

  #delay({ event, id, delay }: RaiseParams): void {
    if (delay === undefined) throw new Bug(`${this.name}: ${event.type} has no delay`)
    const key = id ?? event.type
    this.#cancel(key)
    this.#delays.set(
      key,
      this.#timers.after(delay, () => {
        this.#delays.delete(key)
        this.send(event as EventFromLogic<M>)
      })
    )
  }

  #cancel(id: string): void {
    this.#delays.get(id)?.()
    this.#delays.delete(id)
  }
}

// Runs a lifecycle machine: events go through XState's pure transition(), the actions that come out are carried out by a
// table from name to deed. The machine decides, the driver acts; the same machine runs in a simulation with other deeds.
import type { AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom, StateNode } from 'xstate'
import { Bug, invariant } from '../../errors.js'
import { type SteppedAction, Stepper } from './stepper.js'
import type { Tap } from './tap.js'
import { type Cancel, systemTimers, type Timers } from './timers.js'

export { statePath } from './stepper.js'

/** What each action of a machine does; parameters arrive as the machine wrote them, then the event that led here. */
export type Perform = Readonly<Record<string, (params: never, event: never) => void>>

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

export interface DriveOptions<Input = unknown> {
  /** The actor's name, in the tap and in errors. */
  readonly name: string
  readonly input?: Input
  readonly timers?: Timers
  readonly tap?: Tap
  /** The first state's deeds do not need the driver: events are acted on before driveMachine() has returned, too. */
  readonly atOnce?: boolean
}

interface RaiseParams {
  readonly event: { readonly type: string }
  readonly id?: string
  readonly delay?: number
}

/**
 * The entry actions of the first state are carried out in a microtask (see `atOnce`), so that the owner has its driver
 * before the first deed. A deed that throws leaves the machine in its new state; the error reaches the sender.
 */
export function driveMachine<M extends AnyStateMachine>(
  machine: M,
  perform: Perform,
  options: DriveOptions<InputFrom<M>>
): MachineDriver<M> {
  requireDelays(machine)
  return new Driver(machine, perform, options)
}

class Driver<M extends AnyStateMachine> implements MachineDriver<M> {
  readonly name: string
  readonly #life: Stepper<M>
  readonly #perform: Perform
  readonly #timers: Timers
  readonly #delays = new Map<string, Cancel>()
  readonly #waiting: EventFromLogic<M>[] = []
  #phase: 'idle' | 'performing' | 'stopped' = 'performing'

  constructor(machine: M, perform: Perform, options: DriveOptions<InputFrom<M>>) {
    this.name = options.name
    this.#life = new Stepper(machine, options.name, options.input, options.tap)
    this.#perform = perform
    this.#timers = options.timers ?? systemTimers
    const begin = (): void => this.#begin()
    if (options.atOnce === true) begin()
    else queueMicrotask(begin)
  }

  get snapshot(): SnapshotFrom<M> {
    return this.#life.snapshot
  }

  get state(): string {
    return this.#life.state
  }

  is(state: string): boolean {
    return this.state.split('+').some(path => path === state || path.startsWith(`${state}.`))
  }

  send(event: EventFromLogic<M>): void {
    if (this.#isStopped()) return
    this.#waiting.push(event)
    if (this.#phase === 'idle') this.#drain()
  }

  stop(): void {
    this.#phase = 'stopped'
    this.#waiting.length = 0
    for (const cancel of this.#delays.values()) cancel()
    this.#delays.clear()
  }

  #begin(): void {
    if (this.#isStopped()) return
    try {
      this.#carryOut(this.#life.begin(), { type: 'xstate.init' })
    } finally {
      if (!this.#isStopped()) this.#phase = 'idle'
    }
    if (!this.#isStopped()) this.#drain()
  }

  #drain(): void {
    this.#phase = 'performing'
    try {
      for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
        this.#step(event)
      }
    } finally {
      if (!this.#isStopped()) this.#phase = 'idle'
    }
  }

  /** A deed may have stopped this driver meanwhile; the compiler cannot know. */
  #isStopped(): boolean {
    return this.#phase === 'stopped'
  }

  #step(event: EventFromLogic<M>): void {
    this.#carryOut(this.#life.step(event), event)
  }

  #carryOut(actions: readonly SteppedAction[], event: { readonly type: string }): void {
    for (const { type, params } of actions) {
      if (this.#isStopped()) return
      if (type === 'xstate.raise') this.#delay(params as RaiseParams)
      else if (type === 'xstate.cancel') this.#cancel((params as { sendId: string }).sendId)
      else {
        const deed = this.#perform[type]
        if (deed === undefined) throw new Bug(`${this.name}: nobody carries out the action ${type}`)
        deed(params as never, event as never)
      }
    }
  }

  #delay({ event, id, delay }: RaiseParams): void {
    if (delay === undefined) throw new Bug(`${this.name}: ${event.type} has no delay`)
    const key = id ?? event.type
    this.#cancel(key)
    const cancel = this.#timers.after(delay, () => {
      this.#delays.delete(key)
      this.send(event as EventFromLogic<M>)
    })
    this.#delays.set(key, cancel)
  }

  #cancel(id: string): void {
    this.#delays.get(id)?.()
    this.#delays.delete(id)
  }
}

/** A named delay without an entry in `delays` would fire at once: it has to be found before anything runs. */
function requireDelays(machine: AnyStateMachine): void {
  const known = machine.implementations.delays ?? {}
  const visit = (node: Pick<StateNode, 'after' | 'states' | 'id'>): void => {
    for (const { delay } of node.after) {
      invariant(
        typeof delay !== 'string' || delay in known,
        `${node.id}: the delay ${delay} has no entry in delays`
      )
    }
    for (const child of Object.values(node.states)) visit(child)
  }
  visit(machine.root)
}

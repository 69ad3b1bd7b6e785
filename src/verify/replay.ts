// Runs what was recorded once more, on the machines: every entry has to be what its machine does then. Divergences are named;
// what a trace cannot say (overwritten, died with its thread, parameters that were not recorded) is counted, never assumed.
import type { AnyStateMachine } from 'xstate'
import {
  entriesOf,
  joinedEvent,
  type ThreadTrace,
  type TracedActor,
  type TraceEntry,
  unrecordedKey
} from '../actors/runtime/trace.js'
import { ExecutedMachine, type Outcome } from './executed-machine.js'
import { machines as allMachines } from './machines.js'
import { type MachineCoverage, SeenTransitions } from './replay-coverage.js'
import { type JointState, JointStates } from './replay-joint.js'

export interface Divergence {
  readonly thread: number
  readonly actor: string
  /** The entry's place in its thread. */
  readonly number: number
  readonly event: string
  readonly from: string
  /** Which part of the entry is not what the machine does. */
  readonly what: 'machine' | 'order' | 'beginning' | 'event' | 'from' | 'to' | 'actions' | 'context'
  readonly expected: string
  readonly recorded: string
}

export interface Gap {
  readonly thread: number
  readonly why: 'overwritten' | NonNullable<ThreadTrace['missing']>
  /** Entries, where that is known. */
  readonly entries: number
}

export interface ReplayReport {
  readonly entries: number
  readonly actors: number
  readonly divergences: readonly Divergence[]
  readonly gaps: readonly Gap[]
  /** Lives that are replayed from the middle on: their beginning was overwritten, or recording was off. */
  readonly resumed: number
  /** Entries with several possible outcomes, since the machine read what was not recorded: each was taken as it is. */
  readonly unchecked: number
  /** Entries whose machine says that their event has no place there: "actor: event in state". */
  readonly illegal: readonly string[]
  /** By machine. */
  readonly coverage: ReadonlyMap<string, MachineCoverage>
  /** What connections were in: channel, mute state, exchange. */
  readonly joint: ReadonlyMap<string, JointState>
}

/** `machines`: others than those that run, for tests. */
export function replay(
  traces: readonly ThreadTrace[],
  machines: ReadonlyMap<string, AnyStateMachine> = allMachines
): ReplayReport {
  const run = new Replay(machines)
  for (const trace of traces) run.thread(trace)
  return run.report()
}

/** "thread 1, entry 12, channel.3: 'peerGone' in open: expected to 'closed', recorded 'open'" */
export function divergenceText(divergence: Divergence): string {
  const { thread, actor, number, event, from, what, expected, recorded } = divergence
  return `thread ${thread}, entry ${number}, ${actor}: '${event}' in '${from}': expected ${what} '${expected}', recorded '${recorded}'`
}

/** One actor, as far as it has been replayed. */
interface Life {
  machine: ExecutedMachine | undefined
  /** Undefined: not known, since nothing was recorded from which it follows. */
  state: number | undefined
  path: string | undefined
}

class Replay {
  readonly #machines: ReadonlyMap<string, AnyStateMachine>
  readonly #executed = new Map<string, ExecutedMachine>()
  readonly #guesses = new WeakSet<Outcome>()
  readonly #lives = new Map<string, Life>()
  readonly #divergences: Divergence[] = []
  readonly #gaps: Gap[] = []
  readonly #illegal: string[] = []
  readonly #seen = new SeenTransitions()
  readonly #joint: JointStates
  #entries = 0
  #resumed = 0
  #unchecked = 0

  constructor(machines: ReadonlyMap<string, AnyStateMachine>) {
    this.#machines = machines
    this.#joint = new JointStates(machines)
  }

  thread(trace: ThreadTrace): void {
    const { thread, missing, overwritten } = trace
    if (missing !== undefined) this.#gaps.push({ thread, why: missing, entries: 0 })
    const lost = overwritten.lifecycle + overwritten.all
    if (lost > 0) this.#gaps.push({ thread, why: 'overwritten', entries: lost })
    let before: TraceEntry | undefined
    for (const entry of entriesOf(trace)) {
      this.#entries++
      if (before !== undefined && (entry.atMs < before.atMs || entry.number <= before.number))
        this.#diverges(entry, 'order', `after ${placeOf(before)}`, placeOf(entry))
      before = entry
      this.#entry(entry, overwritten[entry.actor.level] > 0)
      this.#joint.saw(entry)
    }
    this.#joint.endOfThread(before?.atMs ?? 0)
  }

  report(): ReplayReport {
    return {
      entries: this.#entries,
      actors: this.#lives.size,
      divergences: this.#divergences,
      gaps: this.#gaps,
      resumed: this.#resumed,
      unchecked: this.#unchecked,
      illegal: this.#illegal,
      coverage: this.#seen.coverage(this.#machines),
      joint: this.#joint.seen
    }
  }

  #entry(entry: TraceEntry, mayBeginLate: boolean): void {
    const { actor, step } = entry
    const key = `${entry.thread}/${actor.number}`
    let life = this.#lives.get(key)
    if (life === undefined) {
      life = { machine: undefined, state: undefined, path: undefined }
      this.#lives.set(key, life)
      if (!this.#begins(entry, life, mayBeginLate)) return
    } else if (step.event === joinedEvent || step.event === 'xstate.init') {
      if (step.event === 'xstate.init') this.#diverges(entry, 'beginning', 'one beginning', step.event)
      this.#resumeAt(entry, life)
      return
    }
    if (step.event !== 'xstate.init') this.#follow(entry, life)
    if (step.actions.includes('illegal')) this.#illegal.push(`${actor.name}: ${step.event} in ${step.from}`)
  }

  /** False: there is nothing more to say about the entry. */
  #begins(entry: TraceEntry, life: Life, mayBeginLate: boolean): boolean {
    const { actor, step, data } = entry
    if (step.event === 'xstate.init') {
      const machine = this.#machine(actor, data)
      if (machine === undefined) {
        this.#diverges(entry, 'machine', 'one that runs', actor.machine)
        return false
      }
      life.machine = machine
      this.#compare(entry, life, { state: machine.initial, asked: machine.initiallyAsked })
      return true
    }
    if (step.event !== joinedEvent && !mayBeginLate)
      this.#diverges(entry, 'beginning', 'xstate.init', step.event)
    this.#resumeAt(entry, life)
    return false
  }

  #follow(entry: TraceEntry, life: Life): void {
    const { step } = entry
    const { machine, state, path } = life
    if (path !== undefined && path !== step.from) {
      this.#diverges(entry, 'from', path, step.from)
      this.#resumeAt(entry, life, 'quietly')
      return
    }
    if (machine === undefined || state === undefined) {
      this.#resumeAt(entry, life)
      return
    }
    this.#seen.add(machine.id, step.from, step.event)
    const arrives = step.event.startsWith('xstate.after.')
      ? machine.delayed(state).includes(step.event)
      : this.#knows(machine.id, step.event)
    if (!arrives) this.#diverges(entry, 'event', 'one that may come here', step.event)
    const outcome = this.#outcome(machine, state, entry)
    if (outcome === undefined) {
      this.#unchecked++
      this.#resumeAt(entry, life, 'quietly')
    } else this.#compare(entry, life, outcome)
  }

  /** Undefined: the machine read a parameter that was not recorded. */
  #outcome(machine: ExecutedMachine, state: number, { step, data }: TraceEntry): Outcome | undefined {
    if (data === undefined) return machine.step(state, step.event)
    const { [unrecordedKey]: hidden = [], ...parameters } = JSON.parse(data) as Record<string, unknown> & {
      readonly [unrecordedKey]?: readonly string[]
    }
    const event = { type: step.event, ...parameters }
    let missed = false
    for (const key of hidden)
      Object.defineProperty(event, key, {
        get() {
          missed = true
        }
      })
    try {
      const outcome = machine.step(state, event)
      // The machine answers the same question from memory, without reading again.
      if (missed) this.#guesses.add(outcome)
      return this.#guesses.has(outcome) ? undefined : outcome
    } catch (error) {
      if (missed) return undefined
      throw error
    }
  }

  #compare(entry: TraceEntry, life: Life, { state, asked }: Pick<Outcome, 'state' | 'asked'>): void {
    const { machine } = life
    if (machine === undefined) return
    const { step, context } = entry
    const asks = asked.join(', ')
    const differ = ([what, expected, recorded]: readonly [Divergence['what'], string, string]): boolean => {
      if (expected === recorded) return false
      this.#diverges(entry, what, expected, recorded)
      return true
    }
    const differences = (
      [
        ['to', machine.name(state), step.to],
        ['actions', asks, step.actions.join(', ')],
        ['context', contextOf(machine, state) ?? 'none', context ?? 'none']
      ] as const
    ).filter(differ)
    if (differences.length > 0) this.#resumeAt(entry, life, 'quietly')
    else {
      life.state = state
      life.path = step.to
    }
  }

  /** Goes on from where the entry says that it led. */
  #resumeAt({ actor, step, context, data }: TraceEntry, life: Life, how?: 'quietly'): void {
    if (how === undefined) this.#resumed++
    const machine = life.machine ?? this.#machine(actor, step.event === 'xstate.init' ? data : undefined)
    life.machine = machine
    life.path = step.to
    life.state = undefined
    if (machine === undefined) return
    try {
      const known = context === undefined ? undefined : (JSON.parse(context) as unknown)
      if (known === undefined && contextOf(machine, machine.initial) !== undefined) return
      life.state = machine.resume(step.to, known)
    } catch {
      // No such state: that was named where it was recorded.
      life.state = undefined
    }
  }

  #machine(actor: TracedActor, input: string | undefined): ExecutedMachine | undefined {
    const machine = this.#machines.get(actor.machine)
    if (machine === undefined) return undefined
    const key = `${actor.machine} ${input ?? ''}`
    let executed = this.#executed.get(key)
    // Where the input was overwritten the context that it led to is recorded with every entry.
    executed ??= new ExecutedMachine(machine, input === undefined ? {} : JSON.parse(input))
    this.#executed.set(key, executed)
    return executed
  }

  #knows(machine: string, event: string): boolean {
    return this.#machines.get(machine)?.events.includes(event) === true
  }

  #diverges(entry: TraceEntry, what: Divergence['what'], expected: string, recorded: string): void {
    const { thread, number, actor, step } = entry
    const { event, from } = step
    this.#divergences.push({ thread, actor: actor.name, number, event, from, what, expected, recorded })
  }
}

const placeOf = ({ number, atMs }: TraceEntry): string => `entry ${number} at ${atMs.toFixed(3)} ms`

function contextOf(machine: ExecutedMachine, state: number): string | undefined {
  const context = machine.context(state)
  return Object.keys(context as object).length === 0 ? undefined : JSON.stringify(context)
}

// One viewer's knowledge: which actors it has been told of and where they are, so that steps it has missed (overwritten, too
// many at once) become one snapshot that says so, and never a state that nothing leads to.
import type { AnyStateMachine } from 'xstate'
import { entriesOf, joinedEvent, type ThreadTrace, type TraceEntry } from '../../actors/runtime/trace.js'
import {
  definitionOf,
  type InspectedEvent,
  type InspectionEvent,
  protocolVersion,
  snapshotOf
} from './stately-events.js'

/** An actor as somebody has seen it. */
export interface SeenActor {
  readonly thread: number
  readonly machine: string
  readonly name: string
  /** Of its thread's tap. */
  readonly number: number
  readonly state: string
}

export interface StatelyViewOptions {
  readonly machines: ReadonlyMap<string, AnyStateMachine>
  /** Which actors besides the broker's own. */
  readonly wanted: (name: string, machine: string) => boolean
  /** Wall clock minus the clock of the trace, ms. */
  readonly wallMs: number
}

/** The type of an event that stands for steps which the viewer was not told. */
export const skippedEvent = 'odradek.skipped'

const rootMachine = 'broker'

interface Known {
  readonly session: string
  state: string
}

export class StatelyView {
  readonly #options: StatelyViewOptions
  readonly #known = new Map<string, Known>()
  readonly #definitions = new Map<string, string>()
  readonly #told = new Map<number, number>()
  #root = 'x:broker'
  #updates = 0

  constructor(options: StatelyViewOptions) {
    this.#options = options
  }

  /** By thread: the number of the newest entry that it has been told. */
  toldOf(thread: number): number {
    return this.#told.get(thread) ?? 0
  }

  /**
   * Who is there when it begins: those who live, and what the traces say of them besides. `past`: so many of the newest
   * steps are told, too.
   */
  *begin(
    living: readonly SeenActor[],
    traces: readonly ThreadTrace[],
    past: number
  ): Generator<InspectionEvent> {
    const entries = traces.flatMap(trace => [...entriesOf(trace)]).sort((a, b) => a.atMs - b.atMs)
    const before = entries.slice(0, Math.max(0, entries.length - past))
    const told = entries.slice(before.length)
    const seen = new Map(living.map(actor => [keyOf(actor.thread, actor.number), actor]))
    for (const entry of before) seen.set(keyOfEntry(entry), seenAfter(entry))
    // Backwards, so that the oldest step that is told says where each of them was before it.
    for (const entry of told.toReversed()) {
      const { from } = entry.step
      if (from === '') seen.delete(keyOfEntry(entry))
      else seen.set(keyOfEntry(entry), { ...seenAfter(entry), state: from })
    }
    const nowMs = entries.at(-1)?.atMs ?? 0
    const root = [...seen.values()].find(({ machine }) => machine === rootMachine)
    if (root !== undefined) this.#root = sessionOf(root.thread, root.number)
    const lasting = [...seen.values()].filter(
      ({ machine, state }) => snapshotOf(this.#machine(machine), state, undefined).status === 'active'
    )
    for (const actor of lasting.sort((a, b) => Number(b === root) - Number(a === root)))
      yield* this.#actor(actor, undefined, nowMs)
    for (const entry of told) yield* this.#step(entry)
    for (const trace of traces) this.#heard(trace)
  }

  /** What is new in the traces, in the order of each thread. */
  *follow(traces: readonly ThreadTrace[]): Generator<InspectionEvent> {
    for (const trace of traces) {
      const told = this.toldOf(trace.thread)
      for (const entry of entriesOf(trace)) if (entry.number > told) yield* this.#step(entry)
      this.#heard(trace)
    }
  }

  #heard({ thread, numbers }: ThreadTrace): void {
    this.#told.set(thread, Math.max(this.toldOf(thread), numbers.at(-1) ?? 0))
  }

  *#step(entry: TraceEntry): Generator<InspectionEvent> {
    const { actor, step, context, thread, atMs } = entry
    const machine = this.#machine(actor.machine)
    const key = keyOfEntry(entry)
    const isNew = !this.#known.has(key)
    const isBegin = step.event === joinedEvent || step.from === ''
    // Who is over and gets another event was told already, and is not told again.
    if (isNew && !isBegin && snapshotOf(machine, step.from, undefined).status === 'done') return
    if (isNew) {
      const state = isBegin ? step.to : step.from
      yield* this.#actor({ ...actor, thread, state }, isBegin ? context : undefined, atMs)
    }
    const known = this.#known.get(key)
    if (known === undefined) return
    if (!isBegin && known.state !== step.from)
      yield this.#snapshot(known, { type: skippedEvent }, entry, step.from)
    if (step.event !== joinedEvent || known.state !== step.to) {
      const event = step.event === joinedEvent ? { type: skippedEvent } : eventOf(entry)
      if (step.event !== joinedEvent)
        yield { type: '@xstate.event', ...this.#inspected(known.session, atMs), event, sourceId: undefined }
      yield this.#snapshot(known, event, entry, step.to)
    }
    known.state = step.to
    if (snapshotOf(machine, step.to, undefined).status === 'done') this.#known.delete(key)
  }

  *#actor(actor: SeenActor, context: string | undefined, atMs: number): Generator<InspectionEvent> {
    const { machine, name, thread, number, state } = actor
    const session = sessionOf(thread, number)
    const isRoot = machine === rootMachine
    if (!isRoot && !this.#options.wanted(name, machine)) return
    this.#known.set(keyOf(thread, number), { session, state })
    yield {
      type: '@xstate.actor',
      ...this.#inspected(session, atMs),
      name,
      definition: this.#definition(machine),
      parentId: isRoot ? undefined : this.#root,
      snapshot: snapshotOf(this.#machine(machine), state, context)
    }
  }

  #snapshot({ session }: Known, event: InspectedEvent, entry: TraceEntry, state: string): InspectionEvent {
    const context = state === entry.step.to ? entry.context : undefined
    const snapshot = snapshotOf(this.#machine(entry.actor.machine), state, context)
    return { type: '@xstate.snapshot', ...this.#inspected(session, entry.atMs), event, snapshot }
  }

  #inspected(sessionId: string, atMs: number) {
    return {
      _version: protocolVersion,
      createdAt: String(Math.round(atMs + this.#options.wallMs)),
      id: String(++this.#updates),
      sessionId,
      rootId: this.#root
    } as const
  }

  #machine(id: string): AnyStateMachine | undefined {
    return this.#options.machines.get(id)
  }

  #definition(id: string): string {
    const known = this.#definitions.get(id)
    if (known !== undefined) return known
    const definition = definitionOf(this.#machine(id), id)
    this.#definitions.set(id, definition)
    return definition
  }
}

const keyOf = (thread: number, number: number): string => `${thread} ${number}`
const keyOfEntry = ({ thread, actor }: TraceEntry): string => keyOf(thread, actor.number)
const sessionOf = (thread: number, number: number): string => `x:${thread}:${number}`

function seenAfter({ thread, actor, step }: TraceEntry): SeenActor {
  const { machine, name, number } = actor
  return { thread, machine, name, number, state: step.to }
}

function eventOf({ step, data }: TraceEntry): InspectedEvent {
  // The first entry of a life has the machine's input as its data.
  const parameters: unknown = data === undefined ? undefined : JSON.parse(data)
  if (step.from === '')
    return { type: step.event, ...(parameters === undefined ? {} : { input: parameters }) }
  return { ...(parameters as Readonly<Record<string, unknown>> | undefined), type: step.event }
}

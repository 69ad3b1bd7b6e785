// What actors did, as data: each entry is one step of one actor. A thread's trace travels as columns over tables of what
// repeats, so that a hundred thousand entries are a handful of arrays to copy.

/** off; lifecycle: what is driven (runtime/actor.ts); all: per-connection and per-request machines too. */
export type TraceLevel = 'off' | 'lifecycle' | 'all'

/** A life, once a thread. */
export interface TracedActor {
  /** The machine's id. */
  readonly machine: string
  /** Machine and instance: `processor.0.PLAINTEXT`, `handler.3`. */
  readonly name: string
  /** Distinguishes actors of one name that lived on the same thread. */
  readonly number: number
  readonly level: Exclude<TraceLevel, 'off'>
}

/** One kind of step; many entries share it. */
export interface TracedStep {
  readonly event: string
  /** State paths; '' before the first state. */
  readonly from: string
  readonly to: string
  /** Names of the actions that the step asks for, in order. */
  readonly actions: readonly string[]
}

/** Not an event: the trace of the actor begins in the middle, or goes on after it was switched off. */
export const joinedEvent = 'tap.joined'
/** Key of recorded data that lists the parameters which were not recorded. */
export const unrecordedKey = '…'

export interface TraceEntry {
  readonly thread: number
  /** Its place among all entries of the thread, from 1. */
  readonly number: number
  /** Monotonic, comparable between the threads of a process. */
  readonly atMs: number
  readonly actor: TracedActor
  readonly step: TracedStep
  /** The event's parameters as JSON; for the first entry of an actor the machine's input. */
  readonly data: string | undefined
  /** The machine's context afterwards as JSON, where it has one. */
  readonly context: string | undefined
}

/** Plain data. `missing`: the thread died with what it had recorded. */
export interface ThreadTrace {
  readonly thread: number
  readonly missing?: 'died' | 'never answered'
  /** Entries that newer ones have taken the place of, by level. */
  readonly overwritten: Readonly<Record<Exclude<TraceLevel, 'off'>, number>>
  readonly actors: readonly TracedActor[]
  readonly steps: readonly TracedStep[]
  readonly texts: readonly string[]
  readonly numbers: Float64Array
  readonly timesMs: Float64Array
  readonly actorOf: Uint32Array
  readonly stepOf: Uint32Array
  /** Index into `texts`, plus 1; 0 = none. */
  readonly dataOf: Uint32Array
  readonly contextOf: Uint32Array
}

/** What of a trace is wanted by who has read some of it already. */
export interface TraceSince {
  /** By thread: the number of the last entry that was read. */
  after(thread: number): number
  /** Of each thread and level the newest so many. */
  readonly most: number
}

/** The trace of a thread that says nothing any more. */
export function missingTrace(thread: number, missing: NonNullable<ThreadTrace['missing']>): ThreadTrace {
  return { ...packTrace(thread, [], { lifecycle: 0, all: 0 }), missing }
}

/** `entries` in the order of their numbers. */
export function packTrace(
  thread: number,
  entries: readonly Omit<TraceEntry, 'thread'>[],
  overwritten: ThreadTrace['overwritten']
): ThreadTrace {
  const actors = new Numbered<TracedActor>()
  const steps = new Numbered<TracedStep>()
  const texts = new Numbered<string>()
  const count = entries.length
  const trace = {
    numbers: new Float64Array(count),
    timesMs: new Float64Array(count),
    actorOf: new Uint32Array(count),
    stepOf: new Uint32Array(count),
    dataOf: new Uint32Array(count),
    contextOf: new Uint32Array(count)
  }
  entries.forEach(({ number, atMs, actor, step, data, context }, i) => {
    trace.numbers[i] = number
    trace.timesMs[i] = atMs
    trace.actorOf[i] = actors.of(actor)
    trace.stepOf[i] = steps.of(step)
    trace.dataOf[i] = data === undefined ? 0 : texts.of(data) + 1
    trace.contextOf[i] = context === undefined ? 0 : texts.of(context) + 1
  })
  const plain = actors.all.map(({ machine, name, number, level }) => ({ machine, name, number, level }))
  return { thread, overwritten, actors: plain, steps: steps.all, texts: texts.all, ...trace }
}

/** In the order in which the thread did it. */
export function* entriesOf(trace: ThreadTrace): Generator<TraceEntry> {
  const { thread, actors, steps, texts } = trace
  for (let i = 0; i < trace.numbers.length; i++) {
    const actor = actors[trace.actorOf[i] ?? -1]
    const step = steps[trace.stepOf[i] ?? -1]
    if (actor === undefined || step === undefined) continue
    yield {
      thread,
      number: trace.numbers[i] ?? 0,
      atMs: trace.timesMs[i] ?? 0,
      actor,
      step,
      data: texts[(trace.dataOf[i] ?? 0) - 1],
      context: texts[(trace.contextOf[i] ?? 0) - 1]
    }
  }
}

/** Things in the order in which they were first asked for. */
class Numbered<T> {
  readonly all: T[] = []
  readonly #numbers = new Map<T, number>()

  of(thing: T): number {
    const known = this.#numbers.get(thing)
    if (known !== undefined) return known
    this.#numbers.set(thing, this.all.length)
    return this.all.push(thing) - 1
  }
}

// The recorded window of a broker, to go back and forth in: what each actor was doing at a time, and the steps before it.
import { entriesOf, joinedEvent, type ThreadTrace, type TraceEntry } from '../../actors/runtime/trace.js'
import type { TransitionSnapshot } from '../snapshot.js'

export interface RecordedActor {
  readonly thread: number
  readonly machine: string
  readonly name: string
  readonly number: number
  /** '' before its first step. */
  readonly state: string
}

/** Times are wall clock, ms since the epoch. */
export interface Recording {
  readonly lives: readonly RecordedLife[]
  readonly fromMs: number
  readonly toMs: number
  /** Threads of which nothing is there, with why. */
  readonly missing: readonly string[]
  /** Entries that newer ones have taken the place of. */
  readonly overwritten: number
  /** What lived by then, in the order of thread, machine and name. */
  actorsAt(atMs: number): readonly RecordedActor[]
  /** Up to that time, newest last. */
  stepsOf(actor: ActorKey, atMs: number, most: number): readonly TransitionSnapshot[]
  /** Of that actor, or of any: the nearest times of a step before and after. */
  around(actor: ActorKey | undefined, atMs: number): { readonly before?: number; readonly after?: number }
}

export interface ActorKey {
  readonly thread: number
  readonly name: string
  /** Absent: the last one of that name. */
  readonly number?: number
}

/** `entries`: at times of the wall clock, oldest first. */
export interface RecordedLife {
  readonly thread: number
  readonly machine: string
  readonly name: string
  readonly number: number
  readonly entries: readonly TraceEntry[]
}

interface Life extends RecordedLife {
  readonly entries: TraceEntry[]
}

/** `wallMs`: wall clock minus the clock of the trace. */
export function recordingOf(traces: readonly ThreadTrace[], wallMs: number): Recording {
  const lives = new Map<string, Life>()
  const times: number[] = []
  for (const trace of traces)
    for (const traced of entriesOf(trace)) {
      const entry = { ...traced, atMs: traced.atMs + wallMs }
      const { machine, name, number } = entry.actor
      const key = `${trace.thread} ${number} ${name}`
      const life = lives.get(key) ?? { thread: trace.thread, machine, name, number, entries: [] }
      lives.set(key, life)
      life.entries.push(entry)
      times.push(entry.atMs)
    }
  times.sort((a, b) => a - b)
  const all = [...lives.values()].sort(byPlace)
  const find = ({ thread, name, number }: ActorKey): Life | undefined =>
    all.findLast(
      each => each.thread === thread && each.name === name && (number ?? each.number) === each.number
    )
  return {
    lives: all,
    fromMs: times[0] ?? 0,
    toMs: times.at(-1) ?? 0,
    missing: traces.flatMap(({ thread, missing }) =>
      missing === undefined ? [] : [`thread ${thread} ${missing}`]
    ),
    overwritten: traces.reduce((sum, { overwritten }) => sum + overwritten.lifecycle + overwritten.all, 0),
    actorsAt: atMs => all.flatMap(life => at(life, atMs)),
    stepsOf: (actor, atMs, most) => {
      const { entries = [] } = find(actor) ?? {}
      const end = upTo(entries, atMs)
      return entries.slice(Math.max(0, end - most), end).map(transitionOf)
    },
    around: (actor, atMs) => {
      const own = actor === undefined ? times : (find(actor)?.entries ?? []).map(entry => entry.atMs)
      const before = own.findLast(time => time < atMs)
      const after = own.find(time => time > atMs)
      return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }
    }
  }
}

const byPlace = (a: Life, b: Life): number =>
  a.thread - b.thread || compare(a.machine, b.machine) || compare(a.name, b.name) || a.number - b.number
const compare = (a: string, b: string): number => (a === b ? 0 : a.localeCompare(b, 'en', { numeric: true }))

/** How many entries are not later; the oldest ones come first. */
function upTo(entries: readonly TraceEntry[], atMs: number): number {
  let [low, high] = [0, entries.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((entries[middle]?.atMs ?? 0) <= atMs) low = middle + 1
    else high = middle
  }
  return low
}

function at({ thread, machine, name, number, entries }: Life, atMs: number): RecordedActor[] {
  const end = upTo(entries, atMs)
  const last = entries[end - 1]
  const first = entries[0]
  if (last !== undefined) return [{ thread, machine, name, number, state: last.step.to }]
  // Before its oldest entry that is left it was in the state from which that one leads, unless it began there.
  if (first === undefined || first.step.from === '') return []
  return [{ thread, machine, name, number, state: first.step.from }]
}

function transitionOf({ atMs, step, data }: TraceEntry): TransitionSnapshot {
  const { event, from, to, actions } = step
  const said = event === joinedEvent ? 'recording begins' : event
  return { atMs, event: said, from, to, actions, ...(data === undefined ? {} : { data }) }
}

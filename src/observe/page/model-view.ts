// What the page needs to show the model: every machine as a picture, ways through the models that come with the package, and
// the steps of a recording in the order in which they were made.
import type { AnyStateMachine } from 'xstate'
import { joinedEvent, type TraceEntry } from '../../actors/runtime/trace.js'
import type { WayFile } from '../../verify/way-file.js'
import type { TransitionSnapshot } from '../snapshot.js'
import { packageFile } from './package-file.js'
import type { Recording } from './recording.js'
import { matcher } from './rows.js'
import { type Chart, chartsOf, type Way, waysFrom } from './statechart.js'

export interface MachineAnswer {
  readonly id: string
  /** What there is of that path; '' where there is no such state. */
  readonly state: string
  readonly charts: readonly Chart[]
  readonly ways: readonly Way[]
}

/** undefined: there is no such machine. */
export function machineAnswer(
  machines: ReadonlyMap<string, AnyStateMachine>,
  id: string,
  path: string
): MachineAnswer | undefined {
  const machine = machines.get(id)
  if (machine === undefined) return undefined
  const state = hasState(machine, path) ? path : ''
  return { id, state, charts: chartsOf(machine, state), ways: state === '' ? [] : waysFrom(machine, state) }
}

function hasState(machine: AnyStateMachine, path: string): boolean {
  let at: AnyStateMachine['root'] | undefined = machine.root
  for (const key of path.split('.')) at = at?.states[key]
  return at !== undefined
}

/** Those of diagrams/ways.json, by `<model>: <sentence>`. */
export async function waysOfPackage(): Promise<ReadonlyMap<string, WayFile>> {
  const text = await packageFile('diagrams/ways.json')
  const ways = text === undefined ? [] : (JSON.parse(text) as readonly WayFile[])
  return new Map(ways.map(way => [`${way.model}: ${way.says}`, way]))
}

/** Steps of a recording to be played. Actors are named by thread and number, since names may come again. */
export interface RecordedWay {
  readonly odradek: 'recording'
  readonly actors: readonly RecordedPart[]
  /** Oldest first. */
  readonly steps: readonly RecordedStep[]
  /** Older ones that are left out. */
  readonly left: number
}

export interface RecordedPart {
  readonly id: string
  readonly thread: number
  readonly machine: string
  readonly name: string
  /** Before the first step; '' where its life begins with it. */
  readonly state: string
}

/** Times are wall clock, ms since the epoch. */
export interface RecordedStep extends TransitionSnapshot {
  readonly actor: string
}

const mostSteps = 1000

/** The newest of the actors whose name or machine has the words of `q`. */
export function recordedWay({ lives }: Recording, query: URLSearchParams): RecordedWay {
  const wanted = matcher(query.get('q'))
  const entries = lives
    .filter(({ name, machine }) => wanted(name, machine))
    .flatMap(life => life.entries)
    .sort((a, b) => a.atMs - b.atMs || a.thread - b.thread || a.number - b.number)
  const shown = entries.slice(-mostSteps)
  const actors = new Map<string, RecordedPart>()
  for (const { thread, actor, step } of shown) {
    const id = idOf(thread, actor.number)
    if (actors.has(id)) continue
    const { machine, name } = actor
    const state = step.event === joinedEvent ? step.to : step.from
    actors.set(id, { id, thread, machine, name, state })
  }
  return {
    odradek: 'recording',
    actors: [...actors.values()],
    steps: shown.map(stepOf),
    left: entries.length - shown.length
  }
}

const idOf = (thread: number, number: number): string => `${thread}.${number}`

function stepOf({ thread, atMs, actor, step, data }: TraceEntry): RecordedStep {
  const { event, from, to, actions } = step
  return {
    actor: idOf(thread, actor.number),
    atMs,
    event: event === joinedEvent ? 'the recording begins' : event,
    from,
    to,
    actions,
    ...(data === undefined ? {} : { data })
  }
}

// Actors as the page shows them: the tree by thread and machine, and one of them with its statechart, its last steps and what
// may happen next; now, or at a time of a recording.
import type { AnyStateMachine } from 'xstate'
import type { ActorSnapshot, BrokerSnapshot, TransitionSnapshot } from '../snapshot.js'
import type { ActorKey, Recording } from './recording.js'
import { matcher, type Rows, windowOf } from './rows.js'
import { type Chart, chartsOf, type Way, waysFrom } from './statechart.js'

/** A line of the tree. */
export type ActorRow =
  | { readonly kind: 'thread' | 'machine'; readonly label: string; readonly count: number }
  | (ActorPlace & { readonly kind: 'actor'; readonly state: string })

interface ActorPlace {
  readonly thread: number
  readonly machine: string
  readonly name: string
  readonly number: number
}

export interface ActorAnswer extends ActorPlace {
  readonly state: string
  readonly charts: readonly Chart[]
  readonly ways: readonly Way[]
  /** Newest last. */
  readonly transitions: readonly TransitionSnapshot[]
  /** Times of the steps before and after, where a recording is looked at. */
  readonly before?: number
  readonly after?: number
}

/** A time in the recording, or now. */
export type Moment =
  | { readonly recording: Recording; readonly atMs: number }
  | { readonly snapshot: BrokerSnapshot }

const mostSteps = 50

/** `/api/actors?q=&from=&count=`: filtered by name, machine and state. */
export function actorRows(moment: Moment, query: URLSearchParams): Rows<ActorRow> {
  const wanted = matcher(query.get('q'))
  const actors = (
    'recording' in moment ? moment.recording.actorsAt(moment.atMs) : sorted(livingActors(moment.snapshot))
  ).filter(({ name, machine, state }) => wanted(name, machine, state))
  const rows: ActorRow[] = []
  let thread: number | undefined
  let machine: string | undefined
  for (const actor of actors) {
    if (actor.thread !== thread) {
      const count = actors.filter(each => each.thread === actor.thread).length
      rows.push({ kind: 'thread', label: `Thread ${actor.thread}`, count })
      machine = undefined
    }
    if (actor.machine !== machine) {
      const count = actors.filter(
        each => each.thread === actor.thread && each.machine === actor.machine
      ).length
      rows.push({ kind: 'machine', label: actor.machine, count })
    }
    thread = actor.thread
    machine = actor.machine
    const { name, number, state } = actor
    rows.push({ kind: 'actor', thread, machine, name, number, state })
  }
  return windowOf(rows, query)
}

/**
 * Those that the tap knows by name, and the machines of handlers and connections, whose steps only a recording has. A name
 * that is there already is not added again.
 */
function livingActors({ actors, handlers, connections }: BrokerSnapshot): ActorSnapshot[] {
  const known = new Set(actors.map(({ thread, name }) => `${thread} ${name}`))
  const others = [
    ...handlers.map(({ thread, id, state }) => actorOf(thread, 'handler', String(id), state)),
    ...connections.flatMap(({ thread, id, state, mute, exchange }) => [
      actorOf(thread, 'channel', id, state),
      actorOf(thread, 'channelMute', id, mute),
      actorOf(thread, 'exchange', id, exchange)
    ])
  ]
  return [...actors, ...others.filter(({ thread, name }) => !known.has(`${thread} ${name}`))]
}

const actorOf = (thread: number, machine: string, id: string, state: string): ActorSnapshot => ({
  thread,
  machine,
  name: `${machine}.${id}`,
  number: 0,
  state,
  transitions: []
})

const places = new Intl.Collator('en', { numeric: true })

const sorted = (actors: readonly ActorSnapshot[]): ActorSnapshot[] =>
  [...actors].sort(
    (a, b) =>
      a.thread - b.thread ||
      places.compare(a.machine, b.machine) ||
      places.compare(a.name, b.name) ||
      a.number - b.number
  )

/** undefined: no such actor then. */
export function actorAnswer(
  moment: Moment,
  key: ActorKey,
  machines: ReadonlyMap<string, AnyStateMachine>
): ActorAnswer | undefined {
  const found = 'recording' in moment ? recorded(moment, key) : living(moment.snapshot, key)
  if (found === undefined) return undefined
  const machine = machines.get(found.machine)
  if (machine === undefined) return { ...found, charts: [], ways: [] }
  return { ...found, charts: chartsOf(machine, found.state), ways: waysFrom(machine, found.state) }
}

type Found = Omit<ActorAnswer, 'charts' | 'ways'>

const isMeant = (key: ActorKey, { thread, name, number }: ActorPlace): boolean =>
  thread === key.thread && name === key.name && (key.number ?? number) === number

function living(snapshot: BrokerSnapshot, key: ActorKey): Found | undefined {
  return livingActors(snapshot).findLast(each => isMeant(key, each))
}

function recorded(
  { recording, atMs }: Extract<Moment, { recording: Recording }>,
  key: ActorKey
): Found | undefined {
  const found = recording.actorsAt(atMs).findLast(each => isMeant(key, each))
  if (found === undefined) return undefined
  return { ...found, transitions: recording.stepsOf(key, atMs, mostSteps), ...recording.around(key, atMs) }
}

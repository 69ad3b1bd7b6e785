// What the model of a classic group knows: the clients, what the coordinator has of them, the log, and what has been used up
// of what may go wrong. Rules change a copy of their own; ids and assignments are numbers that mean nothing but themselves.

/** A consumer, as its own code sees it. */
export type ClientPhase =
  /** Has no id, and wants one. */
  | 'out'
  /** Was given an id and is to come back with it. */
  | 'named'
  | 'joining'
  /** Knows its generation. */
  | 'joined'
  | 'syncing'
  /** Has its assignment. */
  | 'owns'
  /** Was told of a rebalance, or that its request failed. */
  | 'mustJoin'
  /** Died, left or was fenced. */
  | 'gone'

export interface Client {
  phase: ClientPhase
  /** -1: dynamic. */
  readonly instance: number
  /** 0: none. */
  id: number
  generation: number
  /** Of the last assignment that it was given; 0: none. */
  assignment: number
  /** It was told that it leads. */
  leads: boolean
}

/** A member id that the coordinator has given out. */
export interface Entry {
  readonly id: number
  /** Static: the first client whose instance it is; -1: dynamic. */
  readonly instance: number
  /** It is no member yet. */
  isPending: boolean
  /** State of the member's machine. */
  machine: number
  waits: 'nothing' | 'join' | 'sync'
  /** The client whose request waits; -1: its connection is closed. */
  waiter: number
  assignment: number
  leads: boolean
}

/** The newest record of the group. */
export interface LogRecord {
  readonly generation: number
  readonly assignment: number
  readonly members: readonly { readonly id: number; readonly instance: number; readonly leads: boolean }[]
}

/** A static member's new id on its way to the log. */
export interface Readmission {
  readonly id: number
  readonly formerId: number
  readonly generation: number
}

export interface GroupModelState {
  partition: number
  group: number
  generation: number
  timer: 'none' | 'delay' | 'joins' | 'syncs'
  /** Pending ids among them; members in the order in which they came. */
  entries: Entry[]
  clients: Client[]
  /** Generations whose assignments are on their way to the log. */
  storing: number[]
  /** What the leader of the present generation has assigned. */
  assigned: number
  readmissions: Readmission[]
  log: LogRecord | null
  /** The newest generation of which somebody was given an assignment, and which one. */
  shared: { generation: number; assignment: number }
  ids: number
  assignments: number
  /** What may still happen. */
  left: Budget
  /** What must never be: said by the rules, looked at by the properties. */
  wrong: 'nothing' | 'answeredTwice' | 'split' | 'commitOfThePast' | 'toldEarly'
  /** Of the last commit that was looked at. */
  commit: 'none' | 'accepted' | 'refused'
  /** While one step is worked out: the log refuses, and whether it was asked. */
  logRefuses: boolean
  logAsked: boolean
}

export interface Budget {
  /** All of the following together, commits excepted. */
  disturbances: number
  deaths: number
  leaves: number
  /** Connections that are closed while a request waits; restarts of static members. */
  resets: number
  /** Joins of members that have new metadata, or of a leader. */
  changes: number
  /** Timers that are faster than a living client. */
  slow: number
  unloads: number
  /** Writes that are refused, or whose acknowledgement fails. */
  refusals: number
  commits: number
}

export interface GroupBounds extends Budget {
  readonly clients: number
  /** The first so many are static. */
  readonly statics: number
  /** All static ones say that they are the same instance. */
  readonly twins: boolean
}

export type Disturbance = Exclude<keyof Budget, 'disturbances'>

export function mayStill({ left }: GroupModelState, what: Disturbance): boolean {
  return left[what] > 0 && (what === 'commits' || left.disturbances > 0)
}

export function useUp({ left }: GroupModelState, what: Disturbance): void {
  left[what]--
  if (what !== 'commits') left.disturbances--
}

export function copyOf(state: GroupModelState): GroupModelState {
  return {
    ...state,
    entries: state.entries.map(entry => ({ ...entry })),
    clients: state.clients.map(client => ({ ...client })),
    storing: [...state.storing],
    readmissions: [...state.readmissions],
    left: { ...state.left },
    shared: state.shared,
    commit: 'none',
    logRefuses: false,
    logAsked: false
  }
}

/** Ids and assignments by the order in which they appear: which numbers they are says nothing. */
export function keyOf(state: GroupModelState): string {
  const ids = new Map<number, number>([[0, 0]])
  const assignments = new Map<number, number>([[0, 0]])
  const named = (names: Map<number, number>, value: number): number => {
    const known = names.get(value)
    if (known !== undefined) return known
    names.set(value, names.size)
    return names.size - 1
  }
  const id = (value: number): number => named(ids, value)
  const assignment = (value: number): number => named(assignments, value)
  const parts: (string | number)[] = [state.partition, state.group, state.generation, state.timer]
  for (const entry of state.entries) {
    parts.push(id(entry.id), entry.instance, Number(entry.isPending), entry.machine, entry.waits)
    parts.push(entry.waiter, assignment(entry.assignment), Number(entry.leads))
  }
  parts.push('|')
  for (const { phase, id: own, generation, assignment: given, leads } of state.clients) {
    parts.push(phase, id(own), generation, assignment(given), Number(leads))
  }
  parts.push('|', ...state.storing, assignment(state.assigned))
  for (const each of state.readmissions) parts.push(id(each.id), id(each.formerId), each.generation)
  parts.push('|')
  if (state.log !== null) {
    parts.push(state.log.generation, assignment(state.log.assignment))
    for (const member of state.log.members) parts.push(id(member.id), member.instance, Number(member.leads))
  }
  parts.push('|', state.shared.generation, assignment(state.shared.assignment))
  parts.push(...Object.values(state.left), state.wrong, state.commit)
  return parts.join()
}

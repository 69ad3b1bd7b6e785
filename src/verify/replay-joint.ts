// What the machines of one connection were in at the same time, as a trace has seen it: to be compared with the states that
// the composed model reaches.
import type { AnyStateMachine } from 'xstate'
import { joinedEvent, type TraceEntry } from '../actors/runtime/trace.js'

/** The machines of a connection, in the order of a tuple. Their actors are told apart by the connection's id. */
export const connectionMachines: readonly string[] = ['channel', 'channelMute', 'exchange']

export interface JointState {
  /** How often a connection came into it. */
  readonly times: number
  /** A state that lasts for microseconds is one between two steps of the same turn. */
  readonly longestMs: number
}

interface Connection {
  readonly states: string[]
  sinceMs: number
}

export class JointStates {
  /** By "open|notMuted|idle". */
  readonly seen = new Map<string, JointState>()
  readonly #initial: readonly string[]
  readonly #connections = new Map<string, Connection>()

  constructor(machines: ReadonlyMap<string, AnyStateMachine>) {
    this.#initial = connectionMachines.map(id => String(machines.get(id)?.config.initial ?? ''))
  }

  /** In the order of one thread. */
  saw({ actor, step, atMs }: TraceEntry): void {
    const place = connectionMachines.indexOf(actor.machine)
    if (place < 0) return
    const id = actor.name.slice(actor.machine.length + 1)
    let connection = this.#connections.get(id)
    if (connection === undefined) {
      connection = { states: [...this.#initial], sinceMs: atMs }
      this.#connections.set(id, connection)
    } else if (step.event !== 'xstate.init' && step.event !== joinedEvent) this.#lasted(connection, atMs)
    connection.states[place] = step.to
    connection.sinceMs = atMs
  }

  endOfThread(atMs: number): void {
    for (const connection of this.#connections.values()) this.#lasted(connection, atMs)
    this.#connections.clear()
  }

  #lasted({ states, sinceMs }: Connection, untilMs: number): void {
    const key = states.join('|')
    const before = this.seen.get(key)
    this.seen.set(key, {
      times: (before?.times ?? 0) + 1,
      longestMs: Math.max(before?.longestMs ?? 0, untilMs - sinceMs)
    })
  }
}

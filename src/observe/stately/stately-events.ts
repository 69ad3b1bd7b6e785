// What Stately's inspector tools read, as @statelyai/inspect sends it: JSON, one message an event, `_version` its version. An
// actor is told once with its machine's definition, each of its steps as the event and the snapshot that came of it.
import type { AnyStateMachine } from 'xstate'

/** Of @statelyai/inspect, whose messages these are. */
export const protocolVersion = '0.7.2'

interface Inspected {
  readonly _version: typeof protocolVersion
  /** ms since the epoch, as text. */
  readonly createdAt: string
  /** Unique for the update. */
  readonly id: string
  readonly sessionId: string
  /** The broker's own session. */
  readonly rootId: string
}

/** What tools call an event object. */
export interface InspectedEvent {
  readonly type: string
  readonly [parameter: string]: unknown
}

export type StateValue = string | { readonly [state: string]: StateValue }

export interface InspectedSnapshot {
  readonly status: 'active' | 'done'
  readonly value: StateValue
  readonly context: unknown
  readonly children: Readonly<Record<string, never>>
  readonly historyValue: Readonly<Record<string, never>>
  readonly tags: readonly never[]
}

export type InspectionEvent =
  | (Inspected & {
      readonly type: '@xstate.actor'
      readonly name: string
      /** The machine as JSON. */
      readonly definition: string
      readonly parentId: string | undefined
      readonly snapshot: InspectedSnapshot
    })
  | (Inspected & {
      readonly type: '@xstate.event'
      readonly event: InspectedEvent
      /** Traces do not say who sent an event. */
      readonly sourceId: undefined
    })
  | (Inspected & {
      readonly type: '@xstate.snapshot'
      readonly event: InspectedEvent
      readonly snapshot: InspectedSnapshot
    })

/** `starting.logs` → `{ starting: 'logs' }` */
export function stateValue(path: string): StateValue {
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  return keys.reduceRight<StateValue>((inside, key) => ({ [key]: inside }), last)
}

/** Of a machine that is not known: its name, as the package does it. */
export function definitionOf(machine: AnyStateMachine | undefined, id: string): string {
  if (machine === undefined) return JSON.stringify({ id })
  return JSON.stringify(machine.config, (_, value: unknown) =>
    typeof value === 'function' ? { type: value.name } : value
  )
}

export function isFinal(machine: AnyStateMachine | undefined, path: string): boolean {
  const [first = ''] = path.split('.')
  return machine?.root.states[first]?.type === 'final'
}

/** `context`: as JSON, where it is known. */
export function snapshotOf(
  machine: AnyStateMachine | undefined,
  path: string,
  context: string | undefined
): InspectedSnapshot {
  return {
    status: isFinal(machine, path) ? 'done' : 'active',
    value: stateValue(path),
    context: context === undefined ? {} : (JSON.parse(context) as unknown),
    children: {},
    historyValue: {},
    tags: []
  }
}

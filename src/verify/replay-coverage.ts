// Which transitions of each machine a trace has seen: a transition is an event that does something in a state.
import type { AnyStateMachine, StateNode } from 'xstate'

/** Each as "state event". */
export interface MachineCoverage {
  readonly seen: readonly string[]
  /** What else the machine does. */
  readonly unseen: readonly string[]
}

export class SeenTransitions {
  readonly #seen = new Map<string, Set<string>>()

  /** `from`: a state path. */
  add(machine: string, from: string, event: string): void {
    let seen = this.#seen.get(machine)
    if (seen === undefined) {
      seen = new Set()
      this.#seen.set(machine, seen)
    }
    seen.add(`${from} ${event}`)
  }

  coverage(machines: ReadonlyMap<string, AnyStateMachine>): ReadonlyMap<string, MachineCoverage> {
    return new Map(
      [...machines].map(([id, machine]) => {
        const steps = [...(this.#seen.get(id) ?? [])]
        const all = transitionsOf(machine)
        const seen = all.filter(transition => steps.some(step => isOf(step, transition)))
        return [id, { seen, unseen: all.filter(transition => !seen.includes(transition)) }]
      })
    )
  }
}

/** "channel: 13 of 15 transitions; not seen: shed in halfClosed, closing", one line a machine. */
export function coverageText(coverage: ReadonlyMap<string, MachineCoverage>): string {
  return [...coverage]
    .map(([machine, { seen, unseen }]) => {
      const head = `${machine}: ${seen.length} of ${seen.length + unseen.length} transitions`
      return unseen.length === 0 ? head : `${head}; not seen: ${byEvent(unseen).join('; ')}`
    })
    .join('\n')
}

const mostNamed = 8

function byEvent(transitions: readonly string[]): string[] {
  const states = new Map<string, string[]>()
  for (const transition of transitions) {
    const [state = '', event = ''] = transition.split(' ')
    // A delay is named after the state in which it runs.
    const name = event.startsWith('xstate.after.') ? event.split('.').slice(1, 3).join(' ') : event
    const known = states.get(name)
    if (known === undefined) states.set(name, [state])
    else known.push(state)
  }
  return [...states].map(([event, all]) => {
    const more = all.length - mostNamed
    return `${event} in ${all.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  })
}

/** All that does something, as "state event": what is illegal, or named only to say that nothing happens, is left out. */
export function transitionsOf(machine: AnyStateMachine): readonly string[] {
  const found: string[] = []
  const visit = (node: Pick<StateNode, 'path' | 'states' | 'transitions'>): void => {
    for (const [event, ways] of node.transitions) {
      if (event !== '' && ways.some(doesSomething)) found.push(`${node.path.join('.')} ${event}`)
    }
    for (const child of Object.values(node.states)) visit(child)
  }
  visit(machine.root)
  return found
}

function doesSomething({ target, actions }: { target: unknown; actions: readonly unknown[] }): boolean {
  if (actions.some(action => nameOf(action) === 'illegal')) return false
  return target !== undefined || actions.length > 0
}

function nameOf(action: unknown): unknown {
  return typeof action === 'object' && action !== null && 'type' in action ? action.type : action
}

/** A step in a nested state may be taken by a state around it. */
function isOf(step: string, transition: string): boolean {
  const [from = '', event] = step.split(' ')
  const [state = '', named] = transition.split(' ')
  if (event !== named) return false
  return from.split('+').some(path => path === state || state === '' || path.startsWith(`${state}.`))
}

// One state of the model: what the coordinator knows, what each client believes and holds, what is on the way, and how often
// the environment may still interfere. Partitions of the one topic are bits.
import type { MemberState } from '../../../actors/groups/consumer/member.js'

export interface Bounds {
  readonly members: number
  readonly partitions: number
  /** Per member: how often it comes. */
  readonly joins: number
  /** Requests and answers that get lost, of all. */
  readonly losses: number
  /** How often a member that is alive is not heard of in time, of all. */
  readonly expiries: number
}

/** A member as the coordinator knows it. */
export interface Known {
  readonly epoch: number
  readonly previousEpoch: number
  readonly state: MemberState
  readonly assigned: number
  readonly pending: number
  readonly target: number
}

export type OnTheWay =
  | {
      readonly kind: 'request'
      readonly epoch: number
      readonly owned: number | null
      readonly isFull: boolean
    }
  | {
      readonly kind: 'answer'
      readonly epoch: number
      readonly assigned: number | null
      /** To a request that said what is held. */
      readonly isToSaying: boolean
    }
  | { readonly kind: 'refusal'; readonly error: 'UNKNOWN_MEMBER_ID' | 'FENCED_MEMBER_EPOCH' }

export interface Client {
  readonly isIn: boolean
  readonly epoch: number
  /** It reads these. */
  readonly held: number
  /** What it was assigned and has not acted on; null: it has. */
  readonly told: number | null
  /** It says everything about itself next time, or at least what it holds. */
  readonly says: 'everything' | 'held' | 'nothing'
  readonly wire: OnTheWay | null
  /** It was fenced, and has not been accepted again. */
  readonly isFenced: boolean
  readonly joinsLeft: number
}

export interface ConsumerGroupState {
  readonly epoch: number
  readonly targetEpoch: number
  readonly known: readonly (Known | null)[]
  readonly clients: readonly Client[]
  readonly lossesLeft: number
  readonly expiriesLeft: number
}

export const coordinatorPart = 'coordinator'
export const clientPart = (index: number): string => `member ${index + 1}`

export const partsOf = ({ members }: Bounds): string[] => [
  coordinatorPart,
  ...Array.from({ length: members }, (_, index) => clientPart(index))
]

export function initialOf({ members, joins, losses, expiries }: Bounds): ConsumerGroupState {
  const client: Client = {
    ...{ isIn: false, epoch: 0, held: 0, told: null, says: 'everything', wire: null },
    ...{ isFenced: false, joinsLeft: joins }
  }
  return {
    epoch: 0,
    targetEpoch: 0,
    known: Array.from({ length: members }, () => null),
    clients: Array.from({ length: members }, () => client),
    lossesLeft: losses,
    expiriesLeft: expiries
  }
}

const knownKey = (known: Known | null): string =>
  known === null
    ? '-'
    : `${known.epoch},${known.previousEpoch},${known.state[3]},${known.assigned},${known.pending},${known.target}`

function wireKey(wire: OnTheWay | null): string {
  if (wire === null) return '-'
  if (wire.kind === 'request') return `q${wire.epoch},${wire.owned},${wire.isFull ? 1 : 0}`
  return wire.kind === 'answer'
    ? `a${wire.epoch},${wire.assigned},${wire.isToSaying ? 1 : 0}`
    : wire.error.slice(0, 2)
}

const clientKey = ({ isIn, epoch, held, told, says, wire, isFenced, joinsLeft }: Client): string =>
  `${isIn ? epoch : '-'},${held},${told},${says[0]},${wireKey(wire)},${isFenced ? 1 : 0},${joinsLeft}`

export function keyOf({ epoch, targetEpoch, known, clients, lossesLeft, expiriesLeft }: ConsumerGroupState) {
  const each = clients.map((client, index) => `${knownKey(known[index] ?? null)};${clientKey(client)}`)
  return `${epoch},${targetEpoch},${lossesLeft},${expiriesLeft}|${each.join('|')}`
}

const named = (bits: number): string =>
  [0, 1, 2, 3].filter(partition => bits & (1 << partition)).join('+') || 'nothing'

export function showOf({ epoch, targetEpoch, known, clients }: ConsumerGroupState): Record<string, string> {
  const shown: Record<string, string> = { [coordinatorPart]: `epoch ${epoch}, target at ${targetEpoch}` }
  clients.forEach((client, index) => {
    const theirs = known[index]
    const here = client.isIn ? `at ${client.epoch}, holds ${named(client.held)}` : 'away'
    const there =
      theirs == null ? 'unknown' : `known at ${theirs.epoch}, ${theirs.state}, ${named(theirs.assigned)}`
    shown[clientPart(index)] = `${here}; ${there}`
  })
  return shown
}

/** Nobody is in the group, and nobody will come. */
export const mayRest = ({ known, clients }: ConsumerGroupState): boolean =>
  known.every(each => each === null) && clients.every(({ isIn, joinsLeft }) => !isIn && joinsLeft === 0)

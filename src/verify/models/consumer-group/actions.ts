// What may happen: clients join, send, learn, act on it, leave or crash; the coordinator hears and removes; messages are lost.
import type { Action, Model } from '../../model.js'
import type { Coordinator } from './coordinator.js'
import { type Client, type ConsumerGroupState, clientPart, coordinatorPart, type OnTheWay } from './state.js'

function actionsOfClient(index: number) {
  const client = clientPart(index)
  const own = (says: string, by: Action['by'] = 'actor'): Action => ({ from: client, to: client, says, by })
  const toCoordinator = (says: string, by: Action['by'] = 'actor'): Action => ({
    ...{ from: client, to: coordinatorPart },
    ...{ says, by }
  })
  const fromCoordinator = (says: string, by: Action['by'] = 'actor'): Action => ({
    ...{ from: coordinatorPart, to: client },
    ...{ says, by }
  })
  return {
    joins: own('starts', 'environment'),
    sends: own('sends a heartbeat'),
    heard: toCoordinator('is heard'),
    requestLost: own('loses its request', 'environment'),
    learns: fromCoordinator('answers'),
    answerLost: fromCoordinator('answers, and the answer is lost', 'environment'),
    gives: own('gives up what is no longer its own'),
    takes: own('takes what it was given'),
    leaves: toCoordinator('leaves', 'environment'),
    crashes: { ...own('crashes', 'environment'), isRare: true },
    expires: fromCoordinator('removes it: it was not heard of'),
    isSlow: fromCoordinator('removes it, though it lives: it was too slow', 'environment')
  }
}
const perClient = [0, 1, 2].map(actionsOfClient)

const away = {
  isIn: false,
  epoch: 0,
  held: 0,
  told: null,
  says: 'everything',
  wire: null,
  isFenced: false
} as const

/**
 * `takesTooEarly`: what clients must not do. Whoever says what he holds takes nothing before the answer, and after a loss only what
 * he is told anew.
 */
export function actionsOf(
  coordinator: Coordinator,
  takesTooEarly: boolean
): Model<ConsumerGroupState>['next'] {
  return (state, step) => {
    state.clients.forEach((client, index) => {
      const actions = perClient[index]
      if (actions === undefined) return
      const known = state.known[index] ?? null
      const withClient = (change: Partial<Client>, more: Partial<ConsumerGroupState> = {}) => ({
        ...state,
        ...more,
        clients: state.clients.map((each, at) => (at === index ? { ...each, ...change } : each))
      })
      // A new life has a new id: that of the old one is another member, which has to go first.
      if (!client.isIn && known === null && client.joinsLeft > 0) {
        step(actions.joins, withClient({ ...away, isIn: true, joinsLeft: client.joinsLeft - 1 }))
      }
      const isAbandoned = !client.isIn || client.isFenced
      if (known !== null && isAbandoned) {
        step(actions.expires, { ...state, ...coordinator.remove(state, index) })
      }
      if (!client.isIn) return
      if (known !== null && !isAbandoned && state.expiriesLeft > 0) {
        const expiriesLeft = state.expiriesLeft - 1
        step(actions.isSlow, { ...state, ...coordinator.remove(state, index), expiriesLeft })
      }
      step(actions.crashes, withClient(away))
      const { told, held, wire } = client
      if (told !== null && (held & ~told) !== 0) {
        step(actions.gives, withClient({ held: held & told }))
      }
      const isSaying = saysWhatItHolds(wire) && !takesTooEarly
      if (told !== null && (held & ~told) === 0 && !isSaying) {
        step(actions.takes, withClient({ held: told, told: null, says: moreOf(client.says) }))
      }
      if (wire === null) {
        step(actions.sends, withClient({ wire: heartbeatOf(client), says: 'nothing' }))
        // Whoever leaves gives up everything before.
        if (told === null && known !== null && client.epoch > 0) {
          step(actions.leaves, withClient(away, coordinator.remove(state, index)))
        }
        return
      }
      const lost: Partial<Client> = {
        ...{ wire: null, says: 'everything' },
        told: takesTooEarly ? told : null
      }
      if (wire.kind === 'request') {
        const { answer, ...heard } = coordinator.hear(state, index, wire)
        step(actions.heard, withClient({ wire: answer }, heard))
      } else step(actions.learns, withClient(learnt(client, wire)))
      if (state.lossesLeft > 0) {
        const lossesLeft = state.lossesLeft - 1
        const action = wire.kind === 'request' ? actions.requestLost : actions.answerLost
        step(action, withClient(lost, { lossesLeft }))
      }
    })
  }
}

/** Until it is answered: what the answer tells takes the place of what was told before. */
function saysWhatItHolds(wire: OnTheWay | null): boolean {
  if (wire?.kind === 'request') return wire.owned !== null
  return wire?.kind === 'answer' && wire.isToSaying
}

const moreOf = (says: Client['says']): Client['says'] => (says === 'everything' ? says : 'held')

const heartbeatOf = ({ epoch, held, says }: Client): OnTheWay => ({
  kind: 'request',
  epoch,
  owned: says === 'nothing' ? null : held,
  isFull: says === 'everything'
})

function learnt(client: Client, answer: OnTheWay & { readonly kind: 'answer' | 'refusal' }): Partial<Client> {
  // It gives up everything at once, and joins again.
  if (answer.kind === 'refusal') {
    const isFenced = answer.error === 'FENCED_MEMBER_EPOCH'
    return { ...away, isIn: true, isFenced }
  }
  const { epoch, assigned } = answer
  // What it has not acted on, it acts on now, if only to say that it holds what it holds.
  const isNews = assigned !== null && !(assigned === client.held && client.told === null)
  return { epoch, told: isNews ? assigned : client.told, wire: null, isFenced: false }
}

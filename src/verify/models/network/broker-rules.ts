// The broker's steps as far as they concern the network: what each starts and stops, and when it is done. The other steps
// are done at once here; how they fail is the broker model's subject.
import type { BootStepName } from '../../../actors/broker/boot-order.js'
import type { MachineAction } from '../../executed-machine.js'
import { toAcceptor, toChannel, toPool } from './actor-rules.js'
import { changed } from './connection-rules.js'
import type { Net } from './net.js'
import type { State } from './state.js'

export interface BrokerRules {
  startStep(net: Net, state: State, step: BootStepName): State | 'done'
  stopStep(net: Net, state: State, step: BootStepName): State | 'done'
  /** Ends the handlers: one ShutdownRequest a loop. */
  stopPool(net: Net, state: State): State
}

/** Tells the broker something and carries out what it asks for, until it waits for an answer. */
export function tellBroker(net: Net, state: State, event: string): State {
  const { state: broker, actions } = net.parts.broker.step(state.broker, event)
  let after: State = { ...state, broker }
  for (const action of actions) after = carryOut(net, after, action)
  return after
}

function carryOut(net: Net, state: State, { type, params }: MachineAction): State {
  if (type !== 'startStep' && type !== 'stopStep') return state
  const { step } = params as { readonly step: BootStepName }
  const after =
    type === 'startStep' ? net.rules.startStep(net, state, step) : net.rules.stopStep(net, state, step)
  return after === 'done' ? tellBroker(net, state, 'stepDone') : after
}

/** The step that was waited for is through, with this state. */
export const stepDone = (net: Net, state: State): State =>
  tellBroker(net, { ...state, doing: '' }, 'stepDone')
export const stepFailed = (net: Net, state: State): State =>
  tellBroker(net, { ...state, doing: '' }, 'stepFailed')

export const isStopped = (net: Net, state: State): boolean =>
  state.processors.every(({ machine }) => net.parts.processor.name(machine) === 'stopped')

export const brokerRules: BrokerRules = {
  startStep(net, state, step) {
    if (step === 'network') {
      const processors = state.processors.map(each => ({
        ...each,
        machine: net.parts.processor.step(each.machine, 'start').state
      }))
      return { ...toAcceptor(net, { ...state, processors }, 'bind'), doing: 'bind' }
    }
    if (step === 'handlers') return tellBroker(net, toPool(net, state, 'start'), 'stepDone')
    if (step === 'requestProcessing') return tellBroker(net, toAcceptor(net, state, 'open'), 'stepDone')
    return 'done'
  },

  stopStep(net, state, step) {
    if (step === 'requestProcessing') return { ...toAcceptor(net, state, 'close'), doing: 'stopProcessors' }
    if (step === 'handlers') return net.rules.stopPool(net, state)
    if (step === 'logs') {
      // The purgatory is closed with its shard: what is parked is never answered.
      let after = state
      state.connections.forEach(({ request }, index) => {
        if (request === 'parked') after = changed(after, index, { request: 'nowhere' })
      })
      return tellBroker(net, after, 'stepDone')
    }
    if (step === 'threads') return tellBroker(net, toChannel(net, state, 'close'), 'stepDone')
    return 'done'
  },

  stopPool: (net, state) => poolMayHaveStopped(net, toPool(net, { ...state, doing: 'stopHandlers' }, 'stop'))
}

/** The step is done when the pool says so. */
export function poolMayHaveStopped(net: Net, state: State): State {
  if (state.doing !== 'stopHandlers' || !state.poolStopped) return state
  return stepDone(net, { ...state, poolStopped: false })
}

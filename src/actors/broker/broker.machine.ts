// The whole life of a broker: every start step with its failure edge, every stop step with its done and error edges.
// Generated from boot-order.ts, so that the order is written once.
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'
import { type BootStepName, bootOrder, stopOrder } from './boot-order.js'

export type BrokerEvent =
  /** Someone wants the broker up. */
  | { type: 'start' }
  /** The step that was asked for is done. */
  | { type: 'stepDone' }
  /** The step that was asked for failed; while stopping the next one is tried all the same. */
  | { type: 'stepFailed' }
  /** SIGTERM, SIGINT or close(). */
  | { type: 'stop' }
  /** Something died that is not restarted: a worker thread, the last log directory. */
  | { type: 'fatal' }

/** How a stop came about: decides about the clean-shutdown marker and the exit code. */
export type StopMode = 'orderly' | 'startFailed' | 'fatal'

/** Kafka's BrokerState gauge. */
export const brokerStateValue = {
  notRunning: 0,
  starting: 1,
  recovery: 2,
  running: 3,
  shuttingDown: 7
} as const

const brokerSetup = setup({
  types: { events: {} as BrokerEvent },
  actions: {
    /** Starts one component; answers with stepDone or stepFailed. */
    startStep: effect<{ step: BootStepName }>(),
    /** Stops one component (nothing to do when it was never started); answers with stepDone or stepFailed. */
    stopStep: effect<{ step: BootStepName; mode: StopMode }>(),
    /** Every listener accepts: start-up is complete. */
    openStartupLatch: effect(),
    /** All components are down. */
    openShutdownLatch: effect<{ clean: boolean }>()
  }
})

type Steps = Record<string, object>

/** While a step runs, `stop` and `fatal` are remembered by the state `<step>ThenStop`: the step ends first. */
function startStates(): Steps {
  const states: Steps = {}
  bootOrder.forEach(({ name }, index) => {
    const next = bootOrder[index + 1]
    states[name] = {
      entry: { type: 'startStep', params: { step: name } },
      on: {
        stepDone: next === undefined ? '#broker.running' : next.name,
        stepFailed: '#broker.stoppingAfterFailedStart',
        stop: `${name}ThenStop`,
        fatal: `${name}ThenFail`
      }
    }
    states[`${name}ThenStop`] = {
      on: {
        stepDone: '#broker.stopping',
        stepFailed: '#broker.stoppingAfterFailedStart',
        fatal: `${name}ThenFail`
      }
    }
    states[`${name}ThenFail`] = { on: { stepDone: '#broker.failing', stepFailed: '#broker.failing' } }
  })
  return states
}

function stopStates(mode: StopMode, end: string): Steps {
  const states: Steps = {}
  stopOrder.forEach((step, index) => {
    const following = stopOrder[index + 1]
    const next = following ?? end
    const onceFailed = following === undefined ? '#broker.failed' : `#broker.failing.${following}`
    const orderly = mode === 'orderly'
    states[step] = {
      entry: { type: 'stopStep', params: { step, mode } },
      on: { stepDone: next, stepFailed: next, ...(orderly ? { fatal: `${step}ThenFail` } : {}) }
    }
    if (orderly) states[`${step}ThenFail`] = { on: { stepDone: onceFailed, stepFailed: onceFailed } }
  })
  return states
}

const firstStart = bootOrder[0]?.name ?? 'logDirs'
const firstStop = stopOrder[0] ?? 'requestProcessing'

export const brokerMachine = brokerSetup.createMachine({
  id: 'broker',
  initial: 'notRunning',
  states: {
    notRunning: { on: { start: 'starting', stop: 'stopped' } },
    starting: { initial: firstStart, states: startStates() },
    running: { entry: 'openStartupLatch', on: { stop: 'stopping', fatal: 'failing' } },
    stopping: { initial: firstStop, states: stopStates('orderly', '#broker.stopped') },
    stoppingAfterFailedStart: { initial: firstStop, states: stopStates('startFailed', '#broker.failed') },
    failing: { initial: firstStop, states: stopStates('fatal', '#broker.failed') },
    stopped: { type: 'final', entry: { type: 'openShutdownLatch', params: { clean: true } } },
    failed: { type: 'final', entry: { type: 'openShutdownLatch', params: { clean: false } } }
  }
})

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

/**
 * Kafka's BrokerState gauge for a state of the machine (`starting.logs`): 0 not running, 1 starting, 2 recovery (from the
 * loading of logs until all runs), 3 running, 7 shutting down.
 */
export function brokerStateOf(path: string): 0 | 1 | 2 | 3 | 7 {
  const [top = '', step = ''] = path.split('.')
  if (top === 'running') return 3
  if (top === 'starting') {
    const name = step.replace(/Then(?:Stop|Fail)$/, '')
    const logs = bootOrder.findIndex(({ name: each }) => each === 'logs')
    return bootOrder.findIndex(({ name: each }) => each === name) < logs ? 1 : 2
  }
  return top === 'notRunning' || top === 'stopped' || top === 'failed' ? 0 : 7
}

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
  },
  delays: {
    /** How long a step is waited for once something is dead: it may be waiting for just that. */
    patience: 1000
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
    states[`${name}ThenFail`] = lastStep('#broker.failing')
  })
  return states
}

/** The step that runs is the last one that is waited for before the broker goes down in haste. */
const lastStep = (next: string): object => ({
  on: { stepDone: next, stepFailed: next },
  after: { patience: next }
})

function stopStates(mode: StopMode, end: string): Steps {
  const states: Steps = {}
  const isHasty = mode === 'fatal'
  stopOrder.forEach((step, index) => {
    const following = stopOrder[index + 1]
    const next = following ?? end
    states[step] = {
      entry: { type: 'stopStep', params: { step, mode } },
      on: { stepDone: next, stepFailed: next, ...(isHasty ? {} : { fatal: `${step}ThenFail` }) },
      ...(isHasty ? { after: { patience: next } } : {})
    }
    if (!isHasty)
      states[`${step}ThenFail`] = lastStep(
        following === undefined ? '#broker.failed' : `#broker.failing.${following}`
      )
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

// The broker's life with its components as they are at the driver's end: what is up, which step runs, what never answers
// because a worker is dead. Every start and stop step fails or is done; signals and deaths come at any moment.
import type { AnyStateMachine } from 'xstate'
import { type BootStepName, bootOrder } from '../../actors/broker/boot-order.js'
import { brokerMachine, brokerStateOf, type StopMode } from '../../actors/broker/broker.machine.js'
import { modelEntry } from '../entry.js'
import { ExecutedMachine } from '../executed-machine.js'
import type { Action, Model } from '../model.js'

export interface BrokerModelState {
  readonly broker: number
  /** The step that was asked for and has not answered. */
  readonly doing: Doing | undefined
  /** Components whose start has begun and whose stop was not yet tried, as bits in boot order. */
  readonly touched: number
  /** Components whose start is through. */
  readonly up: number
  /** A step was not waited for any longer. */
  readonly gaveUp: boolean
  readonly worker: 'alive' | 'dead'
  /** What was asked of the broker so far. */
  readonly stops: number
  readonly fatals: number
  readonly startFailed: boolean
  /** A stop step was begun. */
  readonly stopping: boolean
  /** How often each latch was opened; Kafka's shutdown latch is the last thing that changes. */
  readonly startupLatch: number
  readonly shutdownLatch: number
  readonly clean: boolean
  /** A step was begun while another ran, or a start step after a stop step, or against the order. */
  readonly disorder: 'none' | 'overlap' | 'startAfterStop' | 'notReady' | 'stillNeeded'
}

interface Doing {
  readonly kind: 'start' | 'stop'
  readonly step: BootStepName
}

export interface BrokerModelOverrides {
  readonly machine?: AnyStateMachine
}

const names = bootOrder.map(({ name }) => name)
const bit = (step: BootStepName): number => 1 << names.indexOf(step)
const all = (1 << names.length) - 1
const requirements = new Map(bootOrder.map(({ name, requires }) => [name, requires]))
/** Others may call it after it has stopped: a task that is scheduled then is dropped (KafkaScheduler). */
const tolerant: readonly BootStepName[] = ['scheduler']

const operator = 'operator'
const broker = 'broker'
const environment = (from: string, says: string): Action => ({ from, to: broker, says, by: 'environment' })
const actions = {
  start: { from: operator, to: broker, says: 'starts the broker', by: 'actor' } satisfies Action,
  stop: environment(operator, 'sends SIGTERM'),
  lastDirFails: environment('logs', 'reports that the last log directory failed'),
  workerDies: environment('threads', 'reports that a worker died'),
  delays: new Map<string, Action>()
}
const perStep = new Map(
  names.map(step => [
    step,
    {
      // One of the two happens in the end, whichever: `done` is the one that counts for fairness.
      done: { from: step, to: broker, says: 'is done', by: 'actor' } satisfies Action,
      failed: environment(step, 'fails'),
      // With a dead worker it may also never answer.
      doneAfterAll: environment(step, 'is done although a worker is dead')
    }
  ])
)

function delay(event: string): Action {
  const known = actions.delays.get(event)
  if (known !== undefined) return known
  const [, , name = event] = event.split('.')
  const action: Action = { from: broker, to: broker, says: `has waited long enough (${name})`, by: 'actor' }
  actions.delays.set(event, action)
  return action
}

export function brokerModel(
  { stops }: { readonly stops: number },
  overrides: BrokerModelOverrides = {}
): Model<BrokerModelState> {
  const machine = new ExecutedMachine(overrides.machine ?? brokerMachine)
  const name = (state: BrokerModelState): string => machine.name(state.broker)
  const isOver = (state: BrokerModelState): boolean => machine.isDone(state.broker)

  const send = (state: BrokerModelState, event: string): BrokerModelState => {
    const { state: next, actions: deeds } = machine.step(state.broker, event)
    let after: BrokerModelState = { ...state, broker: next }
    for (const { type, params } of deeds) after = carryOut(after, type, params)
    return after
  }

  return {
    name: 'broker',
    about: `start and stop of a broker: every step fails or is done, ${stops} SIGTERM, deaths at any moment`,
    parts: [operator, broker, ...names],
    initial: () => ({
      broker: machine.initial,
      doing: undefined,
      touched: 0,
      up: 0,
      gaveUp: false,
      worker: 'alive',
      stops: 0,
      fatals: 0,
      startFailed: false,
      stopping: false,
      startupLatch: 0,
      shutdownLatch: 0,
      clean: false,
      disorder: 'none'
    }),
    next(state, step) {
      if (isOver(state)) return
      if (name(state) === 'notRunning') step(actions.start, send(state, 'start'))
      if (state.stops < stops) step(actions.stop, send({ ...state, stops: state.stops + 1 }, 'stop'))
      const started = name(state) !== 'notRunning'
      if (started && state.fatals < 2) {
        const more = { ...state, fatals: state.fatals + 1 }
        if ((state.up & bit('logs')) !== 0) step(actions.lastDirFails, send(more, 'fatal'))
        if (state.worker === 'alive' && (state.touched & bit('threads')) !== 0)
          step(actions.workerDies, send({ ...more, worker: 'dead' }, 'fatal'))
      }
      if (state.doing !== undefined) {
        const { done, doneAfterAll, failed } = perStep.get(state.doing.step) ?? {
          done: actions.start,
          doneAfterAll: actions.start,
          failed: actions.start
        }
        step(state.worker === 'alive' ? done : doneAfterAll, send(finished(state, 'done'), 'stepDone'))
        step(failed, send(finished(state, 'failed'), 'stepFailed'))
      }
      for (const event of machine.delayed(state.broker))
        step(delay(event), send({ ...finished(state, 'failed'), gaveUp: true }, event))
    },
    key: state =>
      [
        state.broker,
        state.doing?.kind ?? '',
        state.doing?.step ?? '',
        state.touched,
        state.up,
        state.gaveUp ? 1 : 0,
        state.worker,
        state.stops,
        state.fatals,
        state.startFailed ? 1 : 0,
        state.stopping ? 1 : 0,
        state.startupLatch,
        state.shutdownLatch,
        state.clean ? 1 : 0,
        state.disorder
      ].join(),
    show: state => ({
      [broker]: name(state),
      ...Object.fromEntries(names.map(step => [step, shown(state, step)]))
    }),
    mayRest: isOver,
    always: [
      {
        id: 'I-04',
        says: 'nothing is accepted before handlers run',
        holds: ({ touched, up }) => (touched & bit('requestProcessing')) === 0 || (up & bit('handlers')) !== 0
      },
      {
        id: 'I-18',
        says: 'one step at a time, and no start step after a stop step',
        holds: ({ disorder }) => disorder !== 'overlap' && disorder !== 'startAfterStop'
      },
      {
        id: 'I-19',
        says: 'start-up is reported complete only while all is up or being stopped, and once',
        holds: state =>
          state.startupLatch <= 1 &&
          (name(state) !== 'running' || (state.startupLatch === 1 && state.up === all))
      },
      {
        id: 'I-20',
        says: 'the shutdown latch opens once, when nothing is left to do',
        holds: state =>
          state.shutdownLatch === (isOver(state) ? 1 : 0) && (!isOver(state) || state.doing === undefined)
      },
      {
        id: 'I-22',
        says: 'nothing starts before what it needs, and nothing stops while what needs it is up',
        holds: ({ disorder }) => disorder !== 'notReady' && disorder !== 'stillNeeded'
      },
      {
        id: 'I-25',
        says: 'a failed start leaves nothing behind that was not asked to stop',
        holds: state => !isOver(state) || !state.startFailed || state.touched === 0
      },
      {
        id: 'I-26',
        says: 'the broker is registered only while its logs are loaded and its partitions watched',
        holds: ({ touched, up }) =>
          (touched & bit('controller')) === 0 || ((up & bit('logs')) !== 0 && (up & bit('replicas')) !== 0)
      },
      {
        id: 'I-27',
        says: 'running means that every component is up',
        holds: state => name(state) !== 'running' || state.up === all
      },
      {
        id: 'I-28',
        says: 'only an orderly stop counts as clean',
        holds: state =>
          !state.clean ||
          (!state.startFailed &&
            (state.fatals === 0 || (state.startupLatch === 0 && state.touched === 0)) &&
            state.stops > 0)
      },
      {
        id: 'I-32',
        says: 'at the end every component was stopped, or asked to',
        holds: state => !isOver(state) || state.touched === 0
      }
    ],
    everyStep: [
      {
        id: 'I-17',
        says: 'BrokerState moves only along Kafka’s table',
        holds: (before, _, after) => mayFollow(brokerStateOf(name(before)), brokerStateOf(name(after)))
      }
    ],
    inevitable: [
      {
        id: 'I-29',
        says: 'a stop that was asked for ends, from wherever',
        from: ({ stops: asked }) => asked > 0,
        to: isOver
      },
      {
        id: 'I-30',
        says: 'a start ends: the broker runs, or it is over',
        from: () => true,
        to: state => name(state) === 'running' || isOver(state)
      },
      {
        id: 'I-31',
        says: 'a signal while starting ends the broker',
        from: state => state.stops > 0 && name(state).startsWith('starting'),
        to: isOver
      },
      { id: 'fatal-ends', says: 'what cannot go on ends', from: ({ fatals }) => fatals > 0, to: isOver }
    ],
    sometimes: [
      {
        says: 'an orderly stop is through',
        holds: state => isOver(state) && state.clean && state.startupLatch === 1
      },
      {
        says: 'a start failed and everything was let go',
        holds: state => isOver(state) && state.startFailed && !state.gaveUp
      },
      {
        says: 'a worker dies while the broker stops',
        holds: state => state.worker === 'dead' && name(state).startsWith('stopping.')
      },
      {
        says: 'a second SIGTERM comes while the first is being obeyed',
        holds: state => state.stops === 2 && name(state).startsWith('stopping.')
      },
      { says: 'a step is given up', holds: ({ gaveUp }) => gaveUp }
    ]
  }
}

function carryOut(state: BrokerModelState, type: string, params: unknown): BrokerModelState {
  switch (type) {
    case 'startStep':
      return begun(state, 'start', (params as { step: BootStepName }).step)
    case 'stopStep':
      return begun(state, 'stop', (params as { step: BootStepName; mode: StopMode }).step)
    case 'openStartupLatch':
      return { ...state, startupLatch: state.startupLatch + 1 }
    case 'openShutdownLatch':
      return { ...state, shutdownLatch: state.shutdownLatch + 1, clean: (params as { clean: boolean }).clean }
    default:
      throw new Error(`the model does not know the action ${type}`)
  }
}

function begun(state: BrokerModelState, kind: Doing['kind'], step: BootStepName): BrokerModelState {
  const disorder = state.disorder !== 'none' ? state.disorder : wrongness(state, kind, step)
  const touched = kind === 'start' ? state.touched | bit(step) : state.touched
  return { ...state, doing: { kind, step }, touched, disorder, stopping: state.stopping || kind === 'stop' }
}

function wrongness(
  state: BrokerModelState,
  kind: Doing['kind'],
  step: BootStepName
): BrokerModelState['disorder'] {
  if (state.doing !== undefined) return 'overlap'
  if (kind === 'start') {
    if (state.stopping) return 'startAfterStop'
    return (requirements.get(step) ?? []).every(needed => (state.up & bit(needed)) !== 0)
      ? 'none'
      : 'notReady'
  }
  if (tolerant.includes(step)) return 'none'
  const needing = names.filter(other => requirements.get(other)?.includes(step) === true)
  return needing.some(other => (state.touched & bit(other)) !== 0) ? 'stillNeeded' : 'none'
}

/** A step has ended, or nobody waits for it any more. A component whose stop failed is not asked again. */
function finished(state: BrokerModelState, how: 'done' | 'failed'): BrokerModelState {
  const { doing } = state
  if (doing === undefined) return state
  const mask = bit(doing.step)
  const rest = { ...state, doing: undefined }
  if (doing.kind === 'stop') return { ...rest, up: state.up & ~mask, touched: state.touched & ~mask }
  return how === 'done' ? { ...rest, up: state.up | mask } : { ...rest, startFailed: true }
}

/** Kafka's table; staying is allowed, and so is ending before anything began. */
function mayFollow(from: number, to: number): boolean {
  const following: Readonly<Record<number, readonly number[]>> = {
    0: [1],
    1: [2, 3, 7],
    2: [3, 7],
    3: [7],
    7: [0]
  }
  return from === to || following[from]?.includes(to) === true
}

function shown({ doing, touched, up }: BrokerModelState, step: BootStepName): string {
  if (doing?.step === step) return doing.kind === 'start' ? 'starting' : 'stopping'
  if ((up & bit(step)) !== 0) return 'up'
  return (touched & bit(step)) === 0 ? 'down' : 'half started'
}

export const brokerEntry = modelEntry(() => brokerModel({ stops: 2 }))

// One topic at the controller, with the tree, the partition directories and the published image: requests that are refused,
// disks that fail, and a crash at every step, after which the next start takes up what stands in the tree.
import type { AnyStateMachine } from 'xstate'
import { topicMachine } from '../../actors/controller/topic.machine.js'
import { Bug } from '../../errors.js'
import { modelEntry } from '../entry.js'
import { ExecutedMachine } from '../executed-machine.js'
import type { Action, Model } from '../model.js'

/** A deed that is being done: `begun`, or through and not yet told. */
interface Doing {
  readonly deed: string
  readonly answer: 'begun' | 'done' | 'refused'
}

export interface TopicModelState {
  readonly controller: 'up' | 'down'
  /** Undefined: the controller has no such topic. */
  readonly machine: number | undefined
  readonly doing: Doing | undefined
  /** Partitions as the controller has them, and as a growth wants them. */
  readonly partitions: number
  readonly wanted: number
  /** Without a log, as bits. */
  readonly offline: number
  /** In the tree: partitions of the topic (0: no topic), and the mark. */
  readonly recorded: number
  readonly marked: boolean
  /** Directories that belong to it, as bits. */
  readonly directories: number
  /** Partitions that clients see; 0: no topic. */
  readonly visible: number
  /** Answered to a client and not asked to be undone since. */
  readonly promised: 'nothing' | 'exists' | 'gone'
  /** Directories of an earlier life were there when the topic was recorded. */
  readonly builtOnOld: boolean
  readonly commands: number
  readonly crashes: number
  readonly refusals: number
  readonly diskErrors: number
}

export interface TopicBounds {
  readonly partitions: number
  readonly commands: number
  readonly crashes: number
  readonly refusals: number
  readonly diskErrors: number
}

export interface TopicModelOverrides {
  readonly machine?: AnyStateMachine
  /** A start takes up what the tree has; otherwise marked topics like any other. */
  readonly readsMarks?: boolean
  /** A start sets directories aside that belong to no topic. */
  readonly setsStraysAside?: boolean
  /** Topic, configuration and mark go in one transaction. */
  readonly forgetsAtOnce?: boolean
}

const client = 'client'
const controller = 'controller'
const topic = 'topic'
const tree = 'tree'
const disk = 'disk'
const environment = (from: string, to: string, says: string): Action => ({
  from,
  to,
  says,
  by: 'environment'
})
const own = (to: string, says: string): Action => ({ from: topic, to, says, by: 'actor' })
const actions = {
  create: environment(client, controller, 'creates the topic'),
  grow: environment(client, controller, 'asks for one more partition'),
  delete: environment(client, controller, 'deletes the topic'),
  crash: environment(controller, controller, 'loses power'),
  refused: environment(tree, topic, 'refuses: another controller was faster'),
  start: { from: controller, to: topic, says: 'starts and reads the tree', by: 'actor' },
  write: own(tree, 'writes, in one transaction'),
  halfForget: own(tree, 'forgets the topic, and the mark later'),
  createLog: own(disk, 'creates a directory'),
  logFails: environment(disk, topic, 'fails to create a directory'),
  deleteLog: own(disk, 'renames a directory away'),
  keepsLog: environment(disk, topic, 'does not let go of a directory'),
  publish: own(client, 'is published'),
  hide: own(client, 'is taken out of sight'),
  through: own(topic, 'goes on')
} satisfies Record<string, Action>

const writes = ['recordTopic', 'recordPartitions', 'markDeletion', 'forgetTopic']
const all = (partitions: number): number => (1 << partitions) - 1

export function topicModel(bounds: TopicBounds, overrides: TopicModelOverrides = {}): Model<TopicModelState> {
  const life = new ExecutedMachine(overrides.machine ?? topicMachine)
  const name = ({ machine }: TopicModelState): string => (machine === undefined ? 'none' : life.name(machine))

  const send = (state: TopicModelState, event: string): TopicModelState => {
    const { state: machine, deeds } = life.step(state.machine ?? life.initial, event)
    if (machine === (state.machine ?? life.initial) && deeds.length === 0)
      throw new Bug(`${event} in state ${name(state)}`)
    const [deed] = deeds
    const doing: Doing | undefined = deed === undefined ? undefined : { deed, answer: 'begun' }
    return settled({ ...state, machine, doing })
  }

  /** What the client is told, when nothing is left to do. */
  const settled = (state: TopicModelState): TopicModelState => {
    if (state.doing !== undefined) return state
    if (name(state) === 'gone')
      return { ...state, machine: undefined, promised: state.promised === 'exists' ? 'exists' : 'gone' }
    return name(state) === 'online' ? { ...state, promised: 'exists' } : state
  }

  const through = (state: TopicModelState, answer: 'done' | 'refused'): TopicModelState =>
    state.doing === undefined ? state : { ...state, doing: { ...state.doing, answer } }

  const write = (state: TopicModelState, deed: string): TopicModelState => {
    switch (deed) {
      case 'recordTopic':
        return {
          ...state,
          recorded: state.partitions,
          builtOnOld: state.builtOnOld || state.directories !== 0
        }
      case 'recordPartitions':
        return { ...state, recorded: state.wanted, partitions: state.wanted }
      case 'markDeletion':
        return { ...state, marked: true }
      default:
        return { ...state, recorded: 0, marked: overrides.forgetsAtOnce === false && state.marked }
    }
  }

  const start = (state: TopicModelState): TopicModelState => {
    const setAside =
      overrides.setsStraysAside === false ? state.directories : state.directories & all(state.recorded)
    const up: TopicModelState = { ...state, controller: 'up', directories: setAside }
    if (state.recorded === 0) return { ...up, marked: false }
    const known = { ...up, machine: life.initial, partitions: state.recorded, wanted: state.recorded }
    const isMarked = state.marked && overrides.readsMarks !== false
    return send(known, isMarked ? 'resumeDeletion' : 'resume')
  }

  const crash = (state: TopicModelState): TopicModelState => ({
    ...state,
    controller: 'down',
    machine: undefined,
    doing: undefined,
    partitions: 0,
    wanted: 0,
    offline: 0,
    visible: 0,
    crashes: state.crashes - 1
  })

  /** All steps of the deed that is being done. */
  const doDeed = (state: TopicModelState, { deed, answer }: Doing, step: Step): void => {
    if (answer !== 'begun') {
      step(actions.through, send(state, answer))
      return
    }
    if (writes.includes(deed)) {
      step(actions.write, through(write(state, deed), 'done'))
      if (state.refusals > 0)
        step(actions.refused, through({ ...state, refusals: state.refusals - 1 }, 'refused'))
    } else if (deed === 'createLogs') createLogs(state, step)
    else if (deed === 'deleteLogs') deleteLogs(state, step)
    else if (deed === 'publish')
      step(actions.publish, through({ ...state, visible: state.partitions }, 'done'))
    else if (deed === 'publishDeletion') step(actions.hide, through({ ...state, visible: 0 }, 'done'))
    else throw new Bug(`the model does not know the action ${deed}`)
  }

  const createLogs = (state: TopicModelState, step: Step): void => {
    const missing = all(state.partitions) & ~state.directories & ~state.offline
    if (missing === 0) {
      step(actions.through, through(state, 'done'))
      return
    }
    const next = missing & -missing
    step(actions.createLog, { ...state, directories: state.directories | next })
    if (state.diskErrors > 0)
      step(actions.logFails, { ...state, offline: state.offline | next, diskErrors: state.diskErrors - 1 })
  }

  const deleteLogs = (state: TopicModelState, step: Step): void => {
    const left = state.directories
    if (left === 0) {
      step(actions.through, through(state, 'done'))
      return
    }
    step(actions.deleteLog, { ...state, directories: left & (left - 1) })
    if (state.diskErrors > 0)
      step(actions.keepsLog, through({ ...state, diskErrors: state.diskErrors - 1 }, 'refused'))
  }

  const commands = (state: TopicModelState, step: Step): void => {
    const asked = { ...state, commands: state.commands - 1 }
    if (state.machine === undefined) {
      const placed = { ...asked, machine: life.initial, partitions: 1, wanted: 1, offline: 0 }
      step(actions.create, send({ ...placed, promised: 'nothing' }, 'create'))
      return
    }
    if (name(state) === 'online' && state.partitions < bounds.partitions)
      step(actions.grow, send({ ...asked, wanted: state.partitions + 1 }, 'grow'))
    if (name(state) === 'online' || name(state) === 'deletionBlocked')
      step(actions.delete, send({ ...asked, promised: 'nothing' }, 'delete'))
  }

  return {
    name: 'topic',
    about: `a topic of up to ${bounds.partitions} partitions: ${bounds.commands} requests, ${bounds.crashes} crashes, ${bounds.refusals} refusals, ${bounds.diskErrors} I/O errors`,
    parts: [client, controller, topic, tree, disk],
    initial: () => ({
      controller: 'up',
      machine: undefined,
      doing: undefined,
      partitions: 0,
      wanted: 0,
      offline: 0,
      recorded: 0,
      marked: false,
      directories: 0,
      visible: 0,
      promised: 'nothing',
      builtOnOld: false,
      commands: bounds.commands,
      crashes: bounds.crashes,
      refusals: bounds.refusals,
      diskErrors: bounds.diskErrors
    }),
    next(state, step) {
      if (state.controller === 'down') {
        step(actions.start, start(state))
        return
      }
      if (state.crashes > 0) step(actions.crash, crash(state))
      if (state.doing !== undefined) doDeed(state, state.doing, step)
      else if (state.commands > 0) commands(state, step)
    },
    key: ({ doing, ...rest }) => `${Object.values(rest).join(';')} ${doing?.deed} ${doing?.answer}`,
    show: state => ({
      [client]: state.visible === 0 ? 'sees no topic' : `sees ${state.visible} partitions`,
      [controller]: state.controller,
      [topic]: name(state),
      [tree]:
        state.recorded === 0 ? 'nothing' : `${state.recorded} partitions${state.marked ? ', marked' : ''}`,
      [disk]: `directories ${state.directories.toString(2)}`
    }),
    mayRest: ({ controller: at, doing }) => at === 'up' && doing === undefined,
    ...rules(name)
  }
}

type Step = (action: Action, to: TopicModelState) => void
type Rules = Pick<Model<TopicModelState>, 'always' | 'everyStep' | 'inevitable' | 'sometimes'>

function rules(name: (state: TopicModelState) => string): Rules {
  const isUp = (state: TopicModelState): boolean => state.controller === 'up'
  return {
    always: [
      {
        id: 'no-topic-lost',
        says: 'a topic that a client was told of is in the tree, until somebody deletes it',
        holds: ({ promised, recorded, marked }) => promised !== 'exists' || (recorded > 0 && !marked)
      },
      {
        id: 'gone-is-gone',
        says: 'a topic whose deletion is through is not in the tree, and has no directory',
        holds: ({ promised, recorded, directories }) =>
          promised !== 'gone' || (recorded === 0 && directories === 0)
      },
      {
        id: 'visible-is-recorded',
        says: 'clients see only what a crash cannot undo',
        holds: ({ visible, recorded }) => visible <= recorded
      },
      {
        id: 'visible-has-logs',
        says: 'each partition that clients see has its directory, or is shown as offline',
        holds: ({ visible, directories, offline }) => (all(visible) & ~directories & ~offline) === 0
      },
      {
        id: 'half-deleted-is-invisible',
        says: 'a topic that is marked is seen only until its deletion is published',
        holds: state => !state.marked || state.visible === 0 || ['marking', 'hiding'].includes(name(state))
      },
      {
        id: 'a-new-topic-is-empty',
        says: 'a topic begins without directories of an earlier one of its name',
        holds: ({ builtOnOld }) => !builtOnOld
      },
      {
        id: 'no-mark-without-a-topic',
        says: 'nothing is marked for deletion that does not exist',
        holds: state => !isUp(state) || !state.marked || state.recorded > 0
      }
    ],
    everyStep: [
      {
        id: 'unseen-before-deleted',
        says: 'a directory is renamed away only when nobody sees its topic',
        holds: (before, action, after) =>
          action !== actions.deleteLog || (before.visible === 0 && after.visible === 0)
      },
      {
        id: 'recorded-before-deleted',
        says: 'a directory is renamed away only after the deletion was recorded: no crash brings half of a topic back',
        holds: (before, action) => action !== actions.deleteLog || before.marked
      }
    ],
    inevitable: [
      {
        id: 'a-recorded-topic-comes-up',
        says: 'a topic that is in the tree is seen with all its partitions, or on its way out',
        from: ({ recorded }) => recorded > 0,
        to: ({ recorded, visible, marked }) => visible === recorded || marked || recorded === 0
      },
      {
        id: 'a-deletion-ends',
        says: 'a deletion that was recorded is finished, or waits for a disk that holds on to a directory',
        from: ({ marked }) => marked,
        to: state => state.recorded === 0 || name(state) === 'deletionBlocked'
      }
    ],
    sometimes: [
      { says: 'a topic is online', holds: state => name(state) === 'online' },
      { says: 'a topic has grown', holds: ({ visible }) => visible > 1 },
      { says: 'a partition is offline', holds: ({ offline, visible }) => (offline & all(visible)) !== 0 },
      { says: 'a deletion is blocked by a disk', holds: state => name(state) === 'deletionBlocked' },
      {
        says: 'a crash leaves a topic half deleted',
        holds: state => !isUp(state) && state.marked && state.directories === 2
      },
      {
        says: 'a crash leaves a topic recorded without a directory',
        holds: state => !isUp(state) && state.recorded > 0 && state.directories === 0
      },
      {
        says: 'a topic is made again',
        holds: state => state.promised === 'nothing' && name(state) === 'recording' && state.commands === 0
      }
    ]
  }
}

export const topicEntry = modelEntry(bound =>
  topicModel(
    bound === 'small'
      ? { partitions: 2, commands: 6, crashes: 3, refusals: 1, diskErrors: 2 }
      : { partitions: 3, commands: 12, crashes: 4, refusals: 3, diskErrors: 3 }
  )
)

// Every step that is possible: what the broker asks for, the mailboxes, the disk, the clients, and what may go wrong.
import type { Action } from '../../model.js'
import { dies, diskAnswers, hears, perform } from './main-thread.js'
import {
  beginsAppend,
  beginsSync,
  closes,
  deletes,
  endsAppend,
  endsSync,
  haveEnded,
  logsOfShard,
  opens,
  shardHears,
  tellPartition
} from './shards.js'
import {
  type Composition,
  dirOf,
  type LogManagerState,
  logOf,
  shardOf,
  type Task,
  withShard
} from './state.js'

export type Step = (action: Action, to: LogManagerState) => void

const broker = 'broker'
export const manager = 'log manager'
export const dirPart = (dir: number): string => `directory ${dir + 1}`
export const shardPart = (shard: number): string => `shard ${shard + 1}`
export const logPart = (log: number): string => `log ${log + 1}`

const actor = (from: string, to: string, says: string): Action => ({ from, to, says, by: 'actor' })
const environment = (from: string, to: string, says: string): Action => ({
  from,
  to,
  says,
  by: 'environment'
})
const many = <T>(make: (index: number) => T): readonly T[] =>
  Array.from({ length: 4 }, (_, index) => make(index))

const overall = {
  opens: actor(broker, manager, 'opens the directories'),
  loads: actor(broker, manager, 'loads the logs'),
  serves: actor(broker, manager, 'begins to serve'),
  stops: environment('operator', broker, 'sends SIGTERM'),
  closes: actor(broker, manager, 'closes the logs'),
  abandons: actor(broker, manager, 'abandons the logs'),
  releases: actor(broker, manager, 'lets go of the directories'),
  highWatermarks: environment('scheduler', manager, 'wants a checkpoint of the high watermarks'),
  recoveryPoints: environment('scheduler', manager, 'wants a checkpoint of the recovery points')
}
const ofDirs = many(dir => ({
  well: actor(dirPart(dir), manager, 'answers that it is done'),
  wrong: environment(dirPart(dir), manager, 'answers with an I/O error')
}))
const ofShards = many(shard => ({
  takes: actor(manager, shardPart(shard), 'is heard'),
  answers: actor(shardPart(shard), manager, 'is heard'),
  opens: actor(shardPart(shard), shardPart(shard), 'has opened its logs'),
  closes: actor(shardPart(shard), shardPart(shard), 'has closed its logs'),
  dies: environment(shardPart(shard), broker, 'dies')
}))
const ofLogs = many(log => {
  const [client, name] = ['client', logPart(log)]
  return {
    cannotBeOpened: environment(name, name, 'cannot be opened'),
    begins: environment(client, name, 'appends'),
    appended: actor(name, name, 'has written the append'),
    notAppended: environment(name, name, 'cannot write the append'),
    flushes: environment(name, name, 'begins a flush'),
    flushesToClose: actor(name, name, 'begins its last flush'),
    flushed: actor(name, name, 'is flushed'),
    notFlushed: environment(name, name, 'cannot be flushed'),
    deleted: environment(client, name, 'is deleted'),
    notDeleted: environment(client, name, 'is deleted, but the disk does not rename it')
  }
})

export function steps(made: Composition, state: LogManagerState, step: Step): void {
  if (state.broker === 'over') return
  const busy = state.dirs.findIndex(({ io }) => io !== undefined)
  if (busy >= 0) {
    diskSteps(made, state, busy, step)
    return
  }
  brokerSteps(made, state, step)
  timerSteps(made, state, step)
  for (let shard = 0; shard < state.shards.length; shard++) shardSteps(made, state, shard, step)
  for (let log = 0; log < state.logs.length; log++) logSteps(made, state, log, step)
}

/** The main thread waits for the disk; the shards' steps commute with its answer, so that they may come later. */
function diskSteps(made: Composition, state: LogManagerState, dir: number, step: Step): void {
  const actions = ofDirs[dir]
  if (actions === undefined) return
  step(actions.well, diskAnswers(made, state, dir, 'well'))
  if (state.faultsLeft > 0) step(actions.wrong, diskAnswers(made, state, dir, 'wrong'))
}

function brokerSteps(made: Composition, state: LogManagerState, step: Step): void {
  const name = made.managerName(state)
  const allOpen = state.dirs.every((_, dir) => made.isLive(state, dir))
  const tell = (change: Partial<LogManagerState>, ...tasks: Task[]): LogManagerState =>
    perform(made, { ...state, ...change }, ...tasks)
  const { broker: phase, stopAsked } = state
  if (stopAsked === 'no') step(overall.stops, { ...state, stopAsked: 'orderly' })
  if (phase === 'new') {
    const tasks = state.dirs.map((_, dir): Task => ({ to: 'dir', dir, event: 'open' }))
    step(overall.opens, tell({ broker: 'opened' }, ...tasks))
  } else if (phase === 'opened') {
    if (stopAsked === 'no' && allOpen)
      step(overall.loads, tell({ broker: 'loading' }, { to: 'manager', event: 'load' }))
    else step(overall.releases, over(made, state))
  } else if (phase === 'loading' || phase === 'serving') {
    if (stopAsked === 'no' && phase === 'loading' && name === 'loaded')
      step(overall.serves, serves(made, state))
    if (stopAsked === 'orderly' || (name === 'halfLoaded' && stopAsked === 'no'))
      step(overall.closes, tell({ broker: 'closing' }, { to: 'manager', event: 'close' }))
    if (stopAsked === 'fatal')
      step(overall.abandons, tell({ broker: 'closing' }, { to: 'manager', event: 'abandon' }))
  } else if (phase === 'closing') {
    if (stopAsked === 'fatal' && !['abandoning', 'closed'].includes(name))
      step(overall.abandons, tell({}, { to: 'manager', event: 'abandon' }))
    if (state.closedReports > 0) step(overall.releases, over(made, state))
  }
}

function serves(made: Composition, state: LogManagerState): LogManagerState {
  const running = perform(made, { ...state, broker: 'serving' }, { to: 'manager', event: 'serve' })
  return running.logs.reduce(
    (at, { isKnown }, log) => (isKnown ? tellPartition(made, at, log, 'elected') : at),
    running
  )
}

/** Worker threads are ended before; a thread of the broker's own has answered. */
function over(made: Composition, state: LogManagerState): LogManagerState {
  const ended =
    made.bounds.deaths === 0
      ? state
      : state.shards.reduce(
          (at, _, shard) => withShard(at, shard, { isDead: true, inbox: [], outbox: [] }),
          state
        )
  const tasks = state.dirs.map((_, dir): Task => ({ to: 'dir', dir, event: 'release' }))
  return perform(made, { ...ended, broker: 'over' }, ...tasks)
}

function timerSteps(made: Composition, state: LogManagerState, step: Step): void {
  if (state.timersArmed === 0 || state.checkpointsLeft === 0) return
  for (const kind of ['highWatermarks', 'recoveryPoints'] as const) {
    if (state.values[kind].awaited > 0) continue
    const asked = { ...state, checkpointsLeft: state.checkpointsLeft - 1 }
    step(overall[kind], perform(made, asked, { to: 'manager', event: 'checkpointDue', kind }))
  }
}

function shardSteps(made: Composition, state: LogManagerState, shard: number, step: Step): void {
  const { isDead, isOpening, isClosing, inbox, outbox } = shardOf(state, shard)
  const actions = ofShards[shard]
  if (actions === undefined) return
  if (outbox.length > 0) step(actions.answers, hears(made, state, shard))
  if (isDead) return
  if (inbox.length > 0) step(actions.takes, shardHears(made, state, shard))
  if (isOpening) {
    step(actions.opens, opens(made, state, shard, undefined))
    if (state.faultsLeft > 0) {
      for (const log of logsOfShard(made, shard)) {
        const cannot = ofLogs[log]?.cannotBeOpened
        if (cannot !== undefined) step(cannot, opens(made, state, shard, log))
      }
    }
  }
  if (isClosing && haveEnded(made, state, shard)) step(actions.closes, closes(made, state, shard))
  if (state.deathsLeft > 0) step(actions.dies, dies(made, state, shard))
}

function logSteps(made: Composition, state: LogManagerState, log: number, step: Step): void {
  const { isKnown, isAppending, syncing, leo } = logOf(state, log)
  const actions = ofLogs[log]
  if (actions === undefined || shardOf(state, made.place(log).shard).isDead) return
  const name = made.logName(logOf(state, log))
  const mayFail = state.faultsLeft > 0
  if (isAppending) {
    step(actions.appended, endsAppend(made, state, log, 'well'))
    if (mayFail) step(actions.notAppended, endsAppend(made, state, log, 'wrong'))
  }
  if (syncing >= 0) {
    step(actions.flushed, endsSync(made, state, log, 'well'))
    if (mayFail) step(actions.notFlushed, endsSync(made, state, log, 'wrong'))
  } else if (isKnown && name === 'closing') step(actions.flushesToClose, beginsSync(state, log))
  if (!isKnown || name !== 'open') return
  const isLeading = made.partitionName(logOf(state, log)) === 'leading'
  if (isLeading && !isAppending && leo <= made.bounds.appends) step(actions.begins, beginsAppend(state, log))
  if (syncing < 0 && leo > Math.max(1, logOf(state, log).rp)) step(actions.flushes, beginsSync(state, log))
  if (state.deletesLeft === 0 || !isLeading || isAppending) return
  const deleting = { ...state, deletesLeft: state.deletesLeft - 1 }
  step(actions.deleted, deletes(made, deleting, log, 'well'))
  if (mayFail) step(actions.notDeleted, deletes(made, deleting, log, 'wrong'))
}

export const isReleased = (made: Composition, state: LogManagerState, dir: number): boolean =>
  ['unlocked', 'refused', 'released', 'offline'].includes(made.dirName(state, dir)) &&
  !dirOf(state, dir).locked

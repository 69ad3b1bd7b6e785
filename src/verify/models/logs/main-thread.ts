// The main thread's half: the manager and the directories, as log-manager.ts and log-dir.ts drive them. It does one thing
// after the other; where a deed touches the disk, the disk answers before anything else happens there.
import { Bug } from '../../../errors.js'
import type { CheckpointKind } from '../../../storage/log-dir.machine.js'
import {
  type Collected,
  type Command,
  type Composition,
  dirOf,
  type Io,
  type LogManagerState,
  type Offsets,
  type Reply,
  shardOf,
  type Task,
  withDir,
  withLog,
  withShard
} from './state.js'

/** Appends what is to be done and does it, until the disk has to answer. */
export function perform(
  made: Composition,
  state: LogManagerState,
  ...tasks: readonly Task[]
): LogManagerState {
  let after: LogManagerState = { ...state, tasks: [...state.tasks, ...tasks] }
  while (after.tasks.length > 0 && after.dirs.every(({ io }) => io === undefined)) {
    const [task, ...rest] = after.tasks
    if (task !== undefined) after = performOne(made, { ...after, tasks: rest }, task)
  }
  return after
}

/** What a deed causes comes before what was to be done next. */
const first = (state: LogManagerState, ...tasks: readonly Task[]): LogManagerState => ({
  ...state,
  tasks: [...tasks, ...state.tasks]
})

function performOne(made: Composition, state: LogManagerState, task: Task): LogManagerState {
  switch (task.to) {
    case 'dir':
      return sendDir(made, state, task)
    case 'manager':
      return sendManager(made, state, task)
    case 'markerIsGone':
      // It is not: nothing may be loaded.
      return made.dirName(state, task.dir) === 'inService.clean'
        ? { ...state, tasks: [{ to: 'manager', event: 'loadFailed' }] }
        : state
    case 'openShards': {
      const asked = ask(state, { op: 'open' })
      if (isAnyDead(state)) return first(asked, { to: 'manager', event: 'loadFailed' })
      return { ...asked, opening: everybody(made) }
    }
  }
}

function sendDir(
  made: Composition,
  state: LogManagerState,
  { dir, event, kind }: Extract<Task, { to: 'dir' }>
): LogManagerState {
  const { machine } = dirOf(state, dir)
  const { state: next, actions } = made
    .dirMachine(dir)
    .step(machine, kind === undefined ? event : { type: event, kind })
  let after = withDir(state, dir, { machine: next })
  for (const { type, params } of actions) after = dirDeed(made, after, dir, type, params)
  return after
}

const diskDeeds: Readonly<Record<string, Io>> = {
  takeLock: 'lock',
  lookForMarker: 'look',
  removeMarker: 'removeMarker',
  writeLastCheckpoints: 'lastCheckpoints',
  writeMarker: 'writeMarker'
}

function dirDeed(
  made: Composition,
  state: LogManagerState,
  dir: number,
  deed: string,
  params: unknown
): LogManagerState {
  const io = diskDeeds[deed]
  if (io !== undefined) return withDir(state, dir, { io })
  switch (deed) {
    case 'writeCheckpoint':
      return withDir(state, dir, { io: (params as { kind: CheckpointKind }).kind })
    case 'releaseLock': {
      const { locked, releases } = dirOf(state, dir)
      return withDir(state, dir, { locked: false, releases: releases + (locked ? 1 : 2) })
    }
    case 'abandonLogs':
      return abandonDir(made, state, dir)
    default:
      throw new Bug(`the model does not know the action ${deed}`)
  }
}

/** Before anything was loaded there is nobody to ask. */
function abandonDir(made: Composition, state: LogManagerState, dir: number): LogManagerState {
  if (made.managerName(state) === 'idle') return first(state, { to: 'dir', dir, event: 'letGo' })
  const failed: Task = { to: 'manager', event: 'dirFailed', left: made.liveDirs(state) }
  const asked = ask(withDir(state, dir, { letGoAwaited: made.everyShard }), { op: 'abandon', dir })
  return made.rules.waitsForShards
    ? first(asked, failed)
    : first(asked, failed, { to: 'dir', dir, event: 'letGo' })
}

function sendManager(
  made: Composition,
  state: LogManagerState,
  { event, kind, left }: Extract<Task, { to: 'manager' }>
): LogManagerState {
  const sent = {
    type: event,
    ...(kind === undefined ? {} : { kind }),
    ...(left === undefined ? {} : { left })
  }
  const { state: next, actions } = made.manager.step(state.manager, sent)
  let after: LogManagerState = { ...state, manager: next }
  for (const { type, params } of actions) after = managerDeed(made, after, type, params)
  return after
}

function managerDeed(
  made: Composition,
  state: LogManagerState,
  deed: string,
  params: unknown
): LogManagerState {
  const dirs = state.dirs.map((_, dir) => dir).filter(dir => made.isLive(state, dir))
  switch (deed) {
    case 'openLogs':
      return first(
        state,
        ...dirs.flatMap((dir): Task[] => [
          { to: 'dir', dir, event: 'load' },
          { to: 'markerIsGone', dir }
        ]),
        { to: 'openShards' }
      )
    case 'scheduleTasks':
      return { ...state, timersArmed: state.timersArmed + 1 }
    case 'collectValues': {
      const { kind } = params as { kind: CheckpointKind }
      const asked = ask(state, { op: 'values', kind })
      if (isAnyDead(state)) return asked
      return { ...asked, values: { ...state.values, [kind]: everybody(made) } }
    }
    case 'writeCheckpoint': {
      const { kind } = params as { kind: CheckpointKind }
      return first(state, ...dirs.map((dir): Task => ({ to: 'dir', dir, event: 'checkpointDue', kind })))
    }
    case 'reportNoDirLeft':
      return { ...state, noDirReports: state.noDirReports + 1, stopAsked: 'fatal' }
    case 'closeLogs': {
      const asked = ask(state, { op: 'close' })
      if (isAnyDead(state)) return first(asked, { to: 'manager', event: 'closeFailed' })
      return { ...asked, closing: everybody(made) }
    }
    case 'finishDirs':
      return first(state, ...dirs.map(dir => finished(state, dir)))
    case 'abandonLogs': {
      const asked = ask(state, { op: 'abandonAll' })
      if (isAnyDead(state)) return first(asked, { to: 'manager', event: 'logsAbandoned' })
      return { ...asked, abandoning: made.everyShard }
    }
    case 'distrustDirs':
      return first(state, ...dirs.map((dir): Task => ({ to: 'dir', dir, event: 'someNotClosed' })))
    case 'reportClosed':
      return { ...state, closedReports: state.closedReports + 1 }
    default:
      throw new Bug(`the model does not know the action ${deed}`)
  }
}

function finished({ closing }: LogManagerState, dir: number): Task {
  return { to: 'dir', dir, event: (closing.failed & (1 << dir)) === 0 ? 'allClosed' : 'someNotClosed' }
}

const everybody = ({ everyShard }: Composition): Collected => ({ awaited: everyShard, values: [], failed: 0 })

/** Then whoever asks everybody gets an error at once; the others hear it all the same. */
const isAnyDead = ({ shards }: LogManagerState): boolean => shards.some(({ isDead }) => isDead)

/** The same to every shard. One that is dead hears nothing. */
function ask(state: LogManagerState, command: Command): LogManagerState {
  return {
    ...state,
    shards: state.shards.map(shard => (shard.isDead ? shard : { ...shard, inbox: [...shard.inbox, command] }))
  }
}

/** The disk has answered the deed of that directory. */
export function diskAnswers(
  made: Composition,
  state: LogManagerState,
  dir: number,
  went: 'well' | 'wrong'
): LogManagerState {
  const { io, marker } = dirOf(state, dir)
  const faultsLeft = state.faultsLeft - (went === 'wrong' ? 1 : 0)
  const free = withDir({ ...state, faultsLeft }, dir, { io: undefined })
  const say = (at: LogManagerState, event: string): LogManagerState =>
    perform(made, first(at, { to: 'dir', dir, event }))
  if (went === 'wrong') return say(free, io === 'lock' ? 'refused' : 'ioFailed')
  switch (io) {
    case 'lock':
      return say(withDir(free, dir, { locked: true }), 'locked')
    case 'look':
      return say(free, marker ? 'markerFound' : 'markerMissing')
    case 'removeMarker':
      return say(withDir(free, dir, { marker: false }), 'markerRemoved')
    case 'highWatermarks':
      return perform(made, write(made, free, dir, io, free.values[io].values))
    case 'recoveryPoints':
      return perform(made, write(made, free, dir, io, free.values[io].values))
    case 'lastCheckpoints': {
      const { values } = free.closing
      const half = write(made, free, dir, 'highWatermarks', values)
      return say(write(made, half, dir, 'recoveryPoints', values), 'written')
    }
    case 'writeMarker':
      return say(withDir(free, dir, { marker: true }), 'written')
    case undefined:
      throw new Bug('nobody has asked the disk')
  }
}

/** The file names the logs that have values, and no others. */
function write(
  made: Composition,
  state: LogManagerState,
  dir: number,
  kind: CheckpointKind,
  values: readonly Offsets[]
): LogManagerState {
  let after = state
  state.logs.forEach(({ isNamed }, log) => {
    if (made.place(log).dir !== dir || !isNamed) return
    const { rp = 0, hw = 0, start = 0 } = values[log] ?? {}
    after = withLog(after, log, kind === 'highWatermarks' ? { diskHw: hw } : { diskRp: rp, diskStart: start })
  })
  return after
}

/** The main thread takes the next message of that shard. */
export function hears(made: Composition, state: LogManagerState, shard: number): LogManagerState {
  const [reply, ...outbox] = shardOf(state, shard).outbox
  if (reply === undefined) throw new Bug('nothing was sent')
  const after = withShard(state, shard, { outbox })
  return reply.op === 'dirFailed'
    ? perform(made, after, { to: 'dir', dir: reply.dir, event: 'ioFailed' })
    : settle(made, after, shard, reply)
}

function settle(
  made: Composition,
  state: LogManagerState,
  shard: number,
  reply: Exclude<Reply, { op: 'dirFailed' }>
): LogManagerState {
  // Whoever had asked has got an error meanwhile: a thread is dead.
  if ((awaitedFor(state, reply) & (1 << shard)) === 0) return state
  switch (reply.op) {
    case 'opened': {
      const opening = collect(state.opening, shard, reply.failed)
      const after = { ...state, opening }
      return opening.awaited > 0 ? after : perform(made, after, ...loaded(made, after))
    }
    case 'values': {
      const collected = collect(state.values[reply.kind], shard, 0, reply.values)
      const after = { ...state, values: { ...state.values, [reply.kind]: collected } }
      if (collected.awaited > 0) return after
      return perform(made, after, { to: 'manager', event: 'valuesCame', kind: reply.kind })
    }
    case 'closed': {
      const closing = collect(state.closing, shard, reply.failed, reply.values)
      const after = { ...state, closing }
      return closing.awaited > 0 ? after : perform(made, after, { to: 'manager', event: 'logsClosed' })
    }
    case 'abandonedAll': {
      const after = { ...state, abandoning: state.abandoning & ~(1 << shard) }
      return after.abandoning > 0 ? after : perform(made, after, { to: 'manager', event: 'logsAbandoned' })
    }
    case 'abandoned': {
      const letGoAwaited = dirOf(state, reply.dir).letGoAwaited & ~(1 << shard)
      const after = withDir(state, reply.dir, { letGoAwaited })
      return letGoAwaited > 0 ? after : perform(made, after, { to: 'dir', dir: reply.dir, event: 'letGo' })
    }
  }
}

function awaitedFor(state: LogManagerState, reply: Exclude<Reply, { op: 'dirFailed' }>): number {
  switch (reply.op) {
    case 'opened':
      return state.opening.awaited
    case 'values':
      return state.values[reply.kind].awaited
    case 'closed':
      return state.closing.awaited
    case 'abandonedAll':
      return state.abandoning
    case 'abandoned':
      return dirOf(state, reply.dir).letGoAwaited
  }
}

function loaded(made: Composition, state: LogManagerState): Task[] {
  const { failed } = state.opening
  const dirs = state.dirs.map((_, dir) => dir).filter(dir => made.isLive(state, dir))
  return [
    ...dirs.map((dir): Task => {
      const event = (failed & (1 << dir)) === 0 ? 'allLoaded' : 'someNotLoaded'
      return { to: 'dir', dir, event }
    }),
    { to: 'manager', event: failed === 0 ? 'allLoaded' : 'loadFailed' }
  ]
}

function collect(
  { awaited, values, failed }: Collected,
  shard: number,
  failedNow: number,
  own: readonly Offsets[] = []
): Collected {
  const length = Math.max(values.length, own.length)
  return {
    awaited: awaited & ~(1 << shard),
    values: Array.from({ length }, (_, log) => own[log] ?? values[log]),
    failed: failed | failedNow
  }
}

/** A thread dies: what it was asked is answered by an error, and so is all that will be asked; the broker is told. */
export function dies(made: Composition, state: LogManagerState, shard: number): LogManagerState {
  const dead = withShard({ ...state, deathsLeft: state.deathsLeft - 1, stopAsked: 'fatal' }, shard, {
    isDead: true,
    isOpening: false,
    isClosing: false,
    inbox: []
  })
  const tasks: Task[] = []
  if (state.opening.awaited > 0) tasks.push({ to: 'manager', event: 'loadFailed' })
  if (state.closing.awaited > 0) tasks.push({ to: 'manager', event: 'closeFailed' })
  if (state.abandoning > 0) tasks.push({ to: 'manager', event: 'logsAbandoned' })
  const none: Collected = { awaited: 0, values: [], failed: 0 }
  return perform(
    made,
    {
      ...dead,
      opening: none,
      closing: none,
      abandoning: 0,
      values: { highWatermarks: none, recoveryPoints: none }
    },
    ...tasks
  )
}

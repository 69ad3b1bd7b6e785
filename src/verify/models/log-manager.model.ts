// The LogManager, its directories, and the logs on their shards: an I/O error at every place where the disk is touched,
// SIGTERM at every step, checkpoints whenever a timer likes, topics that are deleted, threads that die.
import type { CheckpointKind } from '../../storage/log-dir.machine.js'
import { modelEntry } from '../entry.js'
import type { Model, Sometimes } from '../model.js'
import { alwaysOf, everyStepOf } from './logs/invariants.js'
import {
  type Collected,
  Composition,
  type LogManagerBounds,
  type LogManagerOverrides,
  type LogManagerState,
  type Offsets,
  type Reply
} from './logs/state.js'
import { dirPart, logPart, manager, shardPart, steps } from './logs/steps.js'

export function logManagerModel(
  bounds: LogManagerBounds,
  overrides: LogManagerOverrides = {}
): Model<LogManagerState> {
  const made = new Composition(bounds, overrides)
  const dirs = Array.from({ length: bounds.dirs }, (_, dir) => dir)
  return {
    name: bounds.deletes + bounds.deaths === 0 ? 'log-manager' : 'log-manager-losses',
    about: `${bounds.dirs} directories, ${bounds.logs.length} logs on ${bounds.shards} shards; I/O errors: ${bounds.faults}, appends of each log: ${bounds.appends}, checkpoints: ${bounds.checkpoints}, deletions: ${bounds.deletes}, deaths: ${bounds.deaths}`,
    parts: [
      'operator',
      'scheduler',
      'client',
      'broker',
      manager,
      ...dirs.map(dirPart),
      ...Array.from({ length: bounds.shards }, (_, shard) => shardPart(shard)),
      ...bounds.logs.map((_, log) => logPart(log))
    ],
    initial: () => made.initial(),
    next: (state, step) => steps(made, state, step),
    key: keyOf,
    show: state => ({
      broker: state.broker,
      [manager]: made.managerName(state),
      ...Object.fromEntries(dirs.map(dir => [dirPart(dir), made.dirName(state, dir)])),
      ...Object.fromEntries(state.logs.map((log, at) => [logPart(at), made.logName(log)]))
    }),
    // Without a stop it may serve for ever.
    mayRest: state => isOver(state) || (state.stopAsked === 'no' && made.managerName(state) === 'running'),
    always: alwaysOf(made),
    everyStep: everyStepOf(made),
    inevitable: [
      {
        id: 'stop-ends',
        says: 'a stop that was asked for ends, whatever fails meanwhile',
        from: ({ stopAsked }) => stopAsked !== 'no',
        to: isOver
      },
      {
        id: 'load-ends',
        says: 'loading ends: partitions are served, or all is over',
        from: ({ broker }) => broker === 'loading',
        to: state => state.broker !== 'loading'
      }
    ],
    sometimes: situations(made)
  }
}

const isOver = ({ broker, dirs }: LogManagerState): boolean =>
  broker === 'over' && dirs.every(({ io }) => io === undefined)
const dirsOf = ({ dirs }: LogManagerState): number[] => dirs.map((_, dir) => dir)

function situations(made: Composition): Sometimes<LogManagerState>[] {
  const { bounds } = made
  const isRunning = (state: LogManagerState): boolean => made.managerName(state) === 'running'
  const found: Sometimes<LogManagerState>[] = [
    {
      says: 'every directory was closed in order',
      holds: state => isOver(state) && state.dirs.every(({ marker, locked }) => marker && !locked)
    },
    {
      says: 'one directory has failed while the other one serves',
      holds: state => isRunning(state) && made.liveDirs(state) === bounds.dirs - 1
    },
    {
      says: 'a lock is free while the broker serves: the shards have let go',
      holds: state => isRunning(state) && dirsOf(state).some(dir => made.dirName(state, dir) === 'offline')
    },
    {
      says: 'the directory of the metadata tree is lost and its lock is kept',
      holds: state => isRunning(state) && made.dirName(state, 0) === 'lost'
    },
    {
      says: 'a stop comes while logs are being opened',
      holds: state => made.managerName(state) === 'loadingThenClosing'
    },
    {
      says: 'a log drains: an append is under way when it is closed',
      holds: ({ logs }) => logs.some(log => made.logName(log) === 'draining')
    },
    {
      says: 'a start that failed leaves the marker as it found it',
      holds: state => isOver(state) && state.opening.failed !== 0 && state.dirs.some(({ marker }) => marker)
    }
  ]
  if (bounds.faults >= bounds.dirs)
    found.push({
      says: 'the last directory fails while partitions are served',
      holds: state => made.managerName(state) === 'dead'
    })
  if (bounds.checkpoints > 0)
    found.push({
      says: 'values for a checkpoint are asked for when the logs begin to close',
      holds: state =>
        made.managerName(state) === 'closing' &&
        Object.values(state.values).some(({ awaited }) => awaited > 0)
    })
  if (bounds.deletes > 0)
    found.push({
      says: 'a log is deleted whose directory keeps its name',
      holds: ({ logs }) =>
        logs.some(log => made.partitionName(log) === 'deleting' && log.isNamed && log.isKnown)
    })
  if (bounds.deaths > 0)
    found.push({
      says: 'a thread dies while partitions are served',
      holds: state => state.shards.some(({ isDead }) => isDead) && isRunning(state)
    })
  return found
}

const offsets = (value: Offsets): string =>
  value === undefined ? '-' : `${value.rp}${value.hw}${value.start}`
const collected = ({ awaited, values, failed }: Collected): string =>
  `${awaited}${failed}${values.map(offsets).join('')}`

const replyLetters: Readonly<Record<Reply['op'], string>> = {
  opened: 'o',
  values: 'v',
  closed: 'c',
  abandonedAll: 'A',
  abandoned: 'a',
  dirFailed: 'f'
}
const kindLetter = (kind: CheckpointKind): string => kind[0] ?? ''

function replyKey(reply: Reply): string {
  const letter = replyLetters[reply.op]
  switch (reply.op) {
    case 'opened':
      return `${letter}${reply.failed}`
    case 'values':
      return `${letter}${kindLetter(reply.kind)}${reply.values.map(offsets).join('')}`
    case 'closed':
      return `${letter}${reply.failed}${reply.values.map(offsets).join('')}`
    case 'abandonedAll':
      return letter
    case 'abandoned':
    case 'dirFailed':
      return `${letter}${reply.dir}`
  }
}

const bit = (flag: boolean): string => (flag ? '1' : '0')

function keyOf(state: LogManagerState): string {
  let key = `${state.manager},${state.broker},${state.stopAsked},${state.closedReports},${state.timersArmed},${state.noDirReports},${state.faultsLeft}${state.checkpointsLeft}${state.deletesLeft}${state.deathsLeft}`
  for (const dir of state.dirs)
    key += `;${dir.machine},${bit(dir.marker)}${bit(dir.locked)}${dir.releases}${dir.io ?? ''},${dir.letGoAwaited}`
  for (const log of state.logs)
    key += `;${log.machine},${log.partition},${bit(log.isKnown)}${bit(log.isNamed)}${bit(log.isHoled)}${bit(log.isAppending)}${log.leo}${log.rp}${log.safe}${log.diskRp}${log.diskHw}${log.diskStart}${log.syncing}`
  for (const shard of state.shards) {
    key += `;${bit(shard.isDead)}${bit(shard.isOpening)}${bit(shard.isClosing)}${shard.abandoned},${shard.reported}`
    for (const command of shard.inbox)
      key += `<${command.op}${command.op === 'values' ? kindLetter(command.kind) : ''}${command.op === 'abandon' ? command.dir : ''}`
    for (const reply of shard.outbox) key += `>${replyKey(reply)}`
  }
  key += `;${collected(state.opening)},${collected(state.closing)},${state.abandoning},${collected(state.values.highWatermarks)},${collected(state.values.recoveryPoints)}`
  for (const task of state.tasks) key += `|${JSON.stringify(task)}`
  return key
}

const oneShard: LogManagerBounds = {
  dirs: 2,
  shards: 1,
  logs: [
    { dir: 0, shard: 0 },
    { dir: 1, shard: 0 }
  ],
  appends: 1,
  faults: 2,
  checkpoints: 1,
  deletes: 0,
  deaths: 0
}
const twoShards: LogManagerBounds = {
  ...oneShard,
  shards: 2,
  logs: [
    { dir: 0, shard: 0 },
    { dir: 1, shard: 1 }
  ]
}

export const failingDisks = { small: { ...oneShard, faults: 1 }, large: twoShards }
/** Topics that are deleted and threads that die, with one I/O error. */
export const losses = {
  small: { ...oneShard, faults: 1, checkpoints: 0, deletes: 1, deaths: 1 },
  large: { ...twoShards, faults: 1, deletes: 1, deaths: 1 }
}

export const logManagerEntry = modelEntry(bound =>
  logManagerModel(failingDisks[bound === 'small' ? 'small' : 'large'])
)
export const logManagerLossesEntry = modelEntry(bound =>
  logManagerModel(losses[bound === 'small' ? 'small' : 'large'])
)

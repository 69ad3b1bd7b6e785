// The shards' half: logs and partitions, as shard-logs.ts, partition-log.ts and broker-thread.ts drive them. Opening and
// closing take their time, and other messages are heard meanwhile.
import { Bug } from '../../../errors.js'
import {
  type Command,
  type Composition,
  type LogManagerState,
  type LogModelState,
  logOf,
  type Offsets,
  type Reply,
  shardOf,
  withLog,
  withShard
} from './state.js'

export const logsOfShard = ({ bounds }: Composition, shard: number): number[] =>
  bounds.logs.flatMap((place, log) => (place.shard === shard ? [log] : []))

/** The shard takes its next message. */
export function shardHears(made: Composition, state: LogManagerState, shard: number): LogManagerState {
  const [command, ...inbox] = shardOf(state, shard).inbox
  if (command === undefined) throw new Bug('nothing was sent')
  return obey(made, withShard(state, shard, { inbox }), shard, command)
}

function obey(made: Composition, state: LogManagerState, shard: number, command: Command): LogManagerState {
  const own = logsOfShard(made, shard)
  switch (command.op) {
    case 'open':
      return withShard(state, shard, { isOpening: true })
    case 'values':
      return reply(state, shard, { op: 'values', kind: command.kind, values: valuesOf(state, own) })
    case 'close': {
      const after = withShard(state, shard, { isClosing: true })
      return own.reduce(
        (at, log) => (logOf(at, log).isKnown ? drained(made, tell(made, at, log, 'close'), log) : at),
        after
      )
    }
    case 'abandon':
      return reply(abandonDir(made, state, shard, command.dir), shard, { op: 'abandoned', dir: command.dir })
    case 'abandonAll': {
      const after = state.dirs.reduce((at, _, dir) => abandonDir(made, at, shard, dir), state)
      return reply(after, shard, { op: 'abandonedAll' })
    }
  }
}

const reply = (state: LogManagerState, shard: number, message: Reply): LogManagerState =>
  withShard(state, shard, { outbox: [...shardOf(state, shard).outbox, message] })

function valuesOf(state: LogManagerState, own: readonly number[]): Offsets[] {
  return state.logs.map((log, index) => {
    if (!own.includes(index) || !log.isKnown) return undefined
    return { rp: log.rp, hw: log.leo, start: 1 }
  })
}

/** An event of a log's machine, and what its driver does about it. */
export function tell(made: Composition, state: LogManagerState, log: number, event: string): LogManagerState {
  const { state: machine, deeds } = made.log.step(logOf(state, log).machine, event)
  const after = withLog(state, log, { machine })
  return deeds.includes('reportFailure') ? reportFailure(made, after, log) : after
}

/** Each directory is reported once by each shard. */
function reportFailure(made: Composition, state: LogManagerState, log: number): LogManagerState {
  const { dir, shard } = made.place(log)
  const { reported } = shardOf(state, shard)
  if ((reported & (1 << dir)) !== 0) return state
  return reply(withShard(state, shard, { reported: reported | (1 << dir) }), shard, { op: 'dirFailed', dir })
}

/** `failing`: the log that cannot be opened. */
export function opens(
  made: Composition,
  state: LogManagerState,
  shard: number,
  failing: number | undefined
): LogManagerState {
  let after = withShard(state, shard, { isOpening: false })
  const { abandoned } = shardOf(state, shard)
  for (const log of logsOfShard(made, shard)) {
    const { dir } = made.place(log)
    if (log === failing) continue
    if ((abandoned & (1 << dir)) !== 0) after = tell(made, after, log, 'abandon')
    else after = withLog(after, log, { isKnown: true })
  }
  const failed = failing === undefined ? 0 : 1 << made.place(failing).dir
  const faultsLeft = state.faultsLeft - (failing === undefined ? 0 : 1)
  return reply({ ...after, faultsLeft }, shard, { op: 'opened', failed })
}

function abandonDir(made: Composition, state: LogManagerState, shard: number, dir: number): LogManagerState {
  const bit = 1 << dir
  const { abandoned, reported } = shardOf(state, shard)
  let after = withShard(state, shard, { abandoned: abandoned | bit, reported: reported | bit })
  for (const log of logsOfShard(made, shard)) {
    if (made.place(log).dir !== dir || !logOf(after, log).isKnown) continue
    after = withLog(tell(made, after, log, 'abandon'), log, { isKnown: false })
    if (made.rules.tellsPartitions) after = tellPartition(made, after, log, 'logFailed')
  }
  return after
}

export function tellPartition(
  made: Composition,
  state: LogManagerState,
  log: number,
  event: string
): LogManagerState {
  const sent = event === 'elected' ? { type: event, leaderEpoch: 1 } : event
  const { state: partition } = made.partition.step(logOf(state, log).partition, sent)
  return withLog(state, log, { partition })
}

/** Validated, which takes its time: the log is asked again before anything is written. */
export const beginsAppend = (state: LogManagerState, log: number): LogManagerState =>
  withLog(state, log, { isAppending: true })

export function endsAppend(
  made: Composition,
  state: LogManagerState,
  log: number,
  went: 'well' | 'wrong'
): LogManagerState {
  const { leo } = logOf(state, log)
  const ended = withLog(state, log, { isAppending: false })
  if (!takesWrites(made, logOf(state, log))) return drained(made, ended, log)
  if (went === 'well') return drained(made, withLog(ended, log, { leo: leo + 1 }), log)
  const failed = tell(made, { ...ended, faultsLeft: state.faultsLeft - 1 }, log, 'ioFailed')
  return drained(made, tellPartition(made, failed, log, 'logFailed'), log)
}

function takesWrites(made: Composition, log: LogModelState): boolean {
  const name = made.logName(log)
  return name === 'open' || name === 'draining' || (!made.rules.closingTakesNoAppend && name === 'closing')
}

/** A log that is closed waits for the append that runs. */
function drained(made: Composition, state: LogManagerState, log: number): LogManagerState {
  const { isAppending } = logOf(state, log)
  return isAppending ? state : tell(made, state, log, 'drained')
}

export const beginsSync = (state: LogManagerState, log: number): LogManagerState =>
  withLog(state, log, { syncing: logOf(state, log).leo })

/** The files of a log are synced one after the other; while it closes, that ends the closing. */
export function endsSync(
  made: Composition,
  state: LogManagerState,
  log: number,
  went: 'well' | 'wrong'
): LogManagerState {
  const before = logOf(state, log)
  const { syncing, rp, safe, isHoled } = before
  const idle = withLog(state, log, { syncing: -1 })
  if (went === 'wrong') {
    const holed = withLog({ ...idle, faultsLeft: state.faultsLeft - 1 }, log, {
      isHoled: isHoled || syncing > safe
    })
    return made.rules.failedSyncFailsLog || made.logName(before) === 'closing'
      ? tell(made, holed, log, 'ioFailed')
      : holed
  }
  const synced = withLog(idle, log, {
    rp: Math.max(rp, syncing),
    safe: isHoled ? safe : Math.max(safe, syncing)
  })
  // A sync that began before the last append is followed by another one.
  const isThrough = made.logName(before) === 'closing' && syncing === before.leo
  return isThrough ? tell(made, synced, log, 'filesClosed') : synced
}

/** Every log of the shard has ended, whichever way. */
export function haveEnded(made: Composition, state: LogManagerState, shard: number): boolean {
  return logsOfShard(made, shard).every(log => {
    const { isKnown } = logOf(state, log)
    const name = made.logName(logOf(state, log))
    return !isKnown || name === 'closed' || name === 'failed' || name === 'deleted'
  })
}

export function closes(made: Composition, state: LogManagerState, shard: number): LogManagerState {
  const own = logsOfShard(made, shard).filter(log => logOf(state, log).isKnown)
  const closed = own.filter(log => made.logName(logOf(state, log)) === 'closed')
  const failed = own
    .filter(log => !closed.includes(log))
    .reduce((dirs, log) => dirs | (1 << made.place(log).dir), 0)
  const values = state.logs.map(
    (log, index): Offsets => (closed.includes(index) ? { rp: log.rp, hw: log.leo, start: 1 } : undefined)
  )
  let after = withShard(state, shard, { isClosing: false })
  for (const log of own) after = withLog(after, log, { isKnown: false })
  return reply(after, shard, { op: 'closed', failed, values })
}

/** The directory gets another name, or keeps the one it has. */
export function deletes(
  made: Composition,
  state: LogManagerState,
  log: number,
  went: 'well' | 'wrong'
): LogManagerState {
  const asked = tell(made, tellPartition(made, state, log, 'deleted'), log, 'delete')
  if (went === 'well')
    return withLog(tell(made, asked, log, 'renamed'), log, { isKnown: false, isNamed: false })
  const kept = tell(made, { ...asked, faultsLeft: state.faultsLeft - 1 }, log, 'ioFailed')
  return made.rules.forgetsAfterRename ? kept : withLog(kept, log, { isKnown: false })
}

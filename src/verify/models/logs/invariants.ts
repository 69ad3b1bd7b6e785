// What has to hold of logs and their directories: I-23, I-34 to I-43 of Kafka's lifecycle, and what follows from them here.
import type { Safety, StepSafety } from '../../model.js'
import { type Composition, dirOf, type LogManagerState, shardOf } from './state.js'

/** Logs of the directory, with the thread that owns them alive. */
function mayBeTouched(made: Composition, state: LogManagerState, dir: number): boolean {
  return state.logs.some((log, index) => {
    const place = made.place(index)
    const shard = shardOf(state, place.shard)
    if (place.dir !== dir || shard.isDead) return false
    const isOpened = log.isKnown && ['open', 'draining', 'closing', 'deleting'].includes(made.logName(log))
    return isOpened || (shard.isOpening && (shard.abandoned & (1 << dir)) === 0)
  })
}

const logsOf = (made: Composition, state: LogManagerState, dir: number) =>
  state.logs.filter((log, index) => made.place(index).dir === dir && log.isNamed)

const dirsOf = (state: LogManagerState): number[] => state.dirs.map((_, dir) => dir)
/** Before the marker was taken away, it is the last owner's. */
const ofTheLastOwner = [
  'unlocked',
  'locking',
  'locked',
  'refused',
  'inService.clean',
  'inService.removingMarker'
]
const isQuiet = (state: LogManagerState): boolean =>
  state.tasks.length === 0 && state.dirs.every(({ io }) => io === undefined)

export function alwaysOf(made: Composition): Safety<LogManagerState>[] {
  return [
    {
      id: 'I-34',
      says: 'a directory is locked as long as a log of it may be touched, and unlocked once, at the end at the latest',
      holds: state =>
        dirsOf(state).every(dir => {
          const { locked, releases } = dirOf(state, dir)
          if (!locked && mayBeTouched(made, state, dir)) return false
          return releases <= 1 && !(state.broker === 'over' && isQuiet(state) && locked)
        })
    },
    {
      id: 'home-is-locked',
      says: 'the directory of the metadata tree is locked until the broker is over',
      holds: state =>
        state.broker === 'over' ||
        dirOf(state, 0).locked ||
        ['unlocked', 'locking', 'refused'].includes(made.dirName(state, 0))
    },
    {
      id: 'I-35',
      says: 'a marker is written only when every log is closed and safe and the checkpoints say so',
      holds: state =>
        dirsOf(state).every(dir => {
          if (!dirOf(state, dir).marker || isOfTheLastOwner(made, state, dir)) return true
          return logsOf(made, state, dir).every(
            log =>
              log.safe === log.leo && log.diskRp === log.leo && log.diskHw === log.leo && !log.isAppending
          )
        })
    },
    {
      id: 'marker-is-earned',
      says: 'after an orderly stop without any failure every directory has its marker',
      holds: state =>
        !(state.broker === 'over' && isQuiet(state)) ||
        state.faultsLeft < made.bounds.faults ||
        state.stopAsked !== 'orderly' ||
        made.managerName(state) === 'idle' ||
        state.dirs.every(({ marker }) => marker)
    },
    {
      id: 'I-36',
      says: 'no marker is there while a log of the directory is open, or the manager runs',
      holds: state =>
        state.dirs.every(
          ({ marker }, dir) =>
            !marker ||
            (!mayBeTouched(made, state, dir) && !['loaded', 'running'].includes(made.managerName(state)))
        )
    },
    {
      id: 'I-37',
      says: 'with no directory left the broker is told, once',
      holds: state =>
        state.noDirReports <= 1 &&
        (made.liveDirs(state) > 0 ||
          !isQuiet(state) ||
          !['loading', 'loaded', 'halfLoaded', 'running'].includes(made.managerName(state)))
    },
    {
      id: 'I-38',
      says: 'the recovery point is not beyond the end, and what the disk says of it not beyond what is safe there',
      holds: ({ logs }) => logs.every(({ rp, leo, diskRp, safe }) => rp <= leo && diskRp <= safe)
    },
    {
      id: 'I-39',
      says: 'a high watermark on the disk is not beyond the one that it was taken from',
      holds: ({ logs }) => logs.every(({ diskHw, leo }) => diskHw <= leo)
    },
    {
      id: 'log-start-is-kept',
      says: 'a checkpoint never forgets a log that is still there: its deleted records would come back',
      holds: ({ logs }) => logs.every(({ diskStart, isNamed }) => !isNamed || diskStart === 1)
    },
    {
      id: 'I-41',
      says: 'the checkpoint timers are armed once at most',
      holds: ({ timersArmed }) => timersArmed <= 1
    },
    {
      id: 'I-42',
      says: 'while the broker serves, a partition whose log was abandoned is offline, or deleted',
      holds: state =>
        state.broker !== 'serving' ||
        state.logs.every((log, index) => {
          const { dir, shard } = made.place(index)
          if (log.isKnown || !log.isNamed || (shardOf(state, shard).abandoned & (1 << dir)) === 0) return true
          return made.partitionName(log) !== 'leading'
        })
    },
    {
      id: 'I-43',
      says: 'while it serves, a log is known as long as its directory has its name: nobody else may have that name',
      holds: state =>
        made.managerName(state) !== 'running' ||
        state.logs.every((log, index) => {
          const { dir, shard } = made.place(index)
          return log.isKnown || !log.isNamed || (shardOf(state, shard).abandoned & (1 << dir)) !== 0
        })
    }
  ]
}

function isOfTheLastOwner(made: Composition, state: LogManagerState, dir: number): boolean {
  const name = made.dirName(state, dir)
  // Released before anything was loaded.
  return ofTheLastOwner.includes(name) || (name === 'released' && made.managerName(state) === 'idle')
}

export function everyStepOf(made: Composition): StepSafety<LogManagerState>[] {
  return [
    {
      id: 'I-23',
      says: 'a log grows only while it is open, or ends what it had begun when it was closed',
      holds: (before, _, after) =>
        before.logs.every(
          (log, index) =>
            after.logs[index]?.leo === log.leo || ['open', 'draining'].includes(made.logName(log))
        )
    },
    {
      id: 'offline-never-serves',
      says: 'no record is taken for a partition that is offline or being deleted',
      holds: (before, _, after) =>
        before.logs.every(
          (log, index) =>
            !log.isAppending || made.partitionName(log) === 'leading' || after.logs[index]?.leo === log.leo
        )
    },
    {
      id: 'offline-is-not-written',
      says: 'nothing is written into a directory that has failed',
      holds: (before, _, after) =>
        dirsOf(before).every(dir => {
          if (!['failing', 'lost', 'offline', 'released'].includes(made.dirName(before, dir))) return true
          const isSame = dirOf(before, dir).marker === dirOf(after, dir).marker
          return (
            isSame &&
            before.logs.every((log, index) => {
              const later = after.logs[index]
              return (
                made.place(index).dir !== dir ||
                (later?.diskRp === log.diskRp &&
                  later.diskHw === log.diskHw &&
                  later.diskStart === log.diskStart)
              )
            })
          )
        })
    }
  ]
}

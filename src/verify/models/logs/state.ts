// What the model of the LogManager is made of: directories, logs on their shards, the mailboxes between the shards and the
// main thread, and what is on the disk.
import type { AnyStateMachine } from 'xstate'
import { logManagerMachine } from '../../../actors/broker/log-manager.machine.js'
import { partitionMachine } from '../../../actors/replicas/partition.machine.js'
import { required } from '../../../errors.js'
import { type CheckpointKind, logDirMachine } from '../../../storage/log-dir.machine.js'
import { partitionLogMachine } from '../../../storage/partition-log.machine.js'
import { ExecutedMachine } from '../../executed-machine.js'

export interface LogManagerBounds {
  readonly dirs: number
  readonly shards: number
  /** Of each log, counted from 0: its directory and its shard. */
  readonly logs: ReadonlyArray<{ readonly dir: number; readonly shard: number }>
  /** Appends of each log. */
  readonly appends: number
  /** I/O errors, wherever they strike. */
  readonly faults: number
  readonly checkpoints: number
  readonly deletes: number
  readonly deaths: number
}

/** Rules of the composition that a mutant breaks. */
export interface LogManagerRules {
  /** A directory says that it is let go of only when every shard has dropped its logs. */
  readonly waitsForShards: boolean
  /** A log that is closing takes no append. */
  readonly closingTakesNoAppend: boolean
  /** Partitions hear that their directory failed. */
  readonly tellsPartitions: boolean
  /** A failed sync of a log is a failure of the log. */
  readonly failedSyncFailsLog: boolean
  /** A deleted log leaves the shard's map when its directory has another name. */
  readonly forgetsAfterRename: boolean
}

export interface LogManagerOverrides {
  readonly manager?: AnyStateMachine
  readonly dir?: AnyStateMachine
  readonly log?: AnyStateMachine
  readonly partition?: AnyStateMachine
  readonly rules?: Partial<LogManagerRules>
}

/** Offsets of a log as one value: recovery point, high watermark, log start; absent: the file does not name the log. */
export type Offsets = { readonly rp: number; readonly hw: number; readonly start: number } | undefined

export interface DirState {
  readonly machine: number
  readonly marker: boolean
  readonly locked: boolean
  /** How often the lock was given back. */
  readonly releases: number
  /** What the deed of its last event does with the disk, before anything else happens on the main thread. */
  readonly io: Io | undefined
  /** Shards that have not yet dropped their logs of it, as bits. */
  readonly letGoAwaited: number
}

export type Io =
  | 'lock'
  | 'look'
  | 'removeMarker'
  | 'highWatermarks'
  | 'recoveryPoints'
  | 'lastCheckpoints'
  | 'writeMarker'

export interface LogModelState {
  readonly machine: number
  readonly partition: number
  /** In the shard's map: somebody can find it. */
  readonly isKnown: boolean
  /** Its directory has its name. */
  readonly isNamed: boolean
  readonly leo: number
  readonly rp: number
  /** What a power loss leaves: never more than what a sync that went well has covered. */
  readonly safe: number
  /** A sync failed: what it would have covered is lost, although later syncs say "done". */
  readonly isHoled: boolean
  readonly isAppending: boolean
  /** Up to where the sync that runs began; -1: none. */
  readonly syncing: number
  /** Of what the checkpoints on the disk say of it. */
  readonly diskRp: number
  readonly diskHw: number
  /** 0: nothing is remembered. */
  readonly diskStart: number
}

export interface ShardState {
  readonly isDead: boolean
  readonly isOpening: boolean
  readonly isClosing: boolean
  /** Directories that it does not touch any more, and those that it has reported; as bits. */
  readonly abandoned: number
  readonly reported: number
  readonly inbox: readonly Command[]
  /** To the main thread. */
  readonly outbox: readonly Reply[]
}

export type Command =
  | { readonly op: 'open' | 'close' | 'abandonAll' }
  | { readonly op: 'values'; readonly kind: CheckpointKind }
  | { readonly op: 'abandon'; readonly dir: number }

export type Reply =
  /** `failed`: directories with a log that cannot be opened, as bits. */
  | { readonly op: 'opened'; readonly failed: number }
  | { readonly op: 'values'; readonly kind: CheckpointKind; readonly values: readonly Offsets[] }
  | { readonly op: 'closed'; readonly failed: number; readonly values: readonly Offsets[] }
  | { readonly op: 'abandonedAll' }
  | { readonly op: 'abandoned'; readonly dir: number }
  | { readonly op: 'dirFailed'; readonly dir: number }

/** What the main thread does next, in order; nothing else happens on it meanwhile. */
export type Task =
  | { readonly to: 'dir'; readonly dir: number; readonly event: string; readonly kind?: CheckpointKind }
  | { readonly to: 'manager'; readonly event: string; readonly kind?: CheckpointKind; readonly left?: number }
  | { readonly to: 'markerIsGone'; readonly dir: number }
  | { readonly to: 'openShards' }

export interface Collected {
  /** Shards that have not answered, as bits; 0: nobody is asked. */
  readonly awaited: number
  readonly values: readonly Offsets[]
  readonly failed: number
}

export interface LogManagerState {
  readonly manager: number
  readonly dirs: readonly DirState[]
  readonly logs: readonly LogModelState[]
  readonly shards: readonly ShardState[]
  readonly tasks: readonly Task[]
  readonly opening: Collected
  readonly closing: Collected
  readonly abandoning: number
  readonly values: Readonly<Record<CheckpointKind, Collected>>
  /** What the broker has asked for so far. */
  readonly broker: 'new' | 'opened' | 'loading' | 'serving' | 'closing' | 'closed' | 'over'
  readonly stopAsked: 'no' | 'orderly' | 'fatal'
  readonly closedReports: number
  readonly timersArmed: number
  readonly noDirReports: number
  readonly faultsLeft: number
  readonly checkpointsLeft: number
  readonly deletesLeft: number
  readonly deathsLeft: number
}

/** Machines, bounds and rules together. */
export class Composition {
  readonly manager: ExecutedMachine
  /** The first directory is the metadata tree's. */
  readonly home: ExecutedMachine
  readonly other: ExecutedMachine
  readonly log: ExecutedMachine
  readonly partition: ExecutedMachine
  readonly bounds: LogManagerBounds
  readonly rules: LogManagerRules
  readonly everyShard: number

  constructor(bounds: LogManagerBounds, overrides: LogManagerOverrides) {
    this.bounds = bounds
    this.manager = new ExecutedMachine(overrides.manager ?? logManagerMachine)
    const dir = overrides.dir ?? logDirMachine
    this.home = new ExecutedMachine(dir, { isHome: true })
    this.other = new ExecutedMachine(dir, { isHome: false })
    this.log = new ExecutedMachine(overrides.log ?? partitionLogMachine)
    this.partition = new ExecutedMachine(overrides.partition ?? partitionMachine)
    this.rules = {
      waitsForShards: true,
      closingTakesNoAppend: true,
      tellsPartitions: true,
      failedSyncFailsLog: true,
      forgetsAfterRename: true,
      ...overrides.rules
    }
    this.everyShard = (1 << bounds.shards) - 1
  }

  dirMachine(dir: number): ExecutedMachine {
    return dir === 0 ? this.home : this.other
  }

  managerName({ manager }: LogManagerState): string {
    return this.manager.name(manager)
  }

  dirName(state: LogManagerState, dir: number): string {
    return this.dirMachine(dir).name(dirOf(state, dir).machine)
  }

  isLive(state: LogManagerState, dir: number): boolean {
    return this.dirMachine(dir).is(dirOf(state, dir).machine, 'inService')
  }

  liveDirs(state: LogManagerState): number {
    return state.dirs.filter((_, dir) => this.isLive(state, dir)).length
  }

  logName({ machine }: LogModelState): string {
    return this.log.name(machine)
  }

  partitionName({ partition }: LogModelState): string {
    return this.partition.name(partition)
  }

  place(log: number): { readonly dir: number; readonly shard: number } {
    return required(this.bounds.logs[log], 'the bounds name every log')
  }

  initial(): LogManagerState {
    const { bounds, manager } = this
    const nothing: Collected = { awaited: 0, values: [], failed: 0 }
    return {
      manager: manager.initial,
      dirs: Array.from({ length: bounds.dirs }, (_, dir) => ({
        machine: this.dirMachine(dir).initial,
        // The first was closed in order, the others were not.
        marker: dir === 0,
        locked: false,
        releases: 0,
        io: undefined,
        letGoAwaited: 0
      })),
      logs: bounds.logs.map(place => ({
        machine: this.log.initial,
        partition: this.partition.initial,
        isKnown: false,
        isNamed: true,
        leo: 1,
        // After a crash nobody knows what has reached the disk.
        rp: place.dir === 0 ? 1 : 0,
        safe: place.dir === 0 ? 1 : 0,
        isHoled: false,
        isAppending: false,
        syncing: -1,
        diskRp: place.dir === 0 ? 1 : 0,
        diskHw: 1,
        diskStart: 1
      })),
      shards: Array.from({ length: bounds.shards }, () => ({
        isDead: false,
        isOpening: false,
        isClosing: false,
        abandoned: 0,
        reported: 0,
        inbox: [],
        outbox: []
      })),
      tasks: [],
      opening: nothing,
      closing: nothing,
      abandoning: 0,
      values: { highWatermarks: nothing, recoveryPoints: nothing },
      broker: 'new',
      stopAsked: 'no',
      closedReports: 0,
      timersArmed: 0,
      noDirReports: 0,
      faultsLeft: bounds.faults,
      checkpointsLeft: bounds.checkpoints,
      deletesLeft: bounds.deletes,
      deathsLeft: bounds.deaths
    }
  }
}

export const dirOf = (state: LogManagerState, dir: number): DirState =>
  required(state.dirs[dir], 'a directory of the model')
export const logOf = (state: LogManagerState, log: number): LogModelState =>
  required(state.logs[log], 'a log of the model')
export const shardOf = (state: LogManagerState, shard: number): ShardState =>
  required(state.shards[shard], 'a shard of the model')

export function withDir(state: LogManagerState, dir: number, change: Partial<DirState>): LogManagerState {
  return { ...state, dirs: state.dirs.with(dir, { ...dirOf(state, dir), ...change }) }
}

export function withLog(
  state: LogManagerState,
  log: number,
  change: Partial<LogModelState>
): LogManagerState {
  return { ...state, logs: state.logs.with(log, { ...logOf(state, log), ...change }) }
}

export function withShard(
  state: LogManagerState,
  shard: number,
  change: Partial<ShardState>
): LogManagerState {
  return { ...state, shards: state.shards.with(shard, { ...shardOf(state, shard), ...change }) }
}

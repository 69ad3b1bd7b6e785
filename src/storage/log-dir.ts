// One log directory: its machine says what may happen to it, this driver holds the lock and writes marker and checkpoints.
import path from 'node:path'
import { driveMachine, type MachineDriver } from '../actors/runtime/actor.js'
import type { Logger } from '../actors/runtime/log.js'
import { errorMessage, StartupError } from '../errors.js'
import { DirCheckpoints } from './dir-checkpoints.js'
import type { FileLock, TakeLock } from './file-lock.js'
import { type Files, writeAtomically } from './files.js'
import { type CheckpointKind, type LogDirEvent, logDirMachine } from './log-dir.machine.js'
import type { CheckpointValues, CloseFailure } from './shard-logs.js'

const markerName = '.kafka_cleanshutdown'

export interface LogDirOptions {
  /** As log.dirs names it; created when it is missing. */
  readonly configured: string
  readonly files: Files
  readonly takeLock: TakeLock
  readonly logger: Logger
  /** The metadata tree lies in it. */
  readonly isHome: boolean
  /** Canonical paths that are taken. */
  readonly known: readonly string[]
  /** Resolves when no shard has a file of it open. */
  readonly abandonLogs: (logDir: string) => Promise<unknown>
}

export class LogDir {
  /** Canonical. */
  readonly path: string
  readonly checkpoints: DirCheckpoints
  readonly #options: LogDirOptions
  readonly #machine: MachineDriver<typeof logDirMachine>
  #lock: FileLock | undefined
  /** Of the checkpoint that is due. */
  #values: readonly CheckpointValues[] = []
  /** What went wrong last. */
  #problem: unknown

  private constructor(options: LogDirOptions, canonical: string) {
    this.#options = options
    this.path = canonical
    this.checkpoints = new DirCheckpoints(options.files, canonical)
    this.#machine = driveMachine(
      logDirMachine,
      {
        takeLock: () => this.#takeLock(),
        lookForMarker: () => this.#lookForMarker(),
        removeMarker: () => this.#try('markerRemoved', () => this.#removeMarker()),
        writeCheckpoint: ({ kind }: { kind: CheckpointKind }) => this.#writeCheckpoint(kind),
        writeLastCheckpoints: () => this.#writeLastCheckpoints(),
        writeMarker: () => this.#writeMarker(),
        abandonLogs: () => void this.#abandonLogs(),
        releaseLock: () => this.#lock?.release()
      },
      { name: `logDir.${canonical}`, input: { isHome: options.isHome }, atOnce: true }
    )
  }

  /** Creates and locks it. Throws StartupError naming the path. */
  static open(options: LogDirOptions): LogDir {
    const { configured, known } = options
    const canonical = canonicalPath(options)
    if (known.includes(canonical)) throw new StartupError(`log.dirs: ${configured} is there twice`)
    const dir = new LogDir(options, canonical)
    dir.#machine.send({ type: 'open' })
    if (dir.state === 'refused') throw dir.#problem
    return dir
  }

  get state(): string {
    return this.#machine.state
  }

  get isInService(): boolean {
    return this.#machine.is('inService')
  }

  /** It was closed in order, and nothing has been loaded since. */
  get isClean(): boolean {
    return this.#machine.is('inService.clean')
  }

  get #marker(): string {
    return path.join(this.path, markerName)
  }

  /** Throws what the disk says: then the marker may still be there, and nothing may be loaded. */
  load(): void {
    this.#send('load')
    if (this.isClean) throw this.#problem
  }

  loaded(how: 'allLoaded' | 'someNotLoaded'): void {
    this.#send(how)
  }

  checkpoint(kind: CheckpointKind, values: readonly CheckpointValues[]): void {
    this.#values = values
    this.#machine.send({ type: 'checkpointDue', kind })
  }

  /** All its logs were closed, but for `failure`; `values`: where they ended. */
  finish(values: readonly CheckpointValues[], failure: CloseFailure | undefined): void {
    this.#values = values
    if (failure !== undefined) {
      this.#options.logger.warn(
        `There was an error closing a log in ${this.path}: no clean-shutdown marker`,
        failure.error
      )
    }
    this.#send(failure === undefined ? 'allClosed' : 'someNotClosed')
  }

  distrust(): void {
    this.#send('someNotClosed')
  }

  fail(): void {
    this.#send('ioFailed')
  }

  release(): void {
    this.#send('release')
  }

  #send(type: Exclude<LogDirEvent['type'], 'checkpointDue'>): void {
    this.#machine.send({ type })
  }

  #takeLock(): void {
    const { configured, takeLock } = this.#options
    const lock = takeLock(path.join(this.path, '.lock'))
    if (lock !== 'held' && !('failure' in lock)) {
      this.#lock = lock
      this.#send('locked')
      return
    }
    this.#problem = new StartupError(
      lock === 'held'
        ? `Failed to acquire lock on file .lock in ${configured}. A Kafka instance in another process or thread is using this directory.`
        : `log.dirs: ${configured}: ${lock.failure}`
    )
    this.#send('refused')
  }

  #lookForMarker(): void {
    const { configured, files } = this.#options
    try {
      this.#send(files.status(this.#marker) === undefined ? 'markerMissing' : 'markerFound')
    } catch (error) {
      this.#problem = new StartupError(`log.dirs: ${configured}: ${errorMessage(error)}`)
      this.#send('ioFailed')
    }
  }

  #removeMarker(): void {
    this.#options.files.remove(this.#marker)
    // A marker that a power loss brings back would vouch for logs that nobody checked.
    this.#options.files.syncDirectory(this.path)
  }

  #try(done: 'markerRemoved' | 'written', run: () => void): void {
    try {
      run()
    } catch (error) {
      this.#problem = error
      this.#send('ioFailed')
      return
    }
    this.#send(done)
  }

  #writeCheckpoint(kind: CheckpointKind): void {
    try {
      this.#write(kind)
    } catch (error) {
      this.#options.logger.error(`Error while writing to checkpoint files in ${this.path}`, error)
      this.fail()
    }
  }

  #write(kind: CheckpointKind): void {
    if (kind === 'highWatermarks') this.checkpoints.writeHighWatermarks(this.#values)
    else this.checkpoints.writeRecoveryPoints(this.#values)
  }

  #writeLastCheckpoints(): void {
    this.#try('written', () =>
      this.#warnOf(() => {
        this.#write('highWatermarks')
        this.#write('recoveryPoints')
      })
    )
  }

  #writeMarker(): void {
    const { files } = this.#options
    this.#try('written', () =>
      this.#warnOf(() => writeAtomically(files, this.#marker, '{"version":0,"brokerEpoch":-1}'))
    )
  }

  #warnOf(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.#options.logger.warn(`${this.path} could not be closed in order: ${errorMessage(error)}`)
      throw error
    }
  }

  async #abandonLogs(): Promise<void> {
    try {
      await this.#options.abandonLogs(this.path)
    } catch {
      // A thread is dead: nobody knows what it has open, so the lock is kept until the broker has ended.
      return
    }
    this.#send('letGo')
  }
}

function canonicalPath({ configured, files }: LogDirOptions): string {
  try {
    if (files.status(configured) === undefined) {
      files.makeDirectory(configured)
      files.syncDirectory(path.dirname(configured))
    }
    if (!files.isDirectory(configured)) throw new StartupError(`log.dirs: ${configured} is not a directory`)
    files.list(configured)
    return files.canonical(configured)
  } catch (error) {
    if (error instanceof StartupError) throw error
    throw new StartupError(`log.dirs: ${configured}: ${errorMessage(error)}`)
  }
}

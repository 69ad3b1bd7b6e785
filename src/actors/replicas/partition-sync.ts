// Drives partition-sync.machine.ts: what of a partition's log has reached the disk.
import { compileTable } from '../runtime/transition-table.js'
import { type PartitionSyncEvent, partitionSyncMachine } from './partition-sync.machine.js'

const table = compileTable(partitionSyncMachine)
const eventIndex = (type: PartitionSyncEvent['type']): number => table.eventIndex(type)
const wanted = eventIndex('wanted')
const flushed = eventIndex('flushed')
const failed = eventIndex('failed')
const released = eventIndex('released')

export interface SyncedLog {
  readonly logEndOffset: number
  /** Everything below is on the disk. */
  readonly recoveryPoint: number
  flush(): Promise<unknown>
}

export interface SyncOwner {
  /** More of the log is on the disk. */
  synced(): void
  syncFailed(error: unknown): void
}

export class PartitionSync {
  /** The partition's name. */
  readonly id: string
  readonly #log: SyncedLog
  readonly #owner: SyncOwner
  #state = table.initial
  #syncedOffset: number

  constructor(id: string, log: SyncedLog, owner: SyncOwner) {
    this.id = id
    this.#log = log
    this.#owner = owner
    // Not the log's end: what recovery found may have been written and never synced.
    this.#syncedOffset = log.recoveryPoint
  }

  /** Everything below this offset is on the disk. */
  get syncedOffset(): number {
    return this.#syncedOffset
  }

  request(): void {
    this.#step(wanted)
  }

  release(): void {
    this.#step(released)
  }

  #flush(): void {
    const upTo = this.#log.logEndOffset
    this.#log.flush().then(
      () => {
        this.#syncedOffset = Math.max(this.#syncedOffset, upTo)
        this.#step(flushed)
        this.#owner.synced()
      },
      error => {
        this.#step(failed)
        this.#owner.syncFailed(error)
      }
    )
  }

  #step(event: number): void {
    const deeds = table.actions[this.#state * table.events.length + event] ?? []
    this.#state = table.take(this, this.#state, event)
    if (deeds.length > 0) this.#flush()
  }
}

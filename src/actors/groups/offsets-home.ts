// One ownership of an offsets partition: what its groups live on from the end of a load to the unload. A new ownership has a
// new home, so that nothing that began under the old one reaches the new one's groups.
import type { ErrorName } from '../../protocol/error-codes.js'
import type { MetadataImage } from '../controller/metadata-image.js'
import type { Eventually } from '../replicas/partition-commands.js'
import type { Logger } from '../runtime/log.js'
import { loop } from '../runtime/loop.js'
import type { Cancel } from '../runtime/timers.js'
import { CommitsInFlight } from './commits-in-flight.js'
import { CommittedOffsets } from './committed-offsets.js'
import type { Group, GroupHome } from './group.js'
import type { GroupKinds } from './group-kinds.js'
import { type Appended, type GroupLog, groupErrorOf } from './group-log.js'
import type { GroupRecord } from './group-record.js'
import type { GroupSettings } from './group-settings.js'

/** Of one thread since its start; what Kafka's group-coordinator-metrics count. */
export interface OffsetCounts {
  committed: number
  expired: number
  deleted: number
}

export interface HomeOptions {
  readonly partition: number
  readonly settings: GroupSettings
  readonly logger: Logger
  readonly nowMs: () => number
  readonly metadata: () => MetadataImage
  readonly after: (delayMs: number, run: () => void) => Cancel
  readonly log: GroupLog
  readonly kinds: GroupKinds
  readonly counts: OffsetCounts
  /** Whether it is still the ownership that counts. */
  readonly isCurrent: (home: OffsetsHome) => boolean
}

export class OffsetsHome implements GroupHome {
  readonly groups = new Map<string, Group>()
  readonly offsets = new CommittedOffsets()
  readonly inFlight = new CommitsInFlight()
  readonly kinds: GroupKinds
  readonly counts: OffsetCounts
  readonly partition: number
  readonly settings: GroupSettings
  readonly logger: Logger
  readonly #options: HomeOptions

  constructor(options: HomeOptions) {
    this.#options = options
    this.kinds = options.kinds
    this.counts = options.counts
    this.partition = options.partition
    this.settings = options.settings
    this.logger = options.logger
  }

  nowMs(): number {
    return this.#options.nowMs()
  }

  metadata(): MetadataImage {
    return this.#options.metadata()
  }

  after(delayMs: number, run: () => void): Cancel {
    return this.#options.after(delayMs, () => {
      if (this.isCurrent) run()
    })
  }

  newMemberId(prefix: string): string {
    return `${prefix}-${loop().randomUuid()}`
  }

  get isCurrent(): boolean {
    return this.#options.isCurrent(this)
  }

  append(records: readonly GroupRecord[]): Eventually<ErrorName> {
    const appended = this.write(records)
    return appended instanceof Promise
      ? appended.then(({ error }) => groupErrorOf(error))
      : groupErrorOf(appended.error)
  }

  /** As `append`, with the log's own error and where the records are. */
  write(records: readonly GroupRecord[]): Eventually<Appended> {
    if (!this.isCurrent) return { error: 'NOT_COORDINATOR', firstOffset: -1 }
    if (records.length === 0) return { error: 'NONE', firstOffset: -1 }
    return this.#options.log.append(records, this.nowMs())
  }

  /** Everybody who waits is answered; nothing is written. */
  unload(error: ErrorName): void {
    for (const group of this.groups.values()) group.unload(error)
    this.groups.clear()
  }
}

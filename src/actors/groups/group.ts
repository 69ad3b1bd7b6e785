// What the coordinator and the two kinds of groups (classic, and KIP-848's consumer groups) know of each other. A group never
// touches a log, a timer or a socket of its own: its home, the offsets partition that it lives on, gives it what it needs.
import type { ErrorName } from '../../protocol/error-codes.js'
import type { MetadataImage } from '../controller/metadata-image.js'
import type { Eventually } from '../replicas/partition-commands.js'
import type { Logger } from '../runtime/log.js'
import type { Cancel } from '../runtime/timers.js'
import type { GroupRecord } from './group-record.js'
import type { GroupSettings } from './group-settings.js'

/** The protocol type of groups whose members' metadata is ConsumerProtocol. */
export const consumerProtocolType = 'consumer'

/** Who asks: what members are described by, and which versions' rules count. */
export interface GroupCaller {
  readonly apiVersion: number
  readonly clientId: string
  /** As Kafka shows it: "/127.0.0.1". */
  readonly clientHost: string
}

/** The owned offsets partition that a group lives on. All of it runs on the thread of that partition's shard. */
export interface GroupHome {
  /** Of __consumer_offsets. */
  readonly partition: number
  readonly groups: Map<string, Group>
  readonly settings: GroupSettings
  readonly logger: Logger
  /** Wall clock, ms since the epoch. */
  nowMs(): number
  /** The newest metadata image of this thread: topics, ids, partition counts. */
  metadata(): MetadataImage
  /** Runs once after `delayMs` on the thread's timing wheel, unless cancelled. */
  after(delayMs: number, run: () => void): Cancel
  /** A number below `bound`, for member ids and jitter: injected, so that tests repeat. */
  newMemberId(prefix: string): string
  /**
   * Writes the records as one batch and gives NONE, or the coordinator's error (COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR,
   * UNKNOWN_SERVER_ERROR, …). The bytes are in the page cache when it returns; a promise only where an acknowledgement has to
   * wait for the disk. State is changed after the append was accepted, answers are given when it is done.
   */
  append(records: readonly GroupRecord[]): Eventually<ErrorName>
}

/** The sender of an OffsetCommit or TxnOffsetCommit. */
export interface Committer {
  readonly memberId: string
  readonly groupInstanceId: string | null
  /** Generation of a classic member, epoch of a KIP-848 one; negative: not a member. */
  readonly generationOrEpoch: number
  readonly apiVersion: number
  readonly isTransactional: boolean
}

export interface GroupDescription {
  /** Kafka's name: Empty, PreparingRebalance, CompletingRebalance, Stable, Dead; Assigning, Reconciling. */
  readonly state: string
  readonly protocolType: string
  readonly protocol: string
  readonly members: readonly {
    readonly memberId: string
    readonly groupInstanceId: string | null
    readonly clientId: string
    readonly clientHost: string
    readonly memberMetadata: Buffer
    readonly memberAssignment: Buffer
  }[]
}

/** Both kinds. What only one of them can do is a method of its class, reached after looking at `kind`. */
export interface Group {
  readonly groupId: string
  readonly kind: 'classic' | 'consumer'
  /** Kafka's name of the state, as ListGroups shows it. */
  readonly state: string
  /** "consumer", "connect", …; "" for a group that only commits. */
  readonly protocolType: string
  /** No members. */
  readonly isEmpty: boolean
  /** Wall clock; -1 while it has members or when nobody knows. For the expiry of offsets. */
  readonly emptySinceMs: number
  /** NONE when this commit may be written; a commit of a member counts as its heartbeat. */
  mayCommit(committer: Committer): ErrorName
  /** OffsetFetch v9+: STALE_MEMBER_EPOCH, UNKNOWN_MEMBER_ID; NONE for classic groups. */
  mayFetch(memberId: string | null, memberEpoch: number): ErrorName
  /** Whether a live member subscribes to it: such offsets are neither deleted nor expired. */
  subscribesTo(topic: string): boolean
  describe(): GroupDescription
  /** NONE, or why DeleteGroups refuses: NON_EMPTY_GROUP, GROUP_ID_NOT_FOUND. */
  mayDelete(): ErrorName
  /** Records that end it (without its offsets). */
  tombstones(): readonly GroupRecord[]
  /** It is dead here from now on: whoever waits is answered `error`, timers stop. Writes nothing. */
  unload(error: ErrorName): void
}

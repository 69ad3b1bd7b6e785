// What the main thread asks of each thread's part of the broker, and what a thread tells unasked. Plain data.

import type { DynamicConfigs } from '../../config/dynamic-layer.js'
import type { CheckpointValues, PartitionToOpen } from '../../storage/shard-logs.js'
import type { HandlerGauges } from '../handlers/idle-percent.js'
import type { HistoryQuestion } from './thread-look.js'

/** Mailbox name of every thread's part; of the main thread's own: `brokerActor`. */
export const threadActor = 'broker.thread'
export const brokerActor = 'broker'

export type ThreadCommand =
  | {
      readonly op: 'open'
      readonly brokerId: number
      /** Canonical paths, where new partitions may go. */
      readonly logDirs: readonly string[]
      readonly partitions: readonly PartitionToOpen[]
      /** What the tree holds for brokers: nothing is opened before it holds. */
      readonly brokerConfigs: DynamicConfigs
    }
  | { readonly op: 'checkpoints' }
  | { readonly op: 'expireProducers' }
  /** Groups are served from now on, or no longer. */
  | { readonly op: 'startGroups' }
  | { readonly op: 'stopGroups' }
  | { readonly op: 'expireOffsets' }
  | { readonly op: 'closeLogs' }
  | { readonly op: 'abandon'; readonly logDir: string }
  | { readonly op: 'abandonAll' }
  | { readonly op: 'dismiss'; readonly ids: readonly number[] }
  | { readonly op: 'gauges' }
  /** What is so now: a ThreadLook. */
  | { readonly op: 'look' }
  /** What was counted: ThreadFigures. */
  | { readonly op: 'figures' }
  /** One HistoryAnswer a question, null where the partition is another shard's. */
  | { readonly op: 'history'; readonly questions: readonly HistoryQuestion[] }
  /** The groups that it coordinates: GroupLook[]. */
  | { readonly op: 'groups' }
  /** One of them: GroupDetails, or undefined where it is another thread's. */
  | { readonly op: 'group'; readonly groupId: string }
  /** The steps of its actors that the thread has kept: a ThreadTrace. `after`, `most`: as in Tap.trace. */
  | { readonly op: 'trace'; readonly after?: number; readonly most?: number }

export interface PartitionFailure {
  readonly logDir: string
  readonly topic: string
  readonly partition: number
  readonly message: string
}

export interface ClosedLogs {
  readonly values: readonly CheckpointValues[]
  readonly failures: readonly PartitionFailure[]
}

export type ThreadGauges = HandlerGauges

/** What a thread tells the main thread unasked. */
export type BrokerNotice = {
  readonly kind: 'logDirFailed'
  readonly logDir: string
  readonly message: string
}

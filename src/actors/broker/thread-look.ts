// What one thread tells when somebody looks: plain data, times in monotonic ms. Two kinds: a look at what is so now, and
// figures that have been counted since the start.

import type { AppendTold, FlushTold } from '../../storage/log-history.js'
import type { GroupFigures, GroupsLook } from '../groups/group-coordinator.js'
import type { HandlerGauges } from '../handlers/idle-percent.js'
import type { ConnectionLook, ProcessorLook, SoftwareCount } from '../network/network-look.js'
import type { ApiFigures, KeptRequests } from '../network/request-figures.js'
import type { FetchSessionFigures } from '../replicas/fetch-session-cache.js'
import type { TopicFiguresRead } from '../replicas/topic-figures.js'
import type { Distribution } from '../runtime/histogram.js'
import { livingActors } from '../runtime/living-actors.js'
import { loop } from '../runtime/loop.js'
import type { LoopDelay } from '../runtime/loop-delay.js'
import { mailboxes } from '../runtime/mailbox.js'
import { tap } from '../runtime/tap.js'

export interface MailboxLook {
  readonly name: string
  /** null = unbounded. */
  readonly capacity: number | null
  readonly depth: number
  readonly unboundedBecause?: string
  /** Messages ever taken out. */
  readonly passed?: number
}

export interface ActorLook {
  readonly machine: string
  readonly name: string
  readonly number: number
  readonly state: string
  /** Newest last. */
  readonly steps: readonly StepLook[]
}

export interface StepLook {
  readonly atMs: number
  readonly event: string
  readonly from: string
  readonly to: string
  readonly actions: readonly string[]
  readonly data?: string
}

export interface HandlerLook {
  readonly id: number
  readonly state: string
  readonly handled: number
  /** ms that it has waited for requests since the start. */
  readonly idleMs: number
  readonly current?: {
    readonly apiKey: number
    readonly clientId: string | null
    readonly connectionId: string
    readonly dequeuedMs: number
    readonly topic: string
  }
}

export interface LogLook {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly logDir: string
  /** Of the partition; '' where it is not hosted. */
  readonly state: string
  readonly leaderEpoch: number
  /** Replicas in sync, and all; 0 where it is not hosted. */
  readonly isr: number
  readonly replicas: number
  readonly underMinIsr: boolean
  readonly sizeBytes: number
  readonly segments: number
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly recoveryPoint: number
  readonly unsyncedSinceMs?: number
  readonly flushes: number
  readonly flushRunningSinceMs?: number
  readonly lastFlush?: FlushTold
}

export interface ShardLook {
  readonly logs: readonly LogLook[]
  readonly delayedProduces: number
  readonly delayedFetches: number
  readonly flushes: number
  readonly flushesRunning: number
  readonly lastFlushMs?: number
}

export interface ThreadLook {
  readonly thread: number
  /** The thread's time at which it looked. */
  readonly atMs: number
  readonly loopDelay?: LoopDelay
  readonly mailboxes: readonly MailboxLook[]
  readonly actors: readonly ActorLook[]
  readonly queueState: string
  readonly processors: readonly ProcessorLook[]
  readonly connections: readonly ConnectionLook[]
  readonly requests?: KeptRequests
  readonly handlers?: readonly HandlerLook[]
  readonly shard?: ShardLook
  readonly groups?: GroupsLook
}

export interface PurgatoryFigures {
  readonly delayed: number
  readonly watched: number
}

export interface ShardFigures {
  readonly flushTimes: Distribution
  readonly durabilityLag: Distribution
  readonly flushesRunning: number
  readonly topics: TopicFiguresRead
  readonly produces: PurgatoryFigures
  readonly fetches: PurgatoryFigures
  readonly fetchSessions: FetchSessionFigures
  readonly logs: readonly LogLook[]
}

export interface ThreadFigures {
  readonly thread: number
  readonly atMs: number
  readonly loopDelay?: LoopDelay
  readonly mailboxes: readonly MailboxLook[]
  readonly apis: readonly ApiFigures[]
  readonly processors: readonly ProcessorLook[]
  readonly software: readonly SoftwareCount[]
  readonly handlers?: HandlerGauges
  readonly shard?: ShardFigures
  readonly groups?: GroupFigures
}

/** Which append, which flush: asked of the thread that has the log. */
export interface HistoryQuestion {
  readonly topic: string
  readonly partition: number
  /** One of the two. */
  readonly offset?: number
  /** Monotonic ms: the first append at or after it. */
  readonly atMs?: number
}

export interface HistoryAnswer {
  readonly append?: AppendTold
  readonly flush?: FlushTold
  readonly recoveryPoint: number
  readonly logStartOffset: number
  readonly logEndOffset: number
}

export function lookAtMailboxes(): MailboxLook[] {
  return mailboxes().map(({ name, capacity, depth, unboundedBecause, passed }) => ({
    name,
    capacity: Number.isFinite(capacity) ? capacity : null,
    depth,
    ...(unboundedBecause === undefined ? {} : { unboundedBecause }),
    ...(passed === undefined ? {} : { passed })
  }))
}

const stepsShown = 20

export function lookAtActors(): ActorLook[] {
  const steps = new Map<number, StepLook[]>()
  for (const { actor, step, atMs, data } of tap.lifecycles()) {
    const { event, from, to, actions } = step
    const own = steps.get(actor.number) ?? []
    steps.set(actor.number, own)
    own.push({ atMs, event, from, to, actions, ...(data === undefined ? {} : { data }) })
    if (own.length > stepsShown) own.shift()
  }
  return livingActors().map(({ machine, name, number, state }) => ({
    machine,
    name,
    number,
    state,
    steps: steps.get(number) ?? []
  }))
}

/** What every thread has, whatever runs on it. */
export function lookAtThread(
  thread: number,
  loopDelay: LoopDelay | undefined
): Pick<ThreadLook, 'thread' | 'atMs' | 'mailboxes' | 'actors' | 'loopDelay'> {
  return {
    thread,
    atMs: loop().stampMs(),
    ...(loopDelay === undefined ? {} : { loopDelay }),
    mailboxes: lookAtMailboxes(),
    actors: lookAtActors()
  }
}

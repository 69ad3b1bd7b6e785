// Of the coordinators of all threads, under Kafka's names.
import type { ThreadFigures } from '../actors/broker/thread-look.js'
import type { Families } from './prometheus-text.js'

const manager = 'kafka_coordinator_group_groupmetadatamanager'
const counted = 'kafka_server_group_coordinator_metrics'

/** Kafka's states of classic groups; consumer groups (KIP-848) are Empty, Stable and Dead alike, and two of their own. */
const states: ReadonlyArray<readonly [state: string, name: string]> = [
  ['PreparingRebalance', 'numgroupspreparingrebalance'],
  ['CompletingRebalance', 'numgroupscompletingrebalance'],
  ['Stable', 'numgroupsstable'],
  ['Dead', 'numgroupsdead'],
  ['Empty', 'numgroupsempty'],
  ['Assigning', 'numgroupsassigning'],
  ['Reconciling', 'numgroupsreconciling']
]

export function addGroups(families: Families, threads: readonly ThreadFigures[]): void {
  const told = threads.flatMap(({ groups }) => groups ?? [])
  const sum = (of: (each: (typeof told)[number]) => number): number =>
    told.reduce((total, each) => total + of(each), 0)
  families.gauge(
    `${manager}_numgroups`,
    'Groups.',
    sum(({ groups }) => groups)
  )
  families.gauge(
    `${manager}_numoffsets`,
    'Committed offsets, one a group and partition.',
    sum(({ offsets }) => offsets)
  )
  for (const [state, name] of states)
    families.gauge(
      `${manager}_${name}`,
      `Groups that are ${state}.`,
      sum(({ groupsByState }) => groupsByState[state] ?? 0)
    )
  families.counter(
    `${counted}_offset_commit_count`,
    'Offsets that were committed.',
    sum(({ counts }) => counts.committed)
  )
  families.counter(
    `${counted}_offset_expiration_count`,
    'Offsets whose retention was over.',
    sum(({ counts }) => counts.expired)
  )
  families.counter(
    `${counted}_offset_deletion_count`,
    'Offsets that clients deleted.',
    sum(({ counts }) => counts.deleted)
  )
}

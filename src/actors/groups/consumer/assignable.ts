// What a server-side assignor is given and gives.
import type { Uuid } from '../../../protocol/schema.js'
import type { Assignment } from './assignment.js'

export interface AssignedMember {
  readonly memberId: string
  readonly instanceId: string | null
  /** Only topics that exist. */
  readonly topics: ReadonlySet<Uuid>
  /** Its part of the last target assignment. */
  readonly previous: Assignment
}

export interface Assignable {
  readonly members: readonly AssignedMember[]
  /** Number of partitions of each topic that somebody subscribes to. */
  readonly partitionCounts: ReadonlyMap<Uuid, number>
}

/** By member id; a member without an entry gets nothing. */
export type Assignments = ReadonlyMap<string, Assignment>

export type Assign = (assignable: Assignable) => Assignments

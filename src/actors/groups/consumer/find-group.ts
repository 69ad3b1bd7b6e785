// The consumer group that a member speaks of: one that is there, a new one, or one that takes the place of a group of the
// other kind, which has to be empty or, where the migration policy says so, is taken over with its members.
import type { ErrorName } from '../../../protocol/error-codes.js'
import type { Eventually } from '../../replicas/partition-commands.js'
import type { Group, GroupHome } from '../group.js'
import type { GroupRecord } from '../group-record.js'
import { ConsumerGroup } from './consumer-group.js'
import { beginDeadlines } from './deadlines.js'
import { type Refusal, refused } from './refusal.js'
import { upgradeOf } from './upgrade.js'

export interface Place {
  readonly group: ConsumerGroup
  /** Writes what makes the group and what follows, in one batch. Once: afterwards the group writes. */
  write(records: readonly GroupRecord[]): Eventually<ErrorName>
}

export function createConsumerGroup(home: GroupHome, groupId: string): ConsumerGroup {
  return new ConsumerGroup(home, groupId, beginDeadlines)
}

export function isConsumerGroup(group: Group | undefined): group is ConsumerGroup {
  return group instanceof ConsumerGroup
}

export function groupForMember(home: GroupHome, groupId: string, mayCreate: boolean): Place | Refusal {
  const known = home.groups.get(groupId)
  if (isConsumerGroup(known)) return { group: known, write: records => known.write(records) }
  if (!mayCreate) {
    return refused(
      'GROUP_ID_NOT_FOUND',
      known === undefined
        ? `Consumer group ${groupId} not found.`
        : `Group ${groupId} is not a consumer group.`
    )
  }
  if (known === undefined || known.isEmpty) return placeOfNew(home, groupId, known)
  return upgradeOf(home, known, createConsumerGroup)
}

/** An empty group of the other kind ends when the new one is written. */
function placeOfNew(home: GroupHome, groupId: string, known: Group | undefined): Place {
  const group = createConsumerGroup(home, groupId)
  return {
    group,
    write(records) {
      const ends = known?.tombstones() ?? []
      const written = group.write([...ends, ...records])
      if (written === 'NONE' || written instanceof Promise) {
        known?.unload('UNKNOWN_MEMBER_ID')
        home.groups.set(groupId, group)
      } else group.unload()
      return written
    }
  }
}

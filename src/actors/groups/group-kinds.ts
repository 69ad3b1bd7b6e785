// How groups come to be: the one place that knows both kinds. The offsets partition knows groups only as their interface.
import type { GroupMetadataValue } from '../../protocol/messages/group-metadata.js'
import { ClassicGroup } from './classic/classic-group.js'
import { createConsumerGroup } from './consumer/find-group.js'
import type { Group, GroupHome } from './group.js'
import type { GroupRecord } from './group-record.js'

/** A group whose state is spread over several records. */
export interface ReplayedGroup extends Group {
  /** As the log has it, in its order; a tombstone where `value` is null. */
  replay(record: GroupRecord): void
  /** All of the log was replayed: timers of members begin. */
  loaded(): void
}

export interface GroupKinds {
  /** One without members that only commits: nothing about it is in the log but offsets. */
  simple(home: GroupHome, groupId: string): Group
  /** As its last record has it; members begin with a whole session timeout. */
  classic(home: GroupHome, groupId: string, value: GroupMetadataValue): Group
  /** Empty, before its records are replayed. */
  consumer(home: GroupHome, groupId: string): ReplayedGroup
}

export const groupKinds: GroupKinds = {
  simple: (home, groupId) => new ClassicGroup(home, groupId),
  classic: ClassicGroup.fromRecord,
  consumer: createConsumerGroup
}

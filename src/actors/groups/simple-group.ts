// A group without members that only commits offsets, as tools and clients with an assignment of their own make it.
import type { ErrorName } from '../../protocol/error-codes.js'
import type { Committer, Group, GroupDescription } from './group.js'
import type { GroupRecord } from './group-record.js'

export class SimpleGroup implements Group {
  readonly groupId: string
  readonly kind = 'classic'
  readonly state = 'Empty'
  readonly protocolType = ''
  readonly isEmpty = true
  readonly emptySinceMs = -1

  constructor(groupId: string) {
    this.groupId = groupId
  }

  mayCommit({ generationOrEpoch }: Committer): ErrorName {
    return generationOrEpoch < 0 ? 'NONE' : 'UNKNOWN_MEMBER_ID'
  }

  mayFetch(): ErrorName {
    return 'NONE'
  }

  subscribesTo(): boolean {
    return false
  }

  describe(): GroupDescription {
    return { state: this.state, protocolType: '', protocol: '', members: [] }
  }

  mayDelete(): ErrorName {
    return 'NONE'
  }

  tombstones(): readonly GroupRecord[] {
    return []
  }

  unload(): void {}
}

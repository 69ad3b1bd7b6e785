// What stands in __consumer_offsets: one record kind per version of its key, each with the schemas of key and value.
import {
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue
} from '../../protocol/messages/consumer-group-current-member-assignment.js'
import {
  consumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataValue
} from '../../protocol/messages/consumer-group-member-metadata.js'
import {
  consumerGroupMetadataKey,
  consumerGroupMetadataValue
} from '../../protocol/messages/consumer-group-metadata.js'
import {
  consumerGroupPartitionMetadataKey,
  consumerGroupPartitionMetadataValue
} from '../../protocol/messages/consumer-group-partition-metadata.js'
import {
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue
} from '../../protocol/messages/consumer-group-target-assignment-member.js'
import {
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue
} from '../../protocol/messages/consumer-group-target-assignment-metadata.js'
import { groupMetadataKey, groupMetadataValue } from '../../protocol/messages/group-metadata.js'
import { offsetCommitKey, offsetCommitValue } from '../../protocol/messages/offset-commit.js'
import type { ValueOf } from '../../protocol/schema.js'

/** By kind: the version of the key (which names the kind on disk), and the schemas. */
export const recordKinds = {
  offsetCommit: { keyVersion: 1, key: offsetCommitKey, value: offsetCommitValue },
  groupMetadata: { keyVersion: 2, key: groupMetadataKey, value: groupMetadataValue },
  consumerGroupMetadata: { keyVersion: 3, key: consumerGroupMetadataKey, value: consumerGroupMetadataValue },
  consumerGroupPartitionMetadata: {
    keyVersion: 4,
    key: consumerGroupPartitionMetadataKey,
    value: consumerGroupPartitionMetadataValue
  },
  consumerGroupMemberMetadata: {
    keyVersion: 5,
    key: consumerGroupMemberMetadataKey,
    value: consumerGroupMemberMetadataValue
  },
  consumerGroupTargetAssignmentMetadata: {
    keyVersion: 6,
    key: consumerGroupTargetAssignmentMetadataKey,
    value: consumerGroupTargetAssignmentMetadataValue
  },
  consumerGroupTargetAssignmentMember: {
    keyVersion: 7,
    key: consumerGroupTargetAssignmentMemberKey,
    value: consumerGroupTargetAssignmentMemberValue
  },
  consumerGroupCurrentMemberAssignment: {
    keyVersion: 8,
    key: consumerGroupCurrentMemberAssignmentKey,
    value: consumerGroupCurrentMemberAssignmentValue
  }
} as const

export type GroupRecordKind = keyof typeof recordKinds

/** A record as state; `value` null is a tombstone. */
export type GroupRecord = {
  [Kind in GroupRecordKind]: {
    readonly kind: Kind
    readonly key: ValueOf<(typeof recordKinds)[Kind]['key']>
    readonly value: ValueOf<(typeof recordKinds)[Kind]['value']> | null
  }
}[GroupRecordKind]

// The controller as handlers on any thread see it: plain data there and back. What the caller may do is decided
// before (authorisation belongs to the handler); every other check and its error is the controller's.
import type { ErrorName } from '../../protocol/error-codes.js'
import type { Uuid } from '../../protocol/schema.js'
import type { Asking } from '../runtime/mesh.js'
import type { OffsetOfConsumer, PartitionOfTopic } from './consumer-offsets.js'
import type { Controller } from './controller.js'
import { type BlockAnswer, ProducerIds } from './producer-ids.js'

/** `error` is NONE on success; `message` is null then, else a sentence for clients of versions that show one. */
export interface Verdict {
  readonly error: ErrorName
  readonly message: string | null
}

export interface CreatableTopic {
  readonly name: string
  /** -1: the broker's default, or given by `assignments`. */
  readonly numPartitions: number
  /** -1: the broker's default, or given by `assignments`. */
  readonly replicationFactor: number
  /** Empty: the controller places the replicas. */
  readonly assignments: readonly { readonly partition: number; readonly brokerIds: readonly number[] }[]
  readonly configs: readonly { readonly name: string; readonly value: string | null }[]
}

export interface CreateTopicsCommand {
  readonly topics: readonly CreatableTopic[]
  /** ms; 0 or less: topics are created, but the answer says REQUEST_TIMED_OUT. */
  readonly timeoutMs: number
  readonly validateOnly: boolean
}

/** One per distinct name, in the order of the request. */
export interface CreateTopicResult extends Verdict {
  readonly name: string
  /** ZERO_UUID when refused or only validated. */
  readonly topicId: Uuid
  /** -1 when refused. */
  readonly numPartitions: number
  /** -1 when refused. */
  readonly replicationFactor: number
  /** The overrides of the created topic. */
  readonly configs: Readonly<Record<string, string>>
}

/** By name or by id (v6+), never both: a request with both is refused by the handler. */
export type TopicRef =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'id'; readonly id: Uuid }

export interface DeleteTopicsCommand {
  readonly topics: readonly TopicRef[]
  /** ms; 0 or less: topics are deleted, but the answer says REQUEST_TIMED_OUT. */
  readonly timeoutMs: number
}

/**
 * One per distinct topic. TOPIC_DELETION_DISABLED is what v3+ shows; below, the handler makes it INVALID_REQUEST.
 * `name` is null for an unknown id, `topicId` ZERO_UUID for an unknown name.
 */
export interface DeleteTopicResult extends Verdict {
  readonly name: string | null
  readonly topicId: Uuid
}

export interface GrowableTopic {
  readonly name: string
  /** The number of partitions afterwards. */
  readonly count: number
  /** Brokers of each new partition; null: the controller places them. */
  readonly assignments: readonly (readonly number[])[] | null
}

export interface CreatePartitionsCommand {
  readonly topics: readonly GrowableTopic[]
  readonly timeoutMs: number
  readonly validateOnly: boolean
}

/** One per distinct name, in the order of the request. */
export interface CreatePartitionsResult extends Verdict {
  readonly name: string
}

/**
 * What Metadata answers for a topic that it asked for: LEADER_NOT_AVAILABLE when it was created or exists,
 * UNKNOWN_TOPIC_OR_PARTITION while another request is creating it, INVALID_TOPIC_EXCEPTION,
 * INVALID_REPLICATION_FACTOR.
 */
export interface AutoCreateResult extends Verdict {
  readonly name: string
}

/** As on the wire: checked by the controller, since each resource is answered alone. */
export interface AlteredResource {
  readonly type: number
  readonly name: string
  readonly entries: readonly {
    readonly name: string
    /** Number of the operation; all are 0 (set) in a command that replaces. */
    readonly op: number
    readonly value: string | null
  }[]
}

export interface AlterConfigsCommand {
  /** AlterConfigs: what is not named goes back to its default. IncrementalAlterConfigs: it stays. */
  readonly mode: 'replace' | 'step'
  readonly resources: readonly AlteredResource[]
  readonly validateOnly: boolean
}

export interface ProducerIdResult {
  readonly error: ErrorName
  /** -1 when there is an error. */
  readonly producerId: bigint
}

export interface ControllerClient {
  createTopics(command: CreateTopicsCommand): Promise<readonly CreateTopicResult[]>
  deleteTopics(command: DeleteTopicsCommand): Promise<readonly DeleteTopicResult[]>
  createPartitions(command: CreatePartitionsCommand): Promise<readonly CreatePartitionsResult[]>
  /** With num.partitions and default.replication.factor (internal topics: their own settings). */
  autoCreateTopics(names: readonly string[]): Promise<readonly AutoCreateResult[]>
  /** One verdict a resource, in their order; every thread works with the new values then. */
  alterConfigs(command: AlterConfigsCommand): Promise<readonly Verdict[]>
  /** Never used before in this cluster, also not by a broker that was killed since. */
  nextProducerId(): Promise<ProducerIdResult>
  /** OffsetCommit 0, which keeps offsets in the tree: one error a partition, in their order. */
  setConsumerOffsets(group: string, offsets: readonly OffsetOfConsumer[]): Promise<readonly ErrorName[]>
  /** OffsetFetch 0: what is kept in the tree, in the order of what is asked; null where there is nothing. */
  consumerOffsets(group: string, partitions: readonly PartitionOfTopic[]): Promise<readonly (bigint | null)[]>
}

/** The controller's name as an actor. */
export const controllerActor = 'controller'

/** Thread 0 is main; the controller lives there. */
const mainThread = 0

type Question =
  | { readonly kind: 'createTopics'; readonly command: CreateTopicsCommand }
  | { readonly kind: 'deleteTopics'; readonly command: DeleteTopicsCommand }
  | { readonly kind: 'createPartitions'; readonly command: CreatePartitionsCommand }
  | { readonly kind: 'autoCreateTopics'; readonly names: readonly string[] }
  | { readonly kind: 'alterConfigs'; readonly command: AlterConfigsCommand }
  | { readonly kind: 'allocateProducerIds' }
  | {
      readonly kind: 'setConsumerOffsets'
      readonly group: string
      readonly offsets: readonly OffsetOfConsumer[]
    }
  | {
      readonly kind: 'consumerOffsets'
      readonly group: string
      readonly partitions: readonly PartitionOfTopic[]
    }

export function localController(controller: Controller): ControllerClient {
  const ids = new ProducerIds(() => controller.allocateProducerIds())
  return {
    createTopics: command => controller.createTopics(command),
    deleteTopics: command => controller.deleteTopics(command),
    createPartitions: command => controller.createPartitions(command),
    autoCreateTopics: names => controller.autoCreateTopics(names),
    alterConfigs: command => controller.alterConfigs(command),
    nextProducerId: () => ids.next(),
    setConsumerOffsets: (group, offsets) => controller.setConsumerOffsets(group, offsets),
    consumerOffsets: (group, partitions) => controller.consumerOffsets(group, partitions)
  }
}

export function remoteController(asking: Asking): ControllerClient {
  const ask = <R>(question: Question): Promise<R> => asking.ask<R>(mainThread, controllerActor, question)
  const ids = new ProducerIds(() => ask<BlockAnswer>({ kind: 'allocateProducerIds' }))
  return {
    createTopics: command => ask<readonly CreateTopicResult[]>({ kind: 'createTopics', command }),
    deleteTopics: command => ask<readonly DeleteTopicResult[]>({ kind: 'deleteTopics', command }),
    createPartitions: command =>
      ask<readonly CreatePartitionsResult[]>({ kind: 'createPartitions', command }),
    autoCreateTopics: names => ask<readonly AutoCreateResult[]>({ kind: 'autoCreateTopics', names }),
    alterConfigs: command => ask<readonly Verdict[]>({ kind: 'alterConfigs', command }),
    nextProducerId: () => ids.next(),
    setConsumerOffsets: (group, offsets) =>
      ask<readonly ErrorName[]>({ kind: 'setConsumerOffsets', group, offsets }),
    consumerOffsets: (group, partitions) =>
      ask<readonly (bigint | null)[]>({ kind: 'consumerOffsets', group, partitions })
  }
}

/** Called once, on the main thread. A failure of the tree rejects the asker's promise. */
export function serveController(asking: Asking, controller: Controller): void {
  asking.answer(controllerActor, message => perform(controller, message as Question))
}

function perform(controller: Controller, question: Question): Promise<unknown> {
  switch (question.kind) {
    case 'createTopics':
      return controller.createTopics(question.command)
    case 'deleteTopics':
      return controller.deleteTopics(question.command)
    case 'createPartitions':
      return controller.createPartitions(question.command)
    case 'autoCreateTopics':
      return controller.autoCreateTopics(question.names)
    case 'alterConfigs':
      return controller.alterConfigs(question.command)
    case 'allocateProducerIds':
      return controller.allocateProducerIds()
    case 'setConsumerOffsets':
      return controller.setConsumerOffsets(question.group, question.offsets)
    case 'consumerOffsets':
      return controller.consumerOffsets(question.group, question.partitions)
  }
}

// The life of a topic at the controller. Each state ends with something durable or visible, so that a crash leaves the
// topic in one of them: what stands in the tree decides in which state the next start takes it up again.
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type TopicEvent =
  /** A request, checked and placed. */
  | { type: 'create' }
  /** Start-up found it in the tree. */
  | { type: 'resume' }
  /** Start-up found it in the tree with a deletion mark. */
  | { type: 'resumeDeletion' }
  /** CreatePartitions, checked and placed. */
  | { type: 'grow' }
  /** DeleteTopics. */
  | { type: 'delete' }
  /** The action of the state is through. */
  | { type: 'done' }
  /** The tree refused it (someone else was faster), nothing has changed. */
  | { type: 'refused' }

const topicSetup = setup({
  types: { events: {} as TopicEvent },
  actions: {
    /** One transaction: configuration, topic, partitions, states. From here on the topic exists. */
    recordTopic: effect(),
    /** Partition logs that are not there yet; failures become offline partitions. */
    createLogs: effect(),
    /** Every thread's image has it. */
    publish: effect(),
    /** One transaction: the longer assignment and the new partitions' states. */
    recordPartitions: effect(),
    /** /admin/delete_topics/<t>. From here on the topic will be gone, whatever happens. */
    markDeletion: effect(),
    /** No thread's image has it. */
    publishDeletion: effect(),
    /** Partition logs are closed, their directories renamed. */
    deleteLogs: effect(),
    /** One transaction: the topic's nodes, its configuration, the mark. */
    forgetTopic: effect()
  }
})

export const topicMachine = topicSetup.createMachine({
  id: 'topic',
  initial: 'absent',
  states: {
    absent: { on: { create: 'recording', resume: 'creatingLogs', resumeDeletion: 'hiding' } },
    recording: { entry: 'recordTopic', on: { done: 'creatingLogs', refused: 'gone' } },
    creatingLogs: { entry: 'createLogs', on: { done: 'publishing' } },
    publishing: { entry: 'publish', on: { done: 'online' } },
    online: { on: { grow: 'growing', delete: 'marking' } },
    growing: { entry: 'recordPartitions', on: { done: 'creatingLogs', refused: 'online' } },
    marking: { entry: 'markDeletion', on: { done: 'hiding', refused: 'online' } },
    hiding: { entry: 'publishDeletion', on: { done: 'deletingLogs' } },
    deletingLogs: { entry: 'deleteLogs', on: { done: 'forgetting', refused: 'deletionBlocked' } },
    /** A disk did not let go of a directory: marked and invisible, tried again by DeleteTopics or the next start. */
    deletionBlocked: { on: { delete: 'deletingLogs' } },
    forgetting: { entry: 'forgetTopic', on: { done: 'gone', refused: 'deletionBlocked' } },
    gone: { type: 'final' }
  }
})

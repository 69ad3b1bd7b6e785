// CreateTopics, DeleteTopics and CreatePartitions: checks first, then the topics' machines, then an answer a topic.
// A command's checks and changes happen in one turn of the controller; its answer may come earlier (timeout).
import { ZERO_UUID } from '../../protocol/schema.js'
import { answerInTime } from './answer-in-time.js'
import type {
  CreatableTopic,
  CreatePartitionsCommand,
  CreatePartitionsResult,
  CreateTopicResult,
  CreateTopicsCommand,
  DeleteTopicResult,
  DeleteTopicsCommand,
  GrowableTopic,
  TopicRef
} from './controller-client.js'
import { type ControllerState, forget, keep } from './controller-state.js'
import { placeReplicas, rotationOfExisting } from './placement-of-replicas.js'
import type { Serial } from './serial.js'
import { type PlacedPartition, type Settled, Topic } from './topic.js'
import { checkCreation, checkGrowth, isRefusal, type Refusal, type TopicPlan } from './topic-checks.js'

/** Counts down the topics of a request that a crash could still undo. */
class Recording {
  readonly all: Promise<void>
  #open = 1
  #resolve: () => void = () => undefined

  constructor() {
    this.all = new Promise(resolve => {
      this.#resolve = resolve
    })
  }

  /** The result may be called more than once. */
  expect(): () => void {
    this.#open += 1
    let called = false
    return () => {
      if (called) return
      called = true
      this.close()
    }
  }

  close(): void {
    this.#open -= 1
    if (this.#open === 0) this.#resolve()
  }
}

const timedOut = { error: 'REQUEST_TIMED_OUT', message: 'The request timed out.' } as const

/** Runs a command in a turn of its own and answers in time. `answers` holds what is known by then. */
async function inTurn<R>(
  state: ControllerState,
  events: Serial,
  timeoutMs: number,
  turn: (recording: Recording) => Promise<void>,
  answer: (when: 'done' | 'late') => R
): Promise<R> {
  const recording = new Recording()
  const work = events.run(() => turn(recording))
  return answer(await answerInTime(work, recording.all, timeoutMs, state.options.after))
}

export async function createTopics(
  state: ControllerState,
  events: Serial,
  command: CreateTopicsCommand
): Promise<readonly CreateTopicResult[]> {
  const { distinct, twice } = byName(command.topics)
  const answers = new Map<string, CreateTopicResult>()
  for (const name of twice) {
    answers.set(name, creationRefused(name, duplicate(name)))
  }
  const turn = async (recording: Recording): Promise<void> => {
    const running: Promise<void>[] = []
    for (const topic of distinct.values()) {
      if (twice.has(topic.name)) continue
      const plan = checkCreation(topic, creationContext(state))
      if (isRefusal(plan)) answers.set(topic.name, creationRefused(topic.name, plan))
      else if (command.validateOnly)
        answers.set(topic.name, { ...created(topic.name, plan), topicId: ZERO_UUID })
      else running.push(create(state, topic.name, plan, recording, answers))
    }
    recording.close()
    await Promise.all(running)
  }
  const timeoutMs = command.validateOnly
    ? Math.max(command.timeoutMs, validationTimeoutMs)
    : command.timeoutMs
  return inTurn(state, events, timeoutMs, turn, when =>
    [...distinct.keys()].map(name => {
      const known = answers.get(name)
      if (known !== undefined && (when === 'done' || known.error !== 'NONE' || command.timeoutMs > 0))
        return known
      return creationRefused(name, timedOut)
    })
  )
}

/** Validation alone is not subject to the timeout of creating. */
const validationTimeoutMs = 60_000

async function create(
  state: ControllerState,
  name: string,
  plan: TopicPlan,
  recording: Recording,
  answers: Map<string, CreateTopicResult>
): Promise<void> {
  const id = state.options.newUuid()
  const topic = new Topic({ name, id, configs: plan.configs }, place(state, plan), state.surroundings)
  keep(state, topic)
  const recorded = recording.expect()
  const settled = await topic.create(recorded).finally(recorded)
  if (settled.kind === 'treeRefused') {
    forget(state, topic)
    const exists = settled.error.error === 'NodeExists'
    const error = exists ? 'TOPIC_ALREADY_EXISTS' : 'NOT_CONTROLLER'
    answers.set(
      name,
      creationRefused(name, { error, message: `${settled.error.path}: ${settled.error.error}` })
    )
    return
  }
  answers.set(name, { ...created(name, plan), topicId: id, ...storageVerdict(settled) })
}

function storageVerdict(settled: Settled): Pick<CreateTopicResult, 'error' | 'message'> {
  return settled.kind === 'logsFailed'
    ? { error: 'KAFKA_STORAGE_ERROR', message: settled.message }
    : { error: 'NONE', message: null }
}

function creationContext(state: ControllerState): Parameters<typeof checkCreation>[1] {
  const { settings, brokerId, validateTopicConfigs } = state.options
  const { numPartitions, defaultReplicationFactor } = settings()
  return {
    known: { exists: name => state.topics.has(name), names: () => state.topics.keys() },
    brokers: [brokerId],
    numPartitions,
    defaultReplicationFactor,
    validateConfigs: validateTopicConfigs
  }
}

function place({ options, controllerEpoch }: ControllerState, plan: TopicPlan): PlacedPartition[] {
  const brokers = [options.brokerId]
  const rotation = {
    start: options.randomBelow(brokers.length),
    shift: options.randomBelow(brokers.length)
  }
  const replicas =
    plan.replicas ?? placeReplicas(brokers, plan.numPartitions, plan.replicationFactor, rotation)
  return replicas.map(list => fresh(list, controllerEpoch))
}

function fresh(replicas: readonly number[], controllerEpoch: number): PlacedPartition {
  return { replicas, leader: replicas[0] ?? -1, leaderEpoch: 0, controllerEpoch, isr: replicas }
}

function created(name: string, plan: TopicPlan): CreateTopicResult {
  const { numPartitions, replicationFactor, configs } = plan
  return { name, topicId: ZERO_UUID, error: 'NONE', message: null, numPartitions, replicationFactor, configs }
}

function creationRefused(name: string, { error, message }: Refusal): CreateTopicResult {
  return { name, topicId: ZERO_UUID, error, message, numPartitions: -1, replicationFactor: -1, configs: {} }
}

function duplicate(name: string): Refusal {
  return { error: 'INVALID_REQUEST', message: `Topic '${name}' appears more than once in the request.` }
}

function byName<T extends CreatableTopic | GrowableTopic>(
  topics: readonly T[]
): { distinct: Map<string, T>; twice: Set<string> } {
  const distinct = new Map<string, T>()
  const twice = new Set<string>()
  for (const topic of topics) {
    if (distinct.has(topic.name)) twice.add(topic.name)
    else distinct.set(topic.name, topic)
  }
  return { distinct, twice }
}

export async function deleteTopics(
  state: ControllerState,
  events: Serial,
  command: DeleteTopicsCommand
): Promise<readonly DeleteTopicResult[]> {
  const answers = new Map<string, DeleteTopicResult>()
  const asked = new Map(
    command.topics.map(ref => [ref.kind === 'id' ? `id ${ref.id}` : `name ${ref.name}`, ref])
  )
  const doomed = new Map<string, Topic>()
  const turn = async (recording: Recording): Promise<void> => {
    for (const [key, ref] of asked) {
      const topic = find(state, ref)
      if (isRefusal(topic)) answers.set(key, deletionRefused(ref, topic))
      else if ([...doomed.values()].includes(topic)) asked.delete(key)
      else doomed.set(key, topic)
    }
    const running = [...doomed].map(([key, topic]) => remove(state, key, topic, recording, answers))
    recording.close()
    await Promise.all(running)
  }
  return inTurn(state, events, command.timeoutMs, turn, when =>
    [...asked].map(([key, ref]) => {
      const known = answers.get(key)
      if (known !== undefined && (when === 'done' || known.error !== 'NONE' || command.timeoutMs > 0))
        return known
      const topic = doomed.get(key)
      return topic === undefined
        ? deletionRefused(ref, timedOut)
        : { name: topic.name, topicId: topic.id, ...timedOut }
    })
  )
}

async function remove(
  state: ControllerState,
  key: string,
  topic: Topic,
  recording: Recording,
  answers: Map<string, DeleteTopicResult>
): Promise<void> {
  const recorded = recording.expect()
  const settled = await topic.delete(recorded).finally(recorded)
  if (topic.state === 'gone') forget(state, topic)
  // Marked and invisible is success for the caller, even when a disk holds on to a directory for now.
  const failed = settled.kind === 'treeRefused' && topic.state === 'online'
  const verdict = failed
    ? ({ error: 'NOT_CONTROLLER', message: `${settled.error.path}: ${settled.error.error}` } as const)
    : ({ error: 'NONE', message: null } as const)
  answers.set(key, { name: topic.name, topicId: topic.id, ...verdict })
}

function find({ options, topics, topicsById }: ControllerState, ref: TopicRef): Topic | Refusal {
  if (!options.settings().deleteTopicEnable) {
    return { error: 'TOPIC_DELETION_DISABLED', message: 'Topic deletion is disabled.' }
  }
  if (ref.kind === 'id') {
    return (
      topicsById.get(ref.id) ?? {
        error: 'UNKNOWN_TOPIC_ID',
        message: 'This server does not host this topic ID.'
      }
    )
  }
  return (
    topics.get(ref.name) ?? {
      error: 'UNKNOWN_TOPIC_OR_PARTITION',
      message: 'This server does not host this topic-partition.'
    }
  )
}

function deletionRefused(ref: TopicRef, { error, message }: Refusal): DeleteTopicResult {
  return ref.kind === 'id'
    ? { name: null, topicId: ref.id, error, message }
    : { name: ref.name, topicId: ZERO_UUID, error, message }
}

export async function createPartitions(
  state: ControllerState,
  events: Serial,
  command: CreatePartitionsCommand
): Promise<readonly CreatePartitionsResult[]> {
  const { distinct, twice } = byName(command.topics)
  const answers = new Map<string, CreatePartitionsResult>()
  for (const name of twice) answers.set(name, { name, ...duplicate(name) })
  const turn = async (recording: Recording): Promise<void> => {
    const running: Promise<void>[] = []
    for (const request of distinct.values()) {
      const { name } = request
      if (twice.has(name)) continue
      const added = addedPartitions(state, request)
      if (isRefusal(added)) answers.set(name, { name, ...added })
      else if (command.validateOnly) answers.set(name, { name, error: 'NONE', message: null })
      else running.push(grow(added, recording, answers))
    }
    recording.close()
    await Promise.all(running)
  }
  const timeoutMs = command.validateOnly
    ? Math.max(command.timeoutMs, validationTimeoutMs)
    : command.timeoutMs
  return inTurn(state, events, timeoutMs, turn, when =>
    [...distinct.keys()].map(name => {
      const known = answers.get(name)
      if (known !== undefined && (when === 'done' || known.error !== 'NONE' || command.timeoutMs > 0))
        return known
      return { name, ...timedOut }
    })
  )
}

interface Growth {
  readonly topic: Topic
  readonly added: readonly PlacedPartition[]
}

function addedPartitions(state: ControllerState, request: GrowableTopic): Growth | Refusal {
  const { name, count } = request
  const topic = state.topics.get(name)
  if (topic === undefined) {
    return { error: 'UNKNOWN_TOPIC_OR_PARTITION', message: `The topic '${name}' does not exist.` }
  }
  if (topic.state !== 'online') {
    return { error: 'INVALID_TOPIC_EXCEPTION', message: `The topic '${name}' is queued for deletion.` }
  }
  const had = topic.partitions
  const first = had[0]?.replicas ?? []
  const brokers = [state.options.brokerId]
  const checked = checkGrowth(request, { partitions: had.length, factor: first.length }, brokers)
  if (isRefusal(checked)) return checked
  const rotation = rotationOfExisting(brokers, first[0] ?? 0)
  const replicas =
    checked.replicas ?? placeReplicas(brokers, count - had.length, first.length, rotation, had.length)
  return { topic, added: replicas.map(list => fresh(list, state.controllerEpoch)) }
}

async function grow(
  { topic, added }: Growth,
  recording: Recording,
  answers: Map<string, CreatePartitionsResult>
): Promise<void> {
  const { name } = topic
  const recorded = recording.expect()
  const settled = await topic.grow(added, recorded).finally(recorded)
  if (settled.kind === 'treeRefused') {
    answers.set(name, {
      name,
      error: 'NOT_CONTROLLER',
      message: `${settled.error.path}: ${settled.error.error}`
    })
  } else answers.set(name, { name, ...storageVerdict(settled) })
}

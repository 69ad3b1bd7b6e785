// Drives one topic's machine: carries out its actions one after the other against the tree, the partition logs and the
// published image. `settle` runs until the machine waits for a request or has ended.
import {
  encodeTopic,
  type PartitionStateZnode,
  partitionCreationOps,
  paths,
  topicCreationOps
} from '../../coordination/kafka-znodes.js'
import { isRefused, type Tree, type TreeError, type TreeOp } from '../../coordination/tree.js'
import { Bug, required } from '../../errors.js'
import type { Uuid } from '../../protocol/schema.js'
import { Stepper } from '../runtime/stepper.js'
import type { PartitionInfo, TopicInfo } from './metadata-image.js'
import type { PartitionStore } from './partition-store.js'
import type { Publisher } from './publisher.js'
import { type TopicEvent, topicMachine } from './topic.machine.js'
import { internalTopics } from './topic-checks.js'

export type PlacedPartition = PartitionStateZnode & { readonly replicas: readonly number[] }

export interface TopicSurroundings {
  readonly brokerId: number
  readonly tree: Tree
  readonly partitions: PartitionStore
  readonly publisher: Publisher
  /** Version of /controller_epoch that conditional writes carry: another controller makes them fail. */
  readonly controllerEpochVersion: () => number
  readonly warn: (message: string) => void
}

/** What settling came to: NONE, or what was refused and by whom. */
export type Settled =
  | { readonly kind: 'settled' }
  | { readonly kind: 'treeRefused'; readonly error: TreeError }
  | { readonly kind: 'logsFailed'; readonly message: string }

type TopicAction =
  | 'recordTopic'
  | 'createLogs'
  | 'publish'
  | 'recordPartitions'
  | 'markDeletion'
  | 'publishDeletion'
  | 'deleteLogs'
  | 'forgetTopic'

export class Topic {
  readonly name: string
  readonly id: Uuid
  #configs: Readonly<Record<string, string>>
  readonly #around: TopicSurroundings
  #partitions: readonly PlacedPartition[]
  #added: readonly PlacedPartition[] = []
  /** Partitions whose log could not be created. */
  readonly #offline = new Map<number, string>()
  readonly #withLog = new Set<number>()
  readonly #life: Stepper<typeof topicMachine>
  #outcome: Settled = { kind: 'settled' }

  constructor(
    identity: { name: string; id: Uuid; configs: Readonly<Record<string, string>> },
    partitions: readonly PlacedPartition[],
    around: TopicSurroundings
  ) {
    this.name = identity.name
    this.id = identity.id
    this.#configs = identity.configs
    this.#partitions = partitions
    this.#around = around
    this.#life = new Stepper(topicMachine, `topic.${this.name}`)
    this.#life.begin()
  }

  get state(): string {
    return this.#life.state
  }

  get partitions(): readonly PlacedPartition[] {
    return this.#partitions
  }

  get configs(): Readonly<Record<string, string>> {
    return this.#configs
  }

  /** `onRecorded` is told when the request can no longer be undone by a crash. */
  create(onRecorded?: () => void): Promise<Settled> {
    return this.#settle({ type: 'create' }, onRecorded)
  }

  resume(): Promise<Settled> {
    return this.#settle({ type: 'resume' })
  }

  resumeDeletion(): Promise<Settled> {
    return this.#settle({ type: 'resumeDeletion' })
  }

  grow(added: readonly PlacedPartition[], onRecorded?: () => void): Promise<Settled> {
    this.#added = added
    return this.#settle({ type: 'grow' }, onRecorded)
  }

  delete(onRecorded?: () => void): Promise<Settled> {
    return this.#settle({ type: 'delete' }, onRecorded)
  }

  /** Between its other changes: nothing in its life depends on its configs. Every thread has them when it resolves. */
  async configure(configs: Readonly<Record<string, string>>, ops: readonly TreeOp[]): Promise<Settled> {
    this.#outcome = { kind: 'settled' }
    if ((await this.#write(ops)).type === 'refused') return this.#outcome
    this.#configs = configs
    await this.#around.publisher.change(this.info())
    return this.#outcome
  }

  info(): TopicInfo {
    return {
      name: this.name,
      id: this.id,
      isInternal: internalTopics.has(this.name),
      configs: this.configs,
      partitions: this.#partitions.map((placed, id) => this.#partitionInfo(placed, id))
    }
  }

  #partitionInfo({ replicas, isr, leader, leaderEpoch }: PlacedPartition, id: number): PartitionInfo {
    return this.#offline.has(id)
      ? { leader: -1, leaderEpoch, replicas, isr, offline: [this.#around.brokerId] }
      : { leader, leaderEpoch, replicas, isr, offline: [] }
  }

  async #settle(first: TopicEvent, onRecorded?: () => void): Promise<Settled> {
    this.#outcome = { kind: 'settled' }
    let event: TopicEvent | undefined = first
    while (event !== undefined) {
      const before = this.state
      const actions = this.#life.step(event)
      if (this.state === before) throw new Bug(`topic ${this.name}: ${event.type} in state ${before}`)
      event = undefined
      for (const { type } of actions) event = await this.#perform[asAction(type)]()
      if (event?.type === 'done' && durable.has(this.state)) onRecorded?.()
    }
    return this.#outcome
  }

  readonly #perform: Record<TopicAction, () => Promise<TopicEvent>> = {
    recordTopic: () => this.#write(topicCreationOps(this.name, this, this.#partitions)),
    createLogs: async () => {
      await Promise.all(this.#partitions.map((placed, id) => this.#createLog(placed, id)))
      return { type: 'done' }
    },
    publish: async () => {
      await this.#around.publisher.change(this.info())
      return { type: 'done' }
    },
    recordPartitions: async () => {
      const first = this.#partitions.length
      const all = [...this.#partitions, ...this.#added]
      const replicas = all.map(placed => placed.replicas)
      const event = await this.#write([
        { op: 'set', path: paths.topic(this.name), data: encodeTopic(this.id, replicas) },
        ...this.#added.flatMap((placed, i) => partitionCreationOps(this.name, first + i, placed))
      ])
      if (event.type === 'done') this.#partitions = all
      return event
    },
    markDeletion: () =>
      this.#write([{ op: 'create', path: paths.deleteTopic(this.name), data: Buffer.alloc(0) }]),
    publishDeletion: async () => {
      await this.#around.publisher.remove(this.name)
      return { type: 'done' }
    },
    deleteLogs: () => this.#deleteLogs(),
    forgetTopic: async () => this.#write(await deletionOps(this.#around.tree, this.name))
  }

  async #createLog(placed: PlacedPartition, partition: number): Promise<void> {
    if (!placed.replicas.includes(this.#around.brokerId) || this.#withLog.has(partition)) return
    const { partitions, warn } = this.#around
    const verdict = await partitions.create(this.name, this.id, partition, this.configs, placed.leaderEpoch)
    if (verdict.kind === 'done') {
      this.#withLog.add(partition)
      this.#offline.delete(partition)
      return
    }
    this.#offline.set(partition, verdict.message)
    this.#outcome = { kind: 'logsFailed', message: verdict.message }
    warn(`${this.name}-${partition} is offline: ${verdict.message}`)
  }

  async #deleteLogs(): Promise<TopicEvent> {
    const { partitions, brokerId, warn } = this.#around
    const mine = [...this.#partitions.entries()].filter(([, placed]) => placed.replicas.includes(brokerId))
    const verdicts = await Promise.all(mine.map(([id]) => partitions.delete(this.name, this.id, id)))
    const failed = verdicts.find(verdict => verdict.kind === 'refused')
    if (failed?.kind !== 'refused') return { type: 'done' }
    this.#outcome = { kind: 'logsFailed', message: failed.message }
    warn(`deletion of topic ${this.name} is not finished: ${failed.message}`)
    return { type: 'refused' }
  }

  async #write(ops: readonly TreeOp[]): Promise<TopicEvent> {
    const { tree, controllerEpochVersion } = this.#around
    const guard: TreeOp = { op: 'check', path: paths.controllerEpoch, version: controllerEpochVersion() }
    const answer = await tree.multi([guard, ...ops])
    if (!isRefused(answer)) return { type: 'done' }
    this.#outcome = { kind: 'treeRefused', error: answer }
    return { type: 'refused' }
  }
}

/** States whose action, once done, a crash does not undo. */
const durable: ReadonlySet<string> = new Set(['recording', 'growing', 'marking'])

/** Everything below and with the topic, leaves first; the mark last. */
async function deletionOps(tree: Tree, name: string): Promise<TreeOp[]> {
  const ops: TreeOp[] = []
  const visit = async (path: string): Promise<void> => {
    const names = await tree.children(path)
    if (isRefused(names)) return
    for (const child of names) await visit(`${path}/${child}`)
    ops.push({ op: 'delete', path })
  }
  await visit(paths.topic(name))
  await visit(paths.topicConfig(name))
  await visit(paths.deleteTopic(name))
  return ops
}

function asAction(type: string): TopicAction {
  return required(
    topicActions.find(action => action === type),
    `a topic knows the action ${type}`
  )
}

const topicActions: readonly TopicAction[] = [
  'recordTopic',
  'createLogs',
  'publish',
  'recordPartitions',
  'markDeletion',
  'publishDeletion',
  'deleteLogs',
  'forgetTopic'
]

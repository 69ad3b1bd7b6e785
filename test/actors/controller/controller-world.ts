// A controller on a disk in memory: partition directories and the tree's journal share one count of durable writes, so
// that power can be lost in any of them. `boot` is what the broker does at start.
import { readBrokerConfigs } from '../../../src/actors/controller/config-nodes.js'
import { Controller } from '../../../src/actors/controller/controller.js'
import type {
  ControllerOptions,
  ControllerSettings
} from '../../../src/actors/controller/controller-state.js'
import { establishIdentity, type Identity } from '../../../src/actors/controller/identity.js'
import { applyDelta, emptyImage, type MetadataImage } from '../../../src/actors/controller/metadata-image.js'
import { type PartitionStore, stored } from '../../../src/actors/controller/partition-store.js'
import {
  type FoundPartition,
  planPartitions,
  readTopics
} from '../../../src/actors/controller/topics-in-tree.js'
import { type BrokerConfig, loadBrokerConfig } from '../../../src/config/broker-config.js'
import { type EmbeddedTree, openEmbeddedTree } from '../../../src/coordination/embedded-tree.js'
import type { Uuid } from '../../../src/protocol/schema.js'
import { type Disk, journalInMemory, newDisk, PowerLoss } from '../../coordination/journal-in-memory.js'

export interface World {
  readonly disk: Disk
  /** Directory name to topic id. */
  readonly directories: Map<string, string>
  ids: number
}

export interface Fault {
  readonly atWrite: number
  readonly keep: number
}

export interface Running {
  readonly controller: Controller
  readonly tree: EmbeddedTree
  readonly identity: Identity
  readonly stray: readonly string[]
  readonly log: string[]
  readonly config: BrokerConfig
  image(): MetadataImage
}

export const newWorld = (): World => ({ disk: newDisk(), directories: new Map(), ids: 0 })

export const uuid = (n: number): Uuid => `id${String(n).padStart(20, '0')}` as Uuid

export const settings: ControllerSettings = {
  numPartitions: 1,
  defaultReplicationFactor: 1,
  deleteTopicEnable: true,
  internalTopics: {
    __consumer_offsets: { numPartitions: 5, replicationFactor: 1, configs: { 'cleanup.policy': 'compact' } }
  }
}

export function foundIn(world: World): FoundPartition[] {
  return [...world.directories].map(([directory, topicId]) => {
    const dash = directory.lastIndexOf('-')
    return {
      topic: directory.slice(0, dash),
      partition: Number(directory.slice(dash + 1)),
      topicId: topicId === '' ? undefined : (topicId as Uuid),
      leaderEpoch: 0,
      directory
    }
  })
}

/** Partition directories whose creation and removal count as durable writes. */
function storeOf(world: World, fault: Fault | undefined): PartitionStore {
  const durably = async (act: () => void): Promise<void> => {
    await Promise.resolve()
    if (fault !== undefined && world.disk.writes >= fault.atWrite) throw new PowerLoss('no power')
    world.disk.writes += 1
    if (fault?.keep !== 0 || world.disk.writes !== fault.atWrite) act()
    if (world.disk.writes === fault?.atWrite) throw new PowerLoss('power lost')
  }
  return {
    async create(topic, id, partition) {
      const directory = `${topic}-${partition}`
      const there = world.directories.get(directory)
      if (there === id) return stored
      if (there !== undefined) {
        return { kind: 'refused', error: 'INCONSISTENT_TOPIC_ID', message: `${directory} has id ${there}` }
      }
      await durably(() => world.directories.set(directory, id))
      return stored
    },
    async delete(topic, id, partition) {
      const directory = `${topic}-${partition}`
      if (world.directories.get(directory) === id) await durably(() => world.directories.delete(directory))
      return stored
    }
  }
}

export async function boot(
  world: World,
  options: {
    readonly fault?: Fault
    readonly overrides?: Partial<ControllerOptions>
    readonly stored?: { clusterId?: string; brokerId?: number }
    readonly configuredBrokerId?: number
  } = {}
): Promise<Running> {
  const log: string[] = []
  const newUuid = (): Uuid => {
    world.ids += 1
    return uuid(world.ids)
  }
  const tree = await openEmbeddedTree({ store: journalInMemory(world.disk, options.fault) })
  const identity = await establishIdentity({
    tree,
    configuredBrokerId: options.configuredBrokerId ?? 0,
    reservedBrokerMaxId: 1000,
    stored: options.stored,
    found: foundIn(world),
    newUuid,
    nowMs: 1_700_000_000_000,
    internalTopicConfigs: { __consumer_offsets: { 'cleanup.policy': 'compact' } }
  })
  for (const { directory, topicId } of identity.adoption.topicIdsToWrite)
    world.directories.set(directory, topicId)
  const plan = planPartitions(await readTopics(tree), foundIn(world), identity.brokerId)
  for (const { found } of plan.stray) world.directories.delete(found.directory)
  let image = emptyImage
  const { config } = loadBrokerConfig({ file: 'server.properties' })
  config.adopt(await readBrokerConfigs(tree, identity.brokerId))
  const controller = await Controller.start({
    tree,
    clusterId: identity.clusterId,
    brokerId: identity.brokerId,
    rack: null,
    endpoints: [{ listener: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: 'localhost', port: 9092 }],
    settings: () => settings,
    validateTopicConfigs: configs =>
      'bad' in configs ? { name: 'bad', reason: 'Unknown topic config name: bad' } : undefined,
    config,
    reconfigured: async configs => void config.adopt(configs),
    partitions: storeOf(world, options.fault),
    publish: async delta => {
      await Promise.resolve()
      image = applyDelta(image, structuredClone(delta))
    },
    after: (ms, run) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    nowMs: () => 1_700_000_000_000,
    newUuid,
    randomBelow: () => 0,
    log: { info: line => log.push(line), warn: line => log.push(line) },
    ...options.overrides
  })
  const stray = plan.stray.map(({ found }) => found.directory)
  return { controller, tree, identity, stray, log, config, image: () => image }
}

export const creation = (
  name: string,
  more: Partial<Parameters<Controller['createTopics']>[0]['topics'][number]> = {}
) => ({
  name,
  numPartitions: 2,
  replicationFactor: 1,
  assignments: [],
  configs: [],
  ...more
})

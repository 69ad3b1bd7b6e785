// Where the tree keeps what topics, groups and brokers are configured with: a node an entity, and Kafka's note of each change,
// which other brokers would read.
import type { DynamicConfigs } from '../../config/dynamic-layer.js'
import { decodeConfigs, encodeConfigChange, encodeConfigs, paths } from '../../coordination/kafka-znodes.js'
import { isRefused, type Tree, type TreeOp } from '../../coordination/tree.js'
import type { ConfiguredGroup } from './metadata-image.js'

export type ConfigEntity =
  | { readonly kind: 'topic'; readonly name: string }
  | { readonly kind: 'group'; readonly name: string }
  | { readonly kind: 'broker'; readonly id: number }
  | { readonly kind: 'clusterDefault' }

type Texts = Readonly<Record<string, string>>

function pathOf(entity: ConfigEntity): string {
  if (entity.kind === 'topic') return paths.topicConfig(entity.name)
  if (entity.kind === 'group') return paths.groupConfig(nodeName(entity.name))
  return paths.brokerConfig(entity.kind === 'broker' ? entity.id : '<default>')
}

/** A group may have any name, and a node may not: what is special is written as in a URL, and so are names of dots alone. */
function nodeName(group: string): string {
  return encodeURIComponent(group).replace(/^\.+$/, dots => dots.replaceAll('.', '%2E'))
}

/** What is stored; nothing when there is no node, or one that does not read. */
export async function readEntity(tree: Tree, entity: ConfigEntity): Promise<Texts> {
  const node = await tree.get(pathOf(entity))
  return (node && decodeConfigs(node.data)) ?? {}
}

export async function readBrokerConfigs(tree: Tree, brokerId: number): Promise<DynamicConfigs> {
  const [broker, clusterDefault] = await Promise.all([
    readEntity(tree, { kind: 'broker', id: brokerId }),
    readEntity(tree, { kind: 'clusterDefault' })
  ])
  return { broker, clusterDefault }
}

/** All groups that have overrides. */
export async function readGroupConfigs(tree: Tree): Promise<readonly ConfiguredGroup[]> {
  const names = await tree.children(paths.groupConfigs)
  if (isRefused(names)) return []
  const groups = names.map(async node => {
    const name = decodeURIComponent(node)
    return { groupId: name, configs: await readEntity(tree, { kind: 'group', name }) }
  })
  return Promise.all(groups)
}

/** Kafka keeps notes that long, for brokers that were away. */
const keptMs = 15 * 60_000

/** The notes of changes: one more for each, and old ones go with it. */
export class ConfigChanges {
  readonly #tree: Tree
  readonly #nowMs: () => number
  /** Paths of notes with when they were made; those found at the start count from then. */
  readonly #notes: Map<string, number>

  private constructor(tree: Tree, nowMs: () => number, notes: Map<string, number>) {
    this.#tree = tree
    this.#nowMs = nowMs
    this.#notes = notes
  }

  static async of(tree: Tree, nowMs: () => number): Promise<ConfigChanges> {
    const names = await tree.children(paths.configChanges)
    const found = isRefused(names) ? [] : names
    return new ConfigChanges(
      tree,
      nowMs,
      new Map(found.map(name => [`${paths.configChanges}/${name}`, nowMs()]))
    )
  }

  /** For one transaction: the entity's new configuration and the note of it. */
  async ops(entity: ConfigEntity, configs: Texts): Promise<TreeOp[]> {
    const path = pathOf(entity)
    const data = encodeConfigs(configs)
    const there = (await this.#tree.exists(path)) !== undefined
    const isFirstGroup =
      entity.kind === 'group' && (await this.#tree.exists(paths.groupConfigs)) === undefined
    const parent: TreeOp = { op: 'create', path: paths.groupConfigs, data: Buffer.alloc(0) }
    return [
      ...(isFirstGroup ? [parent] : []),
      there ? { op: 'set', path, data } : { op: 'create', path, data },
      {
        op: 'create',
        path: paths.configChange,
        data: encodeConfigChange(path.slice('/config/'.length)),
        options: { sequential: true }
      }
    ]
  }

  /** After changes: remembers when their notes were made, and lets go of old ones. */
  async tidy(): Promise<void> {
    const names = await this.#tree.children(paths.configChanges)
    const now = this.#nowMs()
    for (const name of isRefused(names) ? [] : names) {
      const path = `${paths.configChanges}/${name}`
      const since = this.#notes.get(path)
      if (since === undefined) this.#notes.set(path, now)
      else if (now - since >= keptMs) {
        await this.#tree.delete(path)
        this.#notes.delete(path)
      }
    }
  }
}

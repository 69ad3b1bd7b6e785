// Who this broker is: cluster id and broker id from the tree, meta.properties and the configuration, which have to
// agree. In an empty tree this also lays out Kafka's top-level paths and adopts what lies in the log directories.
import { decodeClusterId, encodeClusterId, paths, persistentPaths } from '../../coordination/kafka-znodes.js'
import { isRefused, type Tree, type TreeOp } from '../../coordination/tree.js'
import { StartupError } from '../../errors.js'
import type { Uuid } from '../../protocol/schema.js'
import { type Adoption, adoptionOf } from './adopt.js'
import type { FoundPartition } from './topics-in-tree.js'

export interface IdentityOptions {
  readonly tree: Tree
  /** broker.id of the configuration; -1 when it is to be found or generated. */
  readonly configuredBrokerId: number
  /** reserved.broker.max.id: generated ids are above it. */
  readonly reservedBrokerMaxId: number
  /** What meta.properties of the log directories say (they agree with each other); undefined when there is none. */
  readonly stored: { readonly clusterId?: string; readonly brokerId?: number } | undefined
  /** Partition directories, for an empty tree. */
  readonly found: readonly FoundPartition[]
  /** A fresh random id, 22 characters of base64url. */
  readonly newUuid: () => Uuid
  readonly nowMs: number
  /** Given to adopted internal topics: their real ones are not in the log directories. */
  readonly internalTopicConfigs: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export interface Identity {
  readonly clusterId: string
  readonly brokerId: number
  /** What was adopted; everything in it is empty when nothing was. */
  readonly adoption: Adoption
}

const nothing: Adoption = { ops: [], topicIdsToWrite: [], report: [], warnings: [] }

/** Throws StartupError when tree, meta.properties and configuration contradict each other. */
export async function establishIdentity(options: IdentityOptions): Promise<Identity> {
  const { tree, stored } = options
  const node = await tree.get(paths.clusterId)
  if (node === undefined) return layOut(options)
  const clusterId = decodeClusterId(node.data)
  if (clusterId === undefined) throw new StartupError(`metadata: ${paths.clusterId} does not read`)
  if (stored?.clusterId !== undefined && stored.clusterId !== clusterId) {
    throw new StartupError(
      `meta.properties: cluster.id ${stored.clusterId} is not the cluster's id ${clusterId}; the broker is on the wrong metadata or log.dirs`
    )
  }
  return { clusterId, brokerId: await brokerIdOf(options), adoption: nothing }
}

async function layOut(options: IdentityOptions): Promise<Identity> {
  const { tree, stored, found, newUuid, nowMs, internalTopicConfigs } = options
  const missing: TreeOp[] = []
  for (const path of persistentPaths) {
    if ((await tree.exists(path)) === undefined) missing.push({ op: 'create', path, data: Buffer.alloc(0) })
  }
  if (missing.length > 0) await tree.multi(missing)
  const brokerId = await brokerIdOf(options)
  const clusterId = stored?.clusterId ?? newUuid()
  const adoption = adoptionOf(found, { brokerId, newTopicId: newUuid, nowMs, internalTopicConfigs })
  const answer = await tree.multi([
    { op: 'create', path: paths.clusterId, data: encodeClusterId(clusterId) },
    ...adoption.ops
  ])
  if (isRefused(answer))
    throw new StartupError(`metadata: ${answer.path}: ${answer.error} while it was laid out`)
  const origin = stored?.clusterId === undefined ? [] : [`adopted cluster id ${clusterId}`]
  const self = stored?.brokerId === undefined ? [] : [`adopted broker id ${brokerId}`]
  return { clusterId, brokerId, adoption: { ...adoption, report: [...origin, ...self, ...adoption.report] } }
}

async function brokerIdOf({ tree, configuredBrokerId, reservedBrokerMaxId, stored }: IdentityOptions) {
  const kept = stored?.brokerId
  if (configuredBrokerId >= 0) {
    if (kept !== undefined && kept !== configuredBrokerId) {
      throw new StartupError(
        `broker.id: configured ${configuredBrokerId}, but meta.properties in log.dirs says ${kept}`
      )
    }
    return configuredBrokerId
  }
  if (kept !== undefined) return kept
  const stat = await tree.set(paths.brokerSequence, Buffer.alloc(0))
  if (isRefused(stat)) throw new StartupError(`metadata: ${paths.brokerSequence}: ${stat.error}`)
  return reservedBrokerMaxId + stat.version
}

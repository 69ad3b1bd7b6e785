// The capabilities a handler may declare: what it can reach, and nothing else.
import type { BrokerConfig } from '../../config/broker-config.js'
import type { DiskSpace } from '../../storage/files.js'
import type { ControllerClient } from '../controller/controller-client.js'
import type { MetadataImage } from '../controller/metadata-image.js'
import type { GroupAccess } from '../groups/group-access.js'
import type { FetchSessions } from '../replicas/fetch-session.js'
import type { ReplicaAccess } from '../replicas/replica-access.js'
import type { ApiVersionRange } from './advertised.js'

export interface LogDirsView {
  /** Canonical paths, in the order of log.dirs. */
  all(): readonly { readonly path: string; readonly isOffline: boolean }[]
  /** Rejects when the file system does not tell. */
  space(path: string): Promise<DiskSpace>
}

export interface ApiNeeds {
  readonly config: BrokerConfig
  readonly brokerId: number
  /** The newest metadata image of this thread; take it once per request so that an answer is consistent. */
  readonly metadata: () => MetadataImage
  /** The controller on the main thread, reached by message: topics, partitions, producer-id blocks. */
  readonly controller: ControllerClient
  /** Partitions of every shard: own shard directly, others by message. */
  readonly replicas: ReplicaAccess
  readonly fetchSessions: FetchSessions
  /** The coordinators of all groups: own thread directly, others by message. */
  readonly groups: GroupAccess
  readonly logDirs: LogDirsView
  /** What is registered: ApiVersions is computed from this. */
  readonly advertised: () => readonly ApiVersionRange[]
}

// The coordination service as the controller needs it: ZooKeeper's data model and rules (znodes with versions,
// ephemerals, sequential names, one-shot watches, atomic multi), so that a real ZooKeeper can stand behind it.

export interface Stat {
  /** Counts the sets of the data; 0 when just created. Conditional writes compare it. */
  readonly version: number
  /** Transaction that created the node; for a broker's registration this is the broker epoch. */
  readonly czxid: number
  /** Transaction that last set the data. */
  readonly mzxid: number
  /** Counts creations and deletions of children. */
  readonly cversion: number
  /** Session that the node dies with; 0 for a persistent node. */
  readonly ephemeralOwner: number
  readonly numChildren: number
}

export type TreeErrorName =
  | 'NoNode'
  | 'NodeExists'
  | 'BadVersion'
  | 'NotEmpty'
  | 'NoChildrenForEphemerals'
  | 'BadArguments'

/** An expected refusal. In a multi, `index` is the operation that was refused; none of them was carried out. */
export class TreeError {
  constructor(
    readonly error: TreeErrorName,
    readonly path: string,
    readonly index = 0
  ) {}
}

export interface CreateOptions {
  /** The node vanishes with this session. */
  readonly ephemeral?: boolean
  /** Ten digits are appended to the name: how many children the parent has had. */
  readonly sequential?: boolean
}

export type TreeOp =
  | { readonly op: 'create'; readonly path: string; readonly data: Buffer; readonly options?: CreateOptions }
  | { readonly op: 'set'; readonly path: string; readonly data: Buffer; readonly version?: number }
  | { readonly op: 'delete'; readonly path: string; readonly version?: number }
  /** Refuses the whole multi when the node does not have this version. */
  | { readonly op: 'check'; readonly path: string; readonly version: number }

/** What one operation of a multi did: the path (of a sequential node the real one), and its stat afterwards. */
export interface OpResult {
  readonly path: string
  readonly stat: Stat
}

export interface Znode {
  readonly data: Buffer
  readonly stat: Stat
}

export type WatchEvent = 'created' | 'changed' | 'deleted' | 'childrenChanged'

/**
 * One session. Answers of writes are durable, and a read never shows what could still be lost. A rejected promise means
 * that the disk or the service failed: nothing more can be known of the tree through this session.
 */
export interface Tree {
  readonly sessionId: number
  create(path: string, data: Buffer, options?: CreateOptions): Promise<OpResult | TreeError>
  get(path: string): Promise<Znode | undefined>
  exists(path: string): Promise<Stat | undefined>
  /** Without `expectedVersion` the set is unconditional. */
  set(path: string, data: Buffer, expectedVersion?: number): Promise<Stat | TreeError>
  delete(path: string, expectedVersion?: number): Promise<OpResult | TreeError>
  /** Names (not paths), in order of code units. */
  children(path: string): Promise<readonly string[] | TreeError>
  /** All or nothing. */
  multi(ops: readonly TreeOp[]): Promise<readonly OpResult[] | TreeError>
  /** Tells once that the node was created, changed or deleted. The result takes the watch back. */
  watchNode(path: string, fire: (event: WatchEvent) => void): () => void
  /** Tells once that a child was created or deleted, or the node itself deleted. */
  watchChildren(path: string, fire: (event: WatchEvent) => void): () => void
  /** Ends the session: its ephemeral nodes go. */
  close(): Promise<void>
}

export function isRefused<T>(answer: T | TreeError): answer is TreeError {
  return answer instanceof TreeError
}

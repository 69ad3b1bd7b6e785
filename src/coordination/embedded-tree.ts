// The tree of a broker that needs no ZooKeeper: nodes in memory, every transaction in a journal before it is answered.
// Transactions that arrive while one flush runs go together into the next (group commit). Ephemeral nodes of earlier
// lives vanish when the journal is opened: their sessions died with the process.
import { errorMessage, invariant } from '../errors.js'
import { encodeBatch, encodeImage, type JournalStore, restore } from './journal.js'
import type { CreateOptions, OpResult, Stat, Tree, TreeOp, WatchEvent, Znode } from './tree.js'
import { TreeError } from './tree.js'
import type { Change, TransactionRecord, ZnodeStore } from './znode-store.js'

/** Bytes of transactions after which the journal is written anew as an image. */
const rewriteAfterBytes = 4 * 1024 * 1024

export interface EmbeddedTreeOptions {
  readonly store: JournalStore
  /** Told about a torn tail. */
  readonly warn?: (message: string) => void
  readonly rewriteAfterBytes?: number
  /** Once: the journal could not be written, and nothing can be changed any more. */
  readonly onFailure?: (cause: Error) => void
}

/** More than one session on one tree: for tests and for watching from inside. */
export interface EmbeddedTree extends Tree {
  openSession(): Tree
}

/** Throws StartupError when the journal is damaged in a way that a crash cannot explain. */
export async function openEmbeddedTree(options: EmbeddedTreeOptions): Promise<EmbeddedTree> {
  const { store, warn } = options
  const bytes = store.read()
  const { store: nodes, length, tornBytes } = restore(bytes ?? Buffer.alloc(0), store.name)
  if (tornBytes > 0) {
    warn?.(`${store.name}: cut off ${tornBytes} bytes that were being written when the broker was killed`)
    await store.truncate(length)
  }
  const limit = options.rewriteAfterBytes ?? rewriteAfterBytes
  const core = new TreeCore(nodes, store, length, limit)
  core.onFailure = options.onFailure ?? (() => {})
  core.dropEphemerals()
  return new Session(core, true)
}

interface Waiting {
  readonly resolve: () => void
  readonly reject: (reason: Error) => void
}

class TreeCore {
  readonly #nodes: ZnodeStore
  readonly #store: JournalStore
  readonly #rewriteAfterBytes: number
  readonly #watches = { node: new Watches(), children: new Watches() }
  #journalBytes: number
  #pending: TransactionRecord[] = []
  #waiting: Waiting[] = []
  /** Resolves when the flush that runs, and all that follow it, are through. */
  #flushing: Promise<void> | undefined
  #failure: Error | undefined
  onFailure: (cause: Error) => void = () => {}
  #sessions = 0

  constructor(nodes: ZnodeStore, store: JournalStore, journalBytes: number, limit: number) {
    this.#nodes = nodes
    this.#store = store
    this.#journalBytes = journalBytes
    this.#rewriteAfterBytes = limit
  }

  newSessionId(): number {
    this.#sessions += 1
    return this.#sessions
  }

  get nodes(): ZnodeStore {
    return this.#nodes
  }

  /** Goes to disk together with the first real transaction; if that never comes, it is repeated at the next start. */
  dropEphemerals(): void {
    const ops = this.#nodes.ephemerals().map(path => ({ op: 'delete' as const, path }))
    const done = this.#nodes.transact(ops, 0)
    invariant(!(done instanceof TreeError), 'an ephemeral node has no children')
    if (done.record !== undefined) this.#pending.push(done.record)
  }

  async transact(ops: readonly TreeOp[], session: number): Promise<readonly OpResult[] | TreeError> {
    if (this.#failure !== undefined) throw this.#failure
    const done = this.#nodes.transact(ops, session)
    if (done instanceof TreeError) {
      await this.settled()
      return done
    }
    if (done.record !== undefined) this.#pending.push(done.record)
    await this.settled()
    this.#tell(done.changes)
    return done.results
  }

  /** Everything that was carried out up to now is on disk. */
  settled(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#pending.length === 0 && this.#flushing === undefined) return Promise.resolve()
    const settled = new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }))
    this.#flushing ??= this.#flushAll()
    return settled
  }

  watch(kind: 'node' | 'children', path: string, fire: (event: WatchEvent) => void): () => void {
    return this.#watches[kind].add(path, fire)
  }

  async close(): Promise<void> {
    await this.#flushing
    await this.#store.close()
  }

  async #flushAll(): Promise<void> {
    // A microtask later, so that transactions of one turn share a flush.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const waiting = this.#waiting
      const records = this.#pending
      this.#waiting = []
      this.#pending = []
      try {
        if (records.length > 0) await this.#write(records)
        for (const { resolve } of waiting) resolve()
      } catch (error) {
        this.#failure = new Error(`${this.#store.name}: ${errorMessage(error)}`)
        for (const { reject } of [...waiting, ...this.#waiting]) reject(this.#failure)
        this.#waiting = []
        this.onFailure(this.#failure)
      }
    }
    this.#flushing = undefined
  }

  async #write(records: readonly TransactionRecord[]): Promise<void> {
    if (this.#journalBytes === 0 || this.#journalBytes > this.#rewriteAfterBytes) {
      const image = encodeImage(this.#nodes.image())
      await this.#store.replace(image)
      // An image larger than the limit must not be written anew with each transaction.
      this.#journalBytes = Math.min(image.length, this.#rewriteAfterBytes / 2)
      return
    }
    const batch = encodeBatch(records)
    await this.#store.append(batch)
    this.#journalBytes += batch.length
  }

  #tell(changes: readonly Change[]): void {
    for (const { path, event } of changes) {
      if (event !== 'childrenChanged') this.#watches.node.fire(path, event)
      if (event === 'childrenChanged' || event === 'deleted') this.#watches.children.fire(path, event)
    }
  }
}

/** One-shot: a watch is gone once it fired. */
class Watches {
  readonly #byPath = new Map<string, Set<(event: WatchEvent) => void>>()

  add(path: string, fire: (event: WatchEvent) => void): () => void {
    const watch = (event: WatchEvent): void => fire(event)
    const set = this.#byPath.get(path) ?? new Set()
    this.#byPath.set(path, set.add(watch))
    return () => {
      set.delete(watch)
      if (set.size === 0 && this.#byPath.get(path) === set) this.#byPath.delete(path)
    }
  }

  fire(path: string, event: WatchEvent): void {
    const set = this.#byPath.get(path)
    this.#byPath.delete(path)
    for (const watch of set ?? []) watch(event)
  }
}

class Session implements EmbeddedTree {
  readonly sessionId: number
  readonly #core: TreeCore
  /** The first session owns the journal. */
  readonly #owner: boolean

  constructor(core: TreeCore, owner: boolean) {
    this.#core = core
    this.#owner = owner
    this.sessionId = core.newSessionId()
  }

  openSession(): Tree {
    return new Session(this.#core, false)
  }

  async create(path: string, data: Buffer, options: CreateOptions = {}): Promise<OpResult | TreeError> {
    return this.#one({ op: 'create', path, data, options })
  }

  async get(path: string): Promise<Znode | undefined> {
    const node = this.#core.nodes.get(path)
    await this.#core.settled()
    return node
  }

  async exists(path: string): Promise<Stat | undefined> {
    return (await this.get(path))?.stat
  }

  async set(path: string, data: Buffer, expectedVersion?: number): Promise<Stat | TreeError> {
    const condition = expectedVersion === undefined ? {} : { version: expectedVersion }
    const done = await this.#one({ op: 'set', path, data, ...condition })
    return done instanceof TreeError ? done : done.stat
  }

  async delete(path: string, expectedVersion?: number): Promise<OpResult | TreeError> {
    return this.#one({
      op: 'delete',
      path,
      ...(expectedVersion === undefined ? {} : { version: expectedVersion })
    })
  }

  async children(path: string): Promise<readonly string[] | TreeError> {
    const names = this.#core.nodes.children(path)
    await this.#core.settled()
    return names ?? new TreeError('NoNode', path)
  }

  multi(ops: readonly TreeOp[]): Promise<readonly OpResult[] | TreeError> {
    return this.#core.transact(ops, this.sessionId)
  }

  watchNode(path: string, fire: (event: WatchEvent) => void): () => void {
    return this.#core.watch('node', path, fire)
  }

  watchChildren(path: string, fire: (event: WatchEvent) => void): () => void {
    return this.#core.watch('children', path, fire)
  }

  async close(): Promise<void> {
    const mine = this.#core.nodes.ephemerals(this.sessionId).map(path => ({ op: 'delete' as const, path }))
    try {
      if (mine.length > 0) await this.multi(mine)
    } finally {
      if (this.#owner) await this.#core.close()
    }
  }

  async #one(op: TreeOp): Promise<OpResult | TreeError> {
    const results = await this.#core.transact([op], this.sessionId)
    if (results instanceof TreeError) return results
    const [result] = results
    invariant(result !== undefined, 'one operation has one result')
    return result
  }
}

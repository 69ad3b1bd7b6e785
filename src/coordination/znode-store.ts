// The nodes in memory: every rule of the tree and no I/O. A transaction is carried out step by step; when one step is
// refused, the steps before it are undone. What it did comes back as a record that `replay` repeats after a restart.
import { required } from '../errors.js'
import {
  type CreateOptions,
  type OpResult,
  type Stat,
  TreeError,
  type TreeOp,
  type WatchEvent,
  type Znode
} from './tree.js'

/** One step as it was carried out: names are final, conditions were true. */
export type Step =
  | { readonly c: string; readonly d?: string; readonly b?: string; readonly e?: number }
  | { readonly s: string; readonly d?: string; readonly b?: string }
  | { readonly x: string }

/** A transaction as the journal keeps it. */
export interface TransactionRecord {
  readonly zxid: number
  readonly steps: readonly Step[]
}

/** All nodes at one moment: [path, data, version, czxid, mzxid, childrenCreated, ephemeralOwner], parents first. */
export interface StoreImage {
  readonly zxid: number
  readonly nodes: readonly (readonly [
    string,
    string | { b: string },
    number,
    number,
    number,
    number,
    number
  ])[]
}

interface Node {
  data: Buffer
  version: number
  czxid: number
  mzxid: number
  /** Names the next sequential child. */
  childrenCreated: number
  ephemeralOwner: number
  readonly children: Set<string>
}

export interface Change {
  readonly path: string
  readonly event: WatchEvent
}

export interface Done {
  readonly results: readonly OpResult[]
  /** Undefined when nothing was changed (only checks). */
  readonly record: TransactionRecord | undefined
  readonly changes: readonly Change[]
}

interface Work {
  readonly zxid: number
  readonly session: number
  readonly undo: (() => void)[]
  readonly steps: Step[]
  readonly changes: Change[]
}

export class ZnodeStore {
  readonly #nodes = new Map<string, Node>([['/', newNode(Buffer.alloc(0), 0, 0)]])
  #zxid = 0

  get zxid(): number {
    return this.#zxid
  }

  get size(): number {
    return this.#nodes.size
  }

  get(path: string): Znode | undefined {
    const node = this.#nodes.get(path)
    return node && { data: node.data, stat: statOf(node) }
  }

  children(path: string): readonly string[] | undefined {
    const node = this.#nodes.get(path)
    return node && [...node.children].sort()
  }

  /** Paths of a session's ephemeral nodes, or of all sessions' when none is named. */
  ephemerals(session?: number): string[] {
    const paths: string[] = []
    for (const [path, { ephemeralOwner }] of this.#nodes) {
      if (session === undefined ? ephemeralOwner !== 0 : ephemeralOwner === session) paths.push(path)
    }
    return paths
  }

  /** All or nothing. */
  transact(ops: readonly TreeOp[], session: number): Done | TreeError {
    const work: Work = { zxid: this.#zxid + 1, session, undo: [], steps: [], changes: [] }
    const results: OpResult[] = []
    for (const [index, op] of ops.entries()) {
      const result = this.#carryOut(op, work)
      if (result instanceof TreeError) {
        for (const back of work.undo.reverse()) back()
        return new TreeError(result.error, result.path, index)
      }
      results.push(result)
    }
    if (work.steps.length === 0) return { results, record: undefined, changes: [] }
    this.#zxid = work.zxid
    return { results, record: { zxid: work.zxid, steps: work.steps }, changes: work.changes }
  }

  /** Repeats what the journal says. False when it does not fit: then the journal is not of this tree. */
  replay(record: TransactionRecord): boolean {
    const ops = record.steps.map(opOf)
    const work: Work = { zxid: record.zxid, session: 0, undo: [], steps: [], changes: [] }
    if (record.zxid <= this.#zxid) return false
    for (const [index, op] of ops.entries()) {
      if (this.#carryOut(op, work) instanceof TreeError) return false
      const step = record.steps[index]
      if (step !== undefined && 'c' in step) this.#node(step.c).ephemeralOwner = step.e ?? 0
    }
    this.#zxid = record.zxid
    return true
  }

  image(): StoreImage {
    const nodes = [...this.#nodes].map(
      ([path, n]) =>
        [path, textOf(n.data), n.version, n.czxid, n.mzxid, n.childrenCreated, n.ephemeralOwner] as const
    )
    return { zxid: this.#zxid, nodes }
  }

  static from(image: StoreImage): ZnodeStore {
    const store = new ZnodeStore()
    store.#zxid = image.zxid
    for (const [path, data, version, czxid, mzxid, childrenCreated, ephemeralOwner] of image.nodes) {
      const bytes = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.b, 'base64')
      store.#nodes.set(path, {
        ...newNode(bytes, czxid, ephemeralOwner),
        version,
        mzxid,
        childrenCreated
      })
      if (path !== '/') store.#node(parentOf(path)).children.add(nameOf(path))
    }
    return store
  }

  #node(path: string): Node {
    return required(this.#nodes.get(path), `node ${path} was looked up before`)
  }

  #carryOut(op: TreeOp, work: Work): OpResult | TreeError {
    if (op.op === 'create') return this.#create(op.path, op.data, op.options ?? {}, work)
    const node = this.#nodes.get(op.path)
    if (node === undefined) return new TreeError('NoNode', op.path)
    if (op.version !== undefined && op.version !== node.version) return new TreeError('BadVersion', op.path)
    if (op.op === 'set') this.#set(op.path, node, op.data, work)
    if (op.op === 'delete') return this.#delete(op.path, node, work)
    return { path: op.path, stat: statOf(node) }
  }

  #create(asked: string, data: Buffer, options: CreateOptions, work: Work): OpResult | TreeError {
    if (!isValidPath(asked, options.sequential === true)) return new TreeError('BadArguments', asked)
    const parentPath = parentOf(asked)
    const parent = this.#nodes.get(parentPath)
    if (parent === undefined) return new TreeError('NoNode', parentPath)
    if (parent.ephemeralOwner !== 0) return new TreeError('NoChildrenForEphemerals', parentPath)
    const path = options.sequential ? asked + String(parent.childrenCreated).padStart(10, '0') : asked
    if (this.#nodes.has(path)) return new TreeError('NodeExists', path)
    const owner = options.ephemeral ? work.session : 0
    const node = newNode(data, work.zxid, owner)
    const name = nameOf(path)
    this.#nodes.set(path, node)
    parent.children.add(name)
    parent.childrenCreated += 1
    work.undo.push(() => {
      this.#nodes.delete(path)
      parent.children.delete(name)
      parent.childrenCreated -= 1
    })
    work.steps.push({ c: path, ...payload(data), ...(owner === 0 ? {} : { e: owner }) })
    work.changes.push({ path, event: 'created' }, { path: parentPath, event: 'childrenChanged' })
    return { path, stat: statOf(node) }
  }

  #set(path: string, node: Node, data: Buffer, work: Work): void {
    const before = { data: node.data, version: node.version, mzxid: node.mzxid }
    work.undo.push(() => Object.assign(node, before))
    node.data = Buffer.from(data)
    node.version += 1
    node.mzxid = work.zxid
    work.steps.push({ s: path, ...payload(data) })
    work.changes.push({ path, event: 'changed' })
  }

  #delete(path: string, node: Node, work: Work): OpResult | TreeError {
    if (path === '/') return new TreeError('BadArguments', path)
    if (node.children.size > 0) return new TreeError('NotEmpty', path)
    const parentPath = parentOf(path)
    const siblings = this.#node(parentPath).children
    this.#nodes.delete(path)
    siblings.delete(nameOf(path))
    work.undo.push(() => {
      this.#nodes.set(path, node)
      siblings.add(nameOf(path))
    })
    work.steps.push({ x: path })
    work.changes.push({ path, event: 'deleted' }, { path: parentPath, event: 'childrenChanged' })
    return { path, stat: statOf(node) }
  }
}

function newNode(data: Buffer, zxid: number, ephemeralOwner: number): Node {
  return {
    data: Buffer.from(data),
    version: 0,
    czxid: zxid,
    mzxid: zxid,
    childrenCreated: 0,
    ephemeralOwner,
    children: new Set()
  }
}

/** ZooKeeper shows twice the creations minus the children that are left: creations plus deletions. */
function statOf(node: Node): Stat {
  return {
    version: node.version,
    czxid: node.czxid,
    mzxid: node.mzxid,
    cversion: node.childrenCreated * 2 - node.children.size,
    ephemeralOwner: node.ephemeralOwner,
    numChildren: node.children.size
  }
}

/** Kafka's znodes are text; anything else is kept as base64. */
function textOf(data: Buffer): string | { b: string } {
  const text = data.toString('utf8')
  return Buffer.from(text, 'utf8').equals(data) ? text : { b: data.toString('base64') }
}

function payload(data: Buffer): { d?: string } | { b: string } {
  if (data.length === 0) return {}
  const text = textOf(data)
  return typeof text === 'string' ? { d: text } : text
}

function opOf(step: Step): TreeOp {
  if ('x' in step) return { op: 'delete', path: step.x }
  const data = step.b === undefined ? Buffer.from(step.d ?? '') : Buffer.from(step.b, 'base64')
  return 'c' in step ? { op: 'create', path: step.c, data } : { op: 'set', path: step.s, data }
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash <= 0 ? '/' : path.slice(0, slash)
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** A sequential node may have no name of its own before the digits. */
function isValidPath(path: string, sequential: boolean): boolean {
  if (!path.startsWith('/') || path.includes('\0')) return false
  const names = path.slice(1).split('/')
  return names.every(
    (name, i) => name !== '.' && name !== '..' && (name !== '' || (sequential && i === names.length - 1))
  )
}

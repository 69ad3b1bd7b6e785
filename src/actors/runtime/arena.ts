// Request memory, shared by all threads: one region a network thread, blocks of fixed sizes carved when first needed.
// Only the owner of a region allocates; any thread releases, the owner reclaims. The pool is Kafka's memory pool
// (queued.max.request.bytes): it grants while any byte is free and may overdraw by one request, never by more.
import { invariant, required } from '../../errors.js'
import {
  blockWords,
  classBytes,
  classCount,
  classOf,
  generationOf,
  headWord,
  largestBlock,
  type SharedArena,
  unitBytes,
  unitsOf
} from './arena-layout.js'
import { Doorbell } from './doorbell.js'
import type { ThreadId } from './mesh.js'
import type { Cancel } from './timers.js'

export { createArena, largestBlock, type SharedArena } from './arena-layout.js'

/** Five plain numbers; they fit into Int32 ring slots. */
export interface BlockRef {
  readonly region: number
  readonly block: number
  /** Tells this use of the block from earlier and later ones, so that a late second release does no harm. */
  readonly generation: number
  /** Bytes from the start of the region; -1 = the block is a SharedArrayBuffer of its own. */
  readonly offset: number
  /** As asked for. */
  readonly bytes: number
}

export interface Block {
  readonly ref: BlockRef
  /** Exactly `bytes` long; holds what was there before. */
  readonly view: Buffer
  /** Idempotent. */
  release(): void
}

/** What the owner of a region knows about it; nobody else needs it. */
interface Owned {
  readonly region: number
  readonly offsets: number[]
  /** Size class of each block; classCount = no memory of its own between uses. */
  readonly classes: number[]
  readonly free: number[][]
  carvedBytes: number
  lastBlock: number
}

/** One thread's view: every thread has one, those with a region can allocate. */
export class Arena {
  readonly #shared: SharedArena
  readonly #control: Int32Array
  readonly #blocks: readonly Int32Array[]
  readonly #owned: Owned | undefined
  readonly #bells: readonly Doorbell[]
  /** Oversize blocks this thread has seen, by region and block. */
  readonly #oversize = new Map<string, { readonly generation: number; readonly memory: SharedArrayBuffer }>()
  #waiting: Array<() => void> = []
  #cancel: Cancel = () => {}

  /** `doorbell` is this thread's own; needed where onAvailable is used. */
  constructor(shared: SharedArena, thread: ThreadId, doorbells: SharedArrayBuffer, doorbell?: Doorbell) {
    this.#shared = shared
    this.#control = new Int32Array(shared.control)
    this.#blocks = shared.regions.map(({ blocks }) => new Int32Array(blocks))
    this.#bells = shared.regions.map(region => new Doorbell(doorbells, region.thread))
    const region = shared.regions.findIndex(candidate => candidate.thread === thread)
    if (region < 0) return
    const free = Array.from({ length: classCount + 1 }, (): number[] => [])
    this.#owned = { region, offsets: [], classes: [], free, carvedBytes: 0, lastBlock: 0 }
    if (doorbell !== undefined) this.#cancel = doorbell.onRing(() => this.#answerBell())
  }

  /** Bytes of the pool, Infinity when it is off. */
  get capacity(): number {
    return this.#shared.units < 0 ? Number.POSITIVE_INFINITY : this.#shared.units * unitBytes
  }

  /** Bytes in use by all threads, rounded up to block sizes. */
  get used(): number {
    return Atomics.load(this.#control, 0) * unitBytes
  }

  /** May be negative by one request. */
  get available(): number {
    return this.capacity - this.used
  }

  /** Owner only. Undefined: the pool is exhausted; onAvailable says when to try again. */
  allocate(bytes: number): Block | undefined {
    const owned = required(this.#owned, 'only a thread with a region allocates')
    invariant(bytes > 0 && bytes <= 2 ** 31 - 1, `a block of ${bytes} bytes`)
    this.#reclaim(owned)
    const size = this.#place(owned, bytes)
    if (size === undefined || !this.#charge(unitsOf(size, bytes))) return undefined
    const ref = this.#take(owned, size, bytes)
    return { ref, view: this.view(ref), release: () => void this.release(ref) }
  }

  /** Calls back once, on this thread's next doorbell after memory was given back; soon when there is some already. */
  onAvailable(run: () => void): void {
    const owned = required(this.#owned, 'only a thread with a region waits for memory')
    this.#waiting.push(run)
    Atomics.store(this.#control, 1 + owned.region, 1)
    // Given back between the refusal and the flag: nobody else will ring.
    if (this.#hasRoom()) this.#wake(owned.region)
  }

  /** Any thread. False when it was released before. */
  release(ref: BlockRef): boolean {
    const blocks = required(this.#blocks[ref.region], `region ${ref.region} does not exist`)
    const at = blockWords * ref.block
    const live = ref.generation * 2 + 1
    const units = blocks[at + 2] ?? 0
    if (Atomics.compareExchange(blocks, at, live, live - 1) !== live) return false
    if (ref.offset < 0) this.#oversize.delete(keyOf(ref))
    if (ref.region === this.#owned?.region) this.#recycle(this.#owned, ref.block)
    else {
      giveBack(blocks, ref.block)
      // The owner lets go of the memory now, not at its next request.
      if (ref.offset < 0) this.#bells[ref.region]?.ring()
    }
    Atomics.sub(this.#control, 0, units)
    for (let region = 0; region < this.#blocks.length; region++) {
      if (Atomics.load(this.#control, 1 + region) === 1) this.#wake(region)
    }
    return true
  }

  /** The bytes in place. Throws Bug for an oversize block that this thread was never given. */
  view(ref: BlockRef): Buffer {
    if (ref.offset >= 0) {
      const region = required(this.#shared.regions[ref.region], `region ${ref.region} does not exist`)
      return Buffer.from(region.data, ref.offset, ref.bytes)
    }
    return Buffer.from(
      required(this.memoryOf(ref), 'an oversize block has to be adopted first'),
      0,
      ref.bytes
    )
  }

  /** The SharedArrayBuffer of an oversize block, to go along with a message; undefined when this thread lacks it. */
  memoryOf(ref: BlockRef): SharedArrayBuffer | undefined {
    const known = this.#oversize.get(keyOf(ref))
    const live = Atomics.load(required(this.#blocks[ref.region], 'a region'), blockWords * ref.block)
    return known?.generation === ref.generation && live === ref.generation * 2 + 1 ? known.memory : undefined
  }

  /** Makes an oversize block of another thread known to this one; until it is released here. */
  adopt(ref: BlockRef, memory: SharedArrayBuffer): void {
    invariant(ref.offset < 0 && memory.byteLength >= ref.bytes, 'only an oversize block is adopted')
    this.#oversize.set(keyOf(ref), { generation: ref.generation, memory })
  }

  /** The thread whose region the block belongs to. */
  ownerOf(ref: BlockRef): ThreadId {
    return required(this.#shared.regions[ref.region], `region ${ref.region} does not exist`).thread
  }

  /** Forgets an oversize block that another thread releases. */
  forget(ref: BlockRef): void {
    if (ref.region !== this.#owned?.region) this.#oversize.delete(keyOf(ref))
  }

  /** Stops listening to the doorbell. */
  close(): void {
    this.#cancel()
  }

  #hasRoom(): boolean {
    return this.#shared.units < 0 || Atomics.load(this.#control, 0) < this.#shared.units
  }

  #wake(region: number): void {
    if (Atomics.exchange(this.#control, 1 + region, 0) === 1) this.#bells[region]?.ring()
  }

  #answerBell(): void {
    const owned = this.#owned
    if (owned === undefined) return
    this.#reclaim(owned)
    if (this.#waiting.length === 0) return
    if (Atomics.load(this.#control, 1 + owned.region) === 1) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const run of waiting) run()
  }

  /** One compare-and-set loop for all threads: that is what keeps the overdraft at one request. */
  #charge(units: number): boolean {
    for (;;) {
      const used = Atomics.load(this.#control, 0)
      if (this.#shared.units >= 0 && used >= this.#shared.units) return false
      if (Atomics.compareExchange(this.#control, 0, used, used + units) === used) return true
    }
  }

  /** The size class to use: a free block of this or a slightly larger one, new memory, or classCount = its own; undefined = no number left. */
  #place(owned: Owned, bytes: number): number | undefined {
    const numbered = owned.lastBlock < this.#descriptors(owned)
    const alone = numbered || owned.free[classCount]?.length ? classCount : undefined
    if (bytes > largestBlock) return alone
    const wanted = classOf(bytes)
    if (owned.free[wanted]?.length) return wanted
    const room =
      required(this.#shared.regions[owned.region], 'own region').data.byteLength - owned.carvedBytes
    if (classBytes(wanted) <= room && numbered) return wanted
    for (let size = wanted + 1; size < Math.min(wanted + 4, classCount); size++) {
      if (owned.free[size]?.length) return size
    }
    return alone
  }

  #descriptors(owned: Owned): number {
    return required(this.#blocks[owned.region], 'own region').length / blockWords - 1
  }

  #take(owned: Owned, size: number, bytes: number): BlockRef {
    const blocks = required(this.#blocks[owned.region], 'own region')
    const block = owned.free[size]?.pop() ?? this.#carve(owned, size)
    const at = blockWords * block
    const generation = generationOf((blocks[at] ?? 0) + 2)
    blocks[at + 2] = unitsOf(size, bytes)
    const own = size === classCount
    const ref: BlockRef = {
      region: owned.region,
      block,
      generation,
      offset: own ? -1 : (owned.offsets[block] ?? 0),
      bytes
    }
    if (own) this.#oversize.set(keyOf(ref), { generation, memory: new SharedArrayBuffer(bytes) })
    Atomics.store(blocks, at, generation * 2 + 1)
    return ref
  }

  #carve(owned: Owned, size: number): number {
    invariant(owned.lastBlock < this.#descriptors(owned), 'the arena has run out of block numbers')
    const block = ++owned.lastBlock
    owned.classes[block] = size
    owned.offsets[block] = owned.carvedBytes
    if (size < classCount) owned.carvedBytes += classBytes(size)
    return block
  }

  #recycle(owned: Owned, block: number): void {
    const size = required(owned.classes[block], 'a block of this region')
    if (size === classCount) this.#oversize.delete(`${owned.region}/${block}`)
    owned.free[size]?.push(block)
  }

  /** Takes the whole stack of blocks that other threads gave back. */
  #reclaim(owned: Owned): void {
    const blocks = required(this.#blocks[owned.region], 'own region')
    if (Atomics.load(blocks, headWord) === 0) return
    let block = Atomics.exchange(blocks, headWord, 0)
    while (block !== 0) {
      const next = Atomics.load(blocks, blockWords * block + 1)
      this.#recycle(owned, block)
      block = next
    }
  }
}

const keyOf = (ref: BlockRef): string => `${ref.region}/${ref.block}`

/** Pushes onto the owner's stack; the owner only ever takes it whole, so there is no ABA. */
function giveBack(blocks: Int32Array, block: number): void {
  for (;;) {
    const head = Atomics.load(blocks, headWord)
    Atomics.store(blocks, blockWords * block + 1, head)
    if (Atomics.compareExchange(blocks, headWord, head, block) === head) return
  }
}

// How the arena's shared memory is laid out: size classes, block descriptors, one pool counter.
// A region is larger than a small pool on purpose: classes keep what they carved, and untouched memory costs nothing.
import { invariant } from '../../errors.js'
import type { ThreadId } from './mesh.js'

/** The pool is counted in these units, so that an Int32 can hold it. */
export const unitBytes = 2048
export const smallestBlock = 4096
/** A request above this gets a SharedArrayBuffer of its own. */
export const largestBlock = 1024 * 1024

// Two classes a doubling: 4K, 6K, 8K, 12K, ... 1M.
const classSizes: number[] = []
for (let bytes = smallestBlock; bytes < largestBlock; bytes *= 2) classSizes.push(bytes, bytes * 1.5)
classSizes.push(largestBlock)

export const classCount = classSizes.length
export const classBytes = (size: number): number => classSizes[size] ?? 0

const classByUnits = new Uint8Array(largestBlock / unitBytes + 1)
for (let units = 0; units < classByUnits.length; units++) {
  classByUnits[units] = classSizes.findIndex(bytes => bytes >= units * unitBytes)
}

/** Smallest class that holds `bytes` (1 .. largestBlock). */
export const classOf = (bytes: number): number => classByUnits[Math.ceil(bytes / unitBytes)] ?? 0

/** What a block of that class is charged. */
export const unitsOf = (size: number, bytes: number): number =>
  size < classCount ? classBytes(size) / unitBytes : Math.ceil(bytes / unitBytes)

/** Words a block: state (generation x 2 + live), next of the stack of released blocks, units charged. */
export const blockWords = 4
/** Block 0 is none; its first word is the head of the stack of released blocks. */
export const headWord = 0
export const generationOf = (state: number): number => (state >>> 1) & 0x3fffffff

const oversizeBlocks = 4096

/** Plain data: goes to other threads in workerData. */
export interface SharedArena {
  /** Of the whole pool, in units; -1 = unbounded. */
  readonly units: number
  /** Units in use, then one flag a region: 1 = its owner waits for memory. */
  readonly control: SharedArrayBuffer
  readonly regions: ReadonlyArray<{
    readonly thread: ThreadId
    readonly data: SharedArrayBuffer
    readonly blocks: SharedArrayBuffer
  }>
}

export interface ArenaOptions {
  /** queued.max.request.bytes; -1 = unbounded. */
  readonly poolBytes: number
  /** One region each. */
  readonly networkThreads: readonly ThreadId[]
  /** Address space of one region (bytes); memory is used only once it is touched. Beyond it blocks stand alone. */
  readonly regionBytes?: number
}

const defaultRegionBytes = 64 * 1024 * 1024
/** So many pools are enough for what the classes keep carved. */
const regionPools = 16

export function createArena({ poolBytes, networkThreads, regionBytes }: ArenaOptions): SharedArena {
  const bounded = poolBytes > 0
  const units = bounded ? Math.ceil(poolBytes / unitBytes) : -1
  invariant(units < 2 ** 31, `a pool of ${poolBytes} bytes`)
  const enough = bounded ? Math.min(defaultRegionBytes, regionPools * poolBytes) : defaultRegionBytes
  const wanted = regionBytes ?? enough
  const bytes = Math.max(Math.ceil(wanted / smallestBlock), 1) * smallestBlock
  const descriptors = 1 + bytes / smallestBlock + oversizeBlocks
  return {
    units,
    control: new SharedArrayBuffer(4 * (1 + networkThreads.length)),
    regions: networkThreads.map(thread => ({
      thread,
      data: new SharedArrayBuffer(bytes),
      blocks: new SharedArrayBuffer(descriptors * blockWords * 4)
    }))
  }
}

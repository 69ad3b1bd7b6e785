// A journal that keeps its bytes in memory and can lose power: at the n-th durable write it keeps a part of the bytes
// (or all of them, unacknowledged) and refuses everything after.
import type { JournalStore } from '../../src/coordination/journal.js'

export class PowerLoss extends Error {
  override readonly name = 'PowerLoss'
}

export interface Disk {
  bytes: Buffer | undefined
  /** Durable writes so far. */
  writes: number
}

export function newDisk(): Disk {
  return { bytes: undefined, writes: 0 }
}

/** `keep`: the share (0 to 1) of the failing write that reached the disk. */
export function journalInMemory(
  disk: Disk,
  fault: { atWrite: number; keep: number } | undefined = undefined
): JournalStore {
  let dead = false
  const write = async (commit: (share: number) => void): Promise<void> => {
    await Promise.resolve()
    if (dead) throw new PowerLoss('no power')
    disk.writes += 1
    if (disk.writes === fault?.atWrite) {
      dead = true
      commit(fault.keep)
      throw new PowerLoss('power lost')
    }
    commit(1)
  }
  return {
    name: 'memory',
    read: () => disk.bytes,
    append: bytes =>
      write(share => {
        const kept = bytes.subarray(0, Math.floor(bytes.length * share))
        disk.bytes = Buffer.concat([disk.bytes ?? Buffer.alloc(0), kept])
      }),
    // Atomic: the rename happened or it did not.
    replace: bytes =>
      write(share => {
        if (share === 1) disk.bytes = Buffer.from(bytes)
      }),
    truncate: length =>
      write(share => {
        if (share === 1) disk.bytes = disk.bytes?.subarray(0, length)
      }),
    close: async () => undefined
  }
}

// The tree on disk: one file of lines, first an image of all nodes, then batches of transactions. A line is
// `<crc32 as 8 hex digits> <json>\n`. One flush = one line, so a torn write damages the last line only: it was never
// acknowledged and is cut off. A damaged line with a good one after it was acknowledged once: then we do not start.
import { crc32 } from 'node:zlib'
import { StartupError } from '../errors.js'
import { type StoreImage, type TransactionRecord, ZnodeStore } from './znode-store.js'

/** Where the bytes are. All three are durable when they resolve; after a rejection the store is not used again. */
export interface JournalStore {
  /** For messages. */
  readonly name: string
  /** Undefined when there is no file yet. */
  read(): Buffer | undefined
  append(bytes: Buffer): Promise<void>
  /** Atomic: afterwards, and after any crash, there is the old content or the new one. */
  replace(bytes: Buffer): Promise<void>
  /** Cuts off a torn tail. */
  truncate(length: number): Promise<void>
  close(): Promise<void>
}

type Line = { readonly image: StoreImage; readonly format: 1 } | { readonly t: readonly TransactionRecord[] }

export function encodeImage(image: StoreImage): Buffer {
  return encodeLine({ format: 1, image })
}

export function encodeBatch(records: readonly TransactionRecord[]): Buffer {
  return encodeLine({ t: records })
}

function encodeLine(line: Line): Buffer {
  const json = JSON.stringify(line)
  return Buffer.from(`${crc32(json).toString(16).padStart(8, '0')} ${json}\n`)
}

export interface Restored {
  readonly store: ZnodeStore
  /** Bytes that count; what follows is a torn tail. */
  readonly length: number
  readonly tornBytes: number
}

/** Reads a journal. Throws StartupError when an acknowledged line is damaged or of a later format. */
export function restore(bytes: Buffer, name: string): Restored {
  let store: ZnodeStore | undefined
  let position = 0
  while (position < bytes.length) {
    const end = bytes.indexOf(0x0a, position)
    const line = end < 0 ? undefined : decodeLine(bytes.subarray(position, end))
    if (line === undefined) {
      refuseDamageInside(bytes, end, name)
      break
    }
    store = applyLine(store, line, name)
    position = end + 1
  }
  return { store: store ?? new ZnodeStore(), length: position, tornBytes: bytes.length - position }
}

function applyLine(store: ZnodeStore | undefined, line: Line, name: string): ZnodeStore {
  if ('image' in line) {
    if (line.format !== 1) throw new StartupError(`${name}: written by a later version of the broker`)
    return ZnodeStore.from(line.image)
  }
  const target = store ?? new ZnodeStore()
  for (const record of line.t) {
    if (!target.replay(record)) {
      throw new StartupError(`${name}: transaction ${record.zxid} does not follow from what stands before it`)
    }
  }
  return target
}

function refuseDamageInside(bytes: Buffer, damagedEnd: number, name: string): void {
  let start = damagedEnd + 1
  while (damagedEnd >= 0 && start < bytes.length) {
    const end = bytes.indexOf(0x0a, start)
    if (end < 0) return
    if (decodeLine(bytes.subarray(start, end)) !== undefined) {
      throw new StartupError(
        `${name}: damaged in the middle (before byte ${start}); restore it from a backup`
      )
    }
    start = end + 1
  }
}

function decodeLine(line: Buffer): Line | undefined {
  if (line.length < 10 || line[8] !== 0x20) return undefined
  const json = line.subarray(9)
  if (line.toString('latin1', 0, 8) !== crc32(json).toString(16).padStart(8, '0')) return undefined
  return JSON.parse(json.toString('utf8')) as Line
}

// The seam to the disk, and the only file that imports node:fs: a simulator puts its own Files in its place.
// Calls that only touch the page cache are synchronous (they cost microseconds); what may wait for the disk is not.
import fs from 'node:fs'
import path from 'node:path'
import { cachedRead } from './cached-read.js'

export interface DirectoryEntry {
  readonly name: string
  readonly isDirectory: boolean
}

export interface FileStatus {
  readonly size: number
  readonly modifiedMs: number
}

/** Of the file system that a path is on, in bytes. */
export interface DiskSpace {
  readonly totalBytes: bigint
  /** What this process may still write. */
  readonly usableBytes: bigint
}

/** An open file. Positions and sizes in bytes. Every failure throws or rejects with the system's error. */
export interface OpenFile {
  /** Bytes read: fewer than asked for only at the end of the file. */
  read(into: Uint8Array, position: number): number
  /** Bytes read of those that need no disk: any number, 0 also where it cannot be told which do. Never throws. */
  readCached(into: Uint8Array, position: number): number
  /** As `read`, on the thread pool. */
  readAsync(into: Uint8Array, position: number): Promise<number>
  /** Writes all of it. */
  write(bytes: Uint8Array, position: number): void
  size(): number
  truncate(size: number): void
  sync(): void
  /** fdatasync semantics are enough: the size is data. Does not block the thread. */
  syncAsync(): Promise<void>
  close(): void
}

export type OpenMode =
  /** Must exist. */
  | 'read'
  /** Created when missing, kept when there. */
  | 'update'
  /** Created or emptied. */
  | 'replace'

export interface Files {
  open(path: string, mode: OpenMode): OpenFile
  /** undefined: there is no such file. */
  readFile(path: string): Buffer | undefined
  writeFile(path: string, bytes: Uint8Array | string): void
  /** undefined: nothing there. */
  status(path: string): FileStatus | undefined
  isDirectory(path: string): boolean
  list(directory: string): DirectoryEntry[]
  rename(from: string, to: string): void
  /** Nothing happens when it is gone already. */
  remove(path: string): void
  removeTree(directory: string): void
  /** With parents; nothing happens when it is there. */
  makeDirectory(directory: string): void
  setModified(path: string, ms: number): void
  syncDirectory(directory: string): void
  syncFileAsync(path: string): Promise<void>
  syncDirectoryAsync(directory: string): Promise<void>
  space(path: string): Promise<DiskSpace>
  /** Resolves links, so that two spellings of one directory are equal. */
  canonical(path: string): string
}

const flags: Record<OpenMode, number> = {
  read: fs.constants.O_RDONLY,
  update: fs.constants.O_RDWR | fs.constants.O_CREAT,
  replace: fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_TRUNC
}

class SystemFile implements OpenFile {
  readonly #fd: number

  constructor(fd: number) {
    this.#fd = fd
  }

  read(into: Uint8Array, position: number): number {
    let done = 0
    while (done < into.length) {
      const n = fs.readSync(this.#fd, into, done, into.length - done, position + done)
      if (n === 0) break
      done += n
    }
    return done
  }

  readCached(into: Uint8Array, position: number): number {
    return cachedRead(this.#fd, into, position)
  }

  async readAsync(into: Uint8Array, position: number): Promise<number> {
    let done = 0
    while (done < into.length) {
      const n = await readSome(this.#fd, into, done, position + done)
      if (n === 0) break
      done += n
    }
    return done
  }

  write(bytes: Uint8Array, position: number): void {
    let done = fs.writeSync(this.#fd, bytes, 0, bytes.length, position)
    while (done < bytes.length) {
      done += fs.writeSync(this.#fd, bytes, done, bytes.length - done, position + done)
    }
  }

  size(): number {
    return fs.fstatSync(this.#fd).size
  }

  truncate(size: number): void {
    fs.ftruncateSync(this.#fd, size)
  }

  sync(): void {
    fs.fsyncSync(this.#fd)
  }

  syncAsync(): Promise<void> {
    return new Promise((resolve, reject) =>
      fs.fdatasync(this.#fd, error => (error === null ? resolve() : reject(error)))
    )
  }

  close(): void {
    fs.closeSync(this.#fd)
  }
}

function readSome(fd: number, into: Uint8Array, at: number, position: number): Promise<number> {
  return new Promise((resolve, reject) =>
    fs.read(fd, into, at, into.length - at, position, (error, n) =>
      error === null ? resolve(n) : reject(error)
    )
  )
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function unlessMissing<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

async function syncPath(target: string, flag: 'r' | 'r+'): Promise<void> {
  const handle = await fs.promises.open(target, flag)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export const systemFiles: Files = {
  open: (target, mode) => new SystemFile(fs.openSync(target, flags[mode], 0o644)),
  readFile: target => unlessMissing(() => fs.readFileSync(target)),
  writeFile: (target, bytes) => fs.writeFileSync(target, bytes),
  status(target) {
    const stat = fs.statSync(target, { throwIfNoEntry: false })
    return stat === undefined ? undefined : { size: stat.size, modifiedMs: stat.mtimeMs }
  },
  isDirectory: target => fs.statSync(target, { throwIfNoEntry: false })?.isDirectory() === true,
  list: directory =>
    fs.readdirSync(directory, { withFileTypes: true }).map(entry => ({
      name: entry.name,
      isDirectory:
        entry.isDirectory() ||
        (entry.isSymbolicLink() &&
          fs.statSync(path.join(directory, entry.name), { throwIfNoEntry: false })?.isDirectory() === true)
    })),
  rename: (from, to) => fs.renameSync(from, to),
  remove: target => void unlessMissing(() => fs.unlinkSync(target)),
  removeTree: directory => fs.rmSync(directory, { recursive: true, force: true }),
  makeDirectory: directory => void fs.mkdirSync(directory, { recursive: true }),
  setModified: (target, ms) => fs.utimesSync(target, ms / 1000, ms / 1000),
  syncDirectory(directory) {
    // Windows cannot open a directory; there a rename is durable by itself.
    if (process.platform === 'win32') return
    const fd = fs.openSync(directory, 'r')
    try {
      fs.fsyncSync(fd)
    } finally {
      fs.closeSync(fd)
    }
  },
  syncFileAsync: target => syncPath(target, 'r+'),
  syncDirectoryAsync: directory =>
    process.platform === 'win32' ? Promise.resolve() : syncPath(directory, 'r'),
  async space(target) {
    const { bsize, blocks, bavail } = await fs.promises.statfs(target, { bigint: true })
    return { totalBytes: bsize * blocks, usableBytes: bsize * bavail }
  },
  canonical: target => fs.realpathSync(target)
}

/** The whole content changes at once: temporary file, fsync, rename, fsync of the directory. */
export function writeAtomically(files: Files, target: string, bytes: Uint8Array | string): void {
  const temporary = `${target}.tmp`
  const file = files.open(temporary, 'replace')
  try {
    file.write(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, 0)
    file.sync()
  } finally {
    file.close()
  }
  files.rename(temporary, target)
  files.syncDirectory(path.dirname(target))
}

/** A process that is killed leaves the old or the new content; after a power loss it may be neither. */
export function replaceFile(files: Files, target: string, bytes: Uint8Array | string): void {
  files.writeFile(`${target}.tmp`, bytes)
  files.rename(`${target}.tmp`, target)
}

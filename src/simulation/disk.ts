// A disk for simulated processes: storage's seam over files in memory. Operations that wait for the disk end at a moment
// that the seed picks; the disk can lose power, and operations in one of its directories can be made to fail.
import path from 'node:path'
import type { Disk } from '../actors/broker/disk.js'
import type { FileLock, LockOutcome } from '../storage/file-lock.js'
import type { FileStatus, Files, OpenFile, OpenMode } from '../storage/files.js'
import type { RandomBelow } from '../verify/random.js'
import { StoredDirectory, StoredFile } from './disk-image.js'
import type { SimulatedProcess } from './process.js'

class DiskError extends Error {
  readonly code: string
  constructor(code: string, what: string) {
    super(`${code}: ${what}`)
    this.code = code
  }
}

export class SimulatedDisk {
  readonly #below: RandomBelow
  readonly #root = new StoredDirectory()
  readonly #locked = new Set<string>()
  readonly #open = new Set<string>()
  /** Changes below these paths fail. */
  readonly failing = new Set<string>()
  /** Told each call that changes something, in order. */
  onCall: (call: string) => void = () => {}

  constructor(below: RandomBelow) {
    this.#below = below
  }

  /** Paths of the files that are open, with a number each. */
  get openFiles(): readonly string[] {
    return [...this.#open]
  }

  get locks(): readonly string[] {
    return [...this.#locked]
  }

  /** The process is gone: its descriptors and locks go, the page cache stays. */
  closeAll(): void {
    this.#locked.clear()
    this.#open.clear()
  }

  losePower(): void {
    this.closeAll()
    this.#root.losePower(this.#below)
  }

  exists(target: string): boolean {
    return this.#find(target) !== undefined
  }

  /** The disk as a process sees it. */
  for(process: SimulatedProcess): Disk {
    return { files: this.#files(process), takeLock: target => this.#takeLock(target) }
  }

  #takeLock(target: string): LockOutcome {
    if (this.failing.has(path.dirname(target))) return { failure: `EIO: locking ${target}` }
    if (this.#locked.has(target)) return 'held'
    this.#locked.add(target)
    return { release: () => void this.#locked.delete(target) } satisfies FileLock
  }

  #files(process: SimulatedProcess): Files {
    const syncAsync = (target: string, sync: () => void): Promise<void> =>
      new Promise((resolve, reject) =>
        process.complete(() => {
          try {
            this.#changes('sync', target)
            sync()
            resolve()
          } catch (error) {
            reject(error)
          }
        })
      )
    return {
      open: (target, mode) => this.#openFile(process, target, mode, syncAsync),
      readFile: target => this.#fileAt(target)?.content(),
      writeFile: (target, bytes) => {
        this.#changes('write', target)
        const file = this.#make(target, 'replace')
        file.write(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, 0)
        file.modifiedMs = process.nowMs()
      },
      status: target => this.#status(target),
      isDirectory: target => this.#find(target) instanceof StoredDirectory,
      list: directory =>
        [...this.#directory(directory).entries].map(([name, entry]) => ({
          name,
          isDirectory: entry instanceof StoredDirectory
        })),
      rename: (from, to) => this.#rename(from, to),
      remove: target => {
        this.#changes('remove', target)
        const name = path.basename(target)
        const parent = this.#find(path.dirname(target))
        if (parent instanceof StoredDirectory && parent.entries.has(name))
          parent.change(entries => void entries.delete(name))
      },
      removeTree: target => {
        this.#changes('removeTree', target)
        const name = path.basename(target)
        this.#directory(path.dirname(target)).change(entries => void entries.delete(name))
      },
      makeDirectory: directory => this.#makeDirectory(directory),
      setModified: (target, ms) => {
        const file = this.#fileAt(target)
        if (file !== undefined) file.modifiedMs = ms
      },
      syncDirectory: directory => {
        this.#changes('sync', directory)
        this.#directory(directory).sync()()
      },
      syncFileAsync: async target => {
        const file = this.#fileAt(target)
        if (file === undefined) throw new DiskError('ENOENT', target)
        await syncAsync(target, file.sync())
      },
      syncDirectoryAsync: async directory => syncAsync(directory, this.#directory(directory).sync()),
      space: async () => ({ totalBytes: 1n << 40n, usableBytes: 1n << 39n }),
      canonical: target => target
    }
  }

  #openFile(
    process: SimulatedProcess,
    target: string,
    mode: OpenMode,
    syncAsync: (target: string, sync: () => void) => Promise<void>
  ): OpenFile {
    if (mode !== 'read') this.#changes('open', target)
    const file = mode === 'read' ? this.#fileAt(target) : this.#make(target, mode)
    if (file === undefined) throw new DiskError('ENOENT', target)
    const handle = this.#newHandle(target)
    const checked = (): void => {
      if (!this.#open.has(handle)) throw new DiskError('EBADF', target)
    }
    const read = (into: Uint8Array, position: number): number => {
      checked()
      const end = Math.min(file.size, position + into.length)
      if (end <= position) return 0
      into.set(file.data.subarray(position, end))
      return end - position
    }
    return {
      read,
      readCached: read,
      readAsync: (into, position) =>
        new Promise((resolve, reject) =>
          process.complete(() => {
            try {
              resolve(read(into, position))
            } catch (error) {
              reject(error)
            }
          })
        ),
      write: (bytes, position) => {
        checked()
        this.#changes('write', target)
        file.write(bytes, position)
        file.modifiedMs = process.nowMs()
      },
      size: () => file.size,
      truncate: size => {
        checked()
        this.#changes('truncate', target)
        file.truncate(size)
      },
      sync: () => {
        checked()
        this.#changes('sync', target)
        file.sync()()
      },
      syncAsync: async () => {
        checked()
        await syncAsync(target, file.sync())
      },
      close: () => {
        checked()
        this.#open.delete(handle)
      }
    }
  }

  #handles = 0

  #newHandle(target: string): string {
    const handle = `${target}#${++this.#handles}`
    this.#open.add(handle)
    return handle
  }

  #changes(what: string, target: string): void {
    this.onCall(`${what} ${target}`)
    for (const directory of this.failing) {
      if (target === directory || target.startsWith(`${directory}/`)) throw new DiskError('EIO', target)
    }
  }

  #find(target: string): StoredFile | StoredDirectory | undefined {
    let at: StoredFile | StoredDirectory | undefined = this.#root
    for (const name of target.split('/')) {
      if (name === '') continue
      if (!(at instanceof StoredDirectory)) return undefined
      at = at.entries.get(name)
    }
    return at
  }

  #fileAt(target: string): StoredFile | undefined {
    const found = this.#find(target)
    return found instanceof StoredFile ? found : undefined
  }

  #directory(target: string): StoredDirectory {
    const found = this.#find(target)
    if (found instanceof StoredDirectory) return found
    throw new DiskError(found === undefined ? 'ENOENT' : 'ENOTDIR', target)
  }

  #status(target: string): FileStatus | undefined {
    const found = this.#find(target)
    if (found === undefined) return undefined
    return found instanceof StoredFile
      ? { size: found.size, modifiedMs: found.modifiedMs }
      : { size: 4096, modifiedMs: 0 }
  }

  #make(target: string, mode: OpenMode): StoredFile {
    const known = this.#fileAt(target)
    if (known !== undefined) {
      if (mode === 'replace' && known.size > 0) known.truncate(0)
      return known
    }
    const file = new StoredFile()
    const name = path.basename(target)
    this.#directory(path.dirname(target)).change(entries => void entries.set(name, file))
    return file
  }

  #rename(from: string, to: string): void {
    this.#changes('rename', `${from} ${to}`)
    const entry = this.#find(from)
    if (entry === undefined) throw new DiskError('ENOENT', from)
    const [oldName, newName] = [path.basename(from), path.basename(to)]
    const parent = this.#directory(path.dirname(from))
    if (parent !== this.#directory(path.dirname(to))) throw new DiskError('EXDEV', `${from} ${to}`)
    parent.change(entries => {
      entries.delete(oldName)
      entries.set(newName, entry)
    })
  }

  #makeDirectory(target: string): void {
    let at = this.#root
    for (const name of target.split('/')) {
      if (name === '') continue
      const next = at.entries.get(name)
      if (next instanceof StoredFile) throw new DiskError('ENOTDIR', target)
      if (next === undefined) {
        this.#changes('makeDirectory', target)
        const made = new StoredDirectory()
        at.change(entries => void entries.set(name, made))
        at = made
      } else at = next
    }
  }
}

// The lock on a log directory: an open-file-description lock where Linux has it. That conflicts with the POSIX lock of a
// JVM broker, with another process of ours and with a second open in this one, and no close of another descriptor of the
// file drops it. Elsewhere only this process is kept out (a table of locked paths).
import { createRequire } from 'node:module'
import { errorMessage } from '../errors.js'

export interface FileLock {
  release(): void
}

/** `held`: somebody else has it. */
export type LockOutcome = FileLock | 'held' | { readonly failure: string }

export type TakeLock = (path: string) => LockOutcome

interface LibC {
  open(path: string, flags: number, mode: number): number
  close(fd: number): number
  lock(fd: number): number
  errno(): number
}

const lockedHere = new Set<string>()

/** Creates the file when it is missing. `path`: canonical. */
export const systemLock: TakeLock = path => {
  if (lockedHere.has(path)) return 'held'
  const system = process.platform === 'linux' ? takeSystemLock(path) : { release: () => {} }
  if (typeof system === 'string' || 'failure' in system) return system
  lockedHere.add(path)
  return {
    release() {
      if (!lockedHere.delete(path)) return
      system.release()
    }
  }
}

const openFlags = 0o2 | 0o100 | 0o2000000 // O_RDWR, O_CREAT, O_CLOEXEC
const busy = [11, 13] // EAGAIN, EACCES

function takeSystemLock(path: string): LockOutcome {
  let libc: LibC
  try {
    libc = loadLibC()
  } catch (error) {
    return { failure: `no system calls: ${errorMessage(error)}` }
  }
  const fd = libc.open(path, openFlags, 0o644)
  if (fd < 0) return { failure: `errno ${libc.errno()} when opening ${path}` }
  if (libc.lock(fd) === 0) return { release: () => void libc.close(fd) }
  const errno = libc.errno()
  libc.close(fd)
  return busy.includes(errno) ? 'held' : { failure: `errno ${errno} when locking ${path}` }
}

type Koffi = typeof import('koffi')
let loaded: LibC | undefined

/** Loaded at the first lock: the library costs some milliseconds. */
function loadLibC(): LibC {
  if (loaded !== undefined) return loaded
  const koffi = createRequire(import.meta.url)('koffi') as Koffi
  const c = koffi.load(null)
  const open = c.func('int open(const char *path, int flags, ...)')
  const close = c.func('int close(int fd)')
  const fcntl = c.func('int fcntl(int fd, int command, ...)')
  const setOpenFileLock = 37 // F_OFD_SETLK
  loaded = {
    open: (path, flags, mode) => Number(open(path, flags, 'int', mode)),
    close: fd => Number(close(fd)),
    lock: fd => Number(fcntl(fd, setOpenFileLock, 'void *', exclusiveLock())),
    errno: () => koffi.errno()
  }
  return loaded
}

/** struct flock of 64-bit Linux: the whole file, exclusive; l_pid must be 0 for this kind of lock. */
function exclusiveLock(): Buffer {
  const flock = Buffer.alloc(32)
  flock.writeInt16LE(1, 0) // l_type = F_WRLCK; l_whence, l_start, l_len, l_pid = 0
  return flock
}

// The three system calls on sockets that Node does not offer. Loaded when first needed; where that fails the callers go
// without: connections stay on the main thread and buffer sizes are the operating system's.
import { createRequire } from 'node:module'

export interface SystemCalls {
  /** A second descriptor of the same socket, closed on exec; -1 = refused (out of descriptors). */
  duplicate(fd: number): number
  /** False = refused. */
  setBuffer(fd: number, which: 'send' | 'receive', bytes: number): boolean
  close(fd: number): void
}

interface Koffi {
  load(path: string | null): { func(signature: string): (...args: unknown[]) => number }
  alloc?: unknown
}

// Values of the two families of systems on which descriptors exist.
const isLinux = process.platform === 'linux'
const duplicateOnExec = isLinux ? 1030 : 67
const socketLevel = isLinux ? 1 : 0xffff
const optionOf = { send: isLinux ? 7 : 0x1001, receive: isLinux ? 8 : 0x1002 }

let loaded: SystemCalls | 'missing' | undefined

export function systemCalls(): SystemCalls | undefined {
  loaded ??= load() ?? 'missing'
  return loaded === 'missing' ? undefined : loaded
}

function load(): SystemCalls | undefined {
  if (process.platform === 'win32') return undefined
  try {
    const koffi = createRequire(import.meta.url)('koffi') as Koffi
    const process = koffi.load(null)
    const control = process.func('int fcntl(int fd, int command, ...)')
    const set = process.func('int setsockopt(int fd, int level, int name, const int *value, uint32_t bytes)')
    const close = process.func('int close(int fd)')
    return {
      duplicate: fd => control(fd, duplicateOnExec, 'int', 0),
      setBuffer: (fd, which, bytes) => set(fd, socketLevel, optionOf[which], [bytes], 4) === 0,
      close: fd => void close(fd)
    }
  } catch {
    return undefined
  }
}

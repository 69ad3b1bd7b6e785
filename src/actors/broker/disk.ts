// The disk that a broker is given; workers always use the system's.
import { systemLock, type TakeLock } from '../../storage/file-lock.js'
import { type Files, systemFiles } from '../../storage/files.js'

export interface Disk {
  readonly files: Files
  readonly takeLock: TakeLock
}

export const systemDisk: Disk = { files: systemFiles, takeLock: systemLock }

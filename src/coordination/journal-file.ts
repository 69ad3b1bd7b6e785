// The journal as a plain file in a log directory, where Kafka ignores it. Reading at start is synchronous (one small
// file, before anything else runs); what waits for the disk afterwards does so off the event loop.
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { type FileHandle, open, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorMessage, StartupError } from '../errors.js'
import type { JournalStore } from './journal.js'

export const journalFileName = 'odradek-metadata.journal'

/** The journal in `directory`, which must exist and be locked by this process. */
export function journalFile(directory: string): JournalStore {
  const path = join(directory, journalFileName)
  let file: FileHandle | undefined
  const appending = async (): Promise<FileHandle> => {
    file ??= await open(path, 'a')
    return file
  }
  return {
    name: path,
    read() {
      if (!existsSync(path)) return undefined
      try {
        closeSync(openSync(path, 'r+'))
        return readFileSync(path)
      } catch (error) {
        throw new StartupError(`cannot read ${path}: ${errorMessage(error)}`)
      }
    },
    async append(bytes) {
      const target = await appending()
      await writeAll(target, bytes)
      await target.datasync()
    },
    async replace(bytes) {
      const next = await open(`${path}.tmp`, 'w')
      try {
        await writeAll(next, bytes)
        await next.sync()
      } finally {
        await next.close()
      }
      await rename(`${path}.tmp`, path)
      await syncDirectory(dirname(path))
      await file?.close()
      file = undefined
    },
    async truncate(length) {
      const target = await open(path, 'r+')
      try {
        await target.truncate(length)
        await target.sync()
      } finally {
        await target.close()
      }
    },
    async close() {
      await file?.close()
      file = undefined
    }
  }
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  let written = 0
  while (written < bytes.length) {
    written += (await file.write(bytes, written, bytes.length - written, null)).bytesWritten
  }
}

/** Makes a rename durable. Windows cannot open a directory and needs no such call. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

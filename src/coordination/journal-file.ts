// The journal as a plain file in a log directory, where Kafka ignores it. Reading at start is synchronous (one small
// file, before anything else runs); what waits for the disk afterwards does so off the event loop.
import { dirname, join } from 'node:path'
import { errorMessage, StartupError } from '../errors.js'
import { type Files, type OpenFile, systemFiles } from '../storage/files.js'
import type { JournalStore } from './journal.js'

export const journalFileName = 'odradek-metadata.journal'

/** The journal in `directory`, which must exist and be locked by this process. */
export function journalFile(directory: string, files: Files = systemFiles): JournalStore {
  const path = join(directory, journalFileName)
  let file: OpenFile | undefined
  let end = 0
  const opened = (): OpenFile => {
    if (file === undefined) {
      file = files.open(path, 'update')
      end = file.size()
    }
    return file
  }
  const close = (): void => {
    file?.close()
    file = undefined
  }
  return {
    name: path,
    read() {
      try {
        return files.readFile(path)
      } catch (error) {
        throw new StartupError(`cannot read ${path}: ${errorMessage(error)}`)
      }
    },
    async append(bytes) {
      const target = opened()
      target.write(bytes, end)
      end += bytes.length
      await target.syncAsync()
    },
    async replace(bytes) {
      const next = files.open(`${path}.tmp`, 'replace')
      try {
        next.write(bytes, 0)
        await next.syncAsync()
      } finally {
        next.close()
      }
      files.rename(`${path}.tmp`, path)
      await files.syncDirectoryAsync(dirname(path))
      close()
    },
    async truncate(length) {
      const target = opened()
      target.truncate(length)
      end = length
      await target.syncAsync()
    },
    async close() {
      close()
    }
  }
}

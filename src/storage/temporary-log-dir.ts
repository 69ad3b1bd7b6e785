import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { systemFiles } from './files.js'

/** A log directory for a broker that nobody gave one: in the system's temporary directory, gone after `remove`. */
export function temporaryLogDir(): { readonly path: string; remove(): void } {
  const directory = path.join(tmpdir(), `odradek-${randomUUID()}`)
  return { path: directory, remove: () => systemFiles.removeTree(directory) }
}

// The text checkpoints in the root of a log dir: version, count, then one line `topic partition offset` each.
import { type Files, writeAtomically } from './files.js'

export interface CheckpointEntry {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

export class MalformedFile {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
}

/** Rows of whitespace-separated fields under the two head lines; an empty file has none. */
export function parseCheckpointRows(text: string, fields: number): string[][] | MalformedFile {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  if (lines.length <= 1 && (lines[0] ?? '').trim() === '') return []
  if (lines[0]?.trim() !== '0') return new MalformedFile(`unknown version ${JSON.stringify(lines[0])}`)
  if (lines.length === 1) return []
  const count = Number(lines[1])
  if (!/^\s*\d+\s*$/.test(lines[1] ?? '')) return new MalformedFile(`bad count ${JSON.stringify(lines[1])}`)
  const rows = lines.slice(2).map(line => line.trim().split(/\s+/))
  if (rows.length !== count) return new MalformedFile(`${count} entries announced, ${rows.length} found`)
  const bad = rows.find(row => row.length !== fields)
  if (bad !== undefined) return new MalformedFile(`malformed line ${JSON.stringify(bad.join(' '))}`)
  return rows
}

export function parseOffsetCheckpoint(text: string): CheckpointEntry[] | MalformedFile {
  const rows = parseCheckpointRows(text, 3)
  if (rows instanceof MalformedFile) return rows
  const entries: CheckpointEntry[] = []
  for (const [topic = '', partition = '', offset = ''] of rows) {
    if (!/^\d+$/.test(partition) || !/^-?\d+$/.test(offset)) {
      return new MalformedFile(`malformed line ${JSON.stringify(`${topic} ${partition} ${offset}`)}`)
    }
    entries.push({ topic, partition: Number(partition), offset: Number(offset) })
  }
  return entries
}

export function formatOffsetCheckpoint(entries: readonly CheckpointEntry[]): string {
  const lines = entries.map(({ topic, partition, offset }) => `${topic} ${partition} ${offset}\n`)
  return `0\n${entries.length}\n${lines.join('')}`
}

/** No file: no entries. */
export function readOffsetCheckpoint(files: Files, path: string): CheckpointEntry[] | MalformedFile {
  const bytes = files.readFile(path)
  return bytes === undefined ? [] : parseOffsetCheckpoint(bytes.toString('utf8'))
}

/** Remembers what it wrote last and does not write the same again. */
export class OffsetCheckpointFile {
  readonly path: string
  readonly #files: Files
  #written: string | undefined

  constructor(files: Files, path: string) {
    this.#files = files
    this.path = path
  }

  read(): CheckpointEntry[] | MalformedFile {
    return readOffsetCheckpoint(this.#files, this.path)
  }

  write(entries: readonly CheckpointEntry[]): void {
    const text = formatOffsetCheckpoint(entries)
    if (text === this.#written) return
    writeAtomically(this.#files, this.path, text)
    this.#written = text
  }
}

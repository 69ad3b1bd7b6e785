// `meta.properties` of a log dir: which cluster and broker it belongs to. Version 0 (ZooKeeper) and 1 (KRaft); keys that are
// not ours are kept.
import path from 'node:path'
import { type Files, writeAtomically } from './files.js'

export const metaPropertiesName = 'meta.properties'

export interface MetaProperties {
  readonly version: 0 | 1
  readonly clusterId?: string
  /** broker.id of version 0, node.id of version 1. */
  readonly brokerId?: number
  readonly directoryId?: string
  /** Every line as it was read. */
  readonly all: ReadonlyMap<string, string>
}

/** undefined: there is none. A string says what is wrong with it. */
export function readMetaProperties(files: Files, directory: string): MetaProperties | string | undefined {
  const bytes = files.readFile(path.join(directory, metaPropertiesName))
  if (bytes === undefined) return undefined
  const all = parseJavaProperties(bytes.toString('latin1'))
  const version = all.get('version') ?? '0'
  if (version !== '0' && version !== '1') return `unknown version ${version}`
  const id = all.get(version === '0' ? 'broker.id' : 'node.id')
  if (id !== undefined && !/^\d+$/.test(id)) return `${version === '0' ? 'broker.id' : 'node.id'} is ${id}`
  const clusterId = all.get('cluster.id')
  const directoryId = all.get('directory.id')
  return {
    version: version === '0' ? 0 : 1,
    ...(clusterId === undefined ? {} : { clusterId }),
    ...(id === undefined ? {} : { brokerId: Number(id) }),
    ...(directoryId === undefined ? {} : { directoryId }),
    all
  }
}

/** Nothing is written when the file says it already. */
export function writeMetaProperties(
  files: Files,
  directory: string,
  identity: { readonly clusterId: string; readonly brokerId: number },
  nowMs: number
): void {
  const before = readMetaProperties(files, directory)
  const known = typeof before === 'object' ? before : undefined
  if (known?.clusterId === identity.clusterId && known.brokerId === identity.brokerId) return
  const all = new Map(known?.all ?? [])
  const version = known?.version ?? 0
  all.set('version', String(version))
  all.set(version === 0 ? 'broker.id' : 'node.id', String(identity.brokerId))
  all.set('cluster.id', identity.clusterId)
  const lines = [...all].map(([key, value]) => `${escapeJava(key)}=${escapeJava(value)}\n`)
  const head = `#\n#${new Date(nowMs).toUTCString()}\n`
  writeAtomically(
    files,
    path.join(directory, metaPropertiesName),
    Buffer.from(head + lines.join(''), 'latin1')
  )
}

function escapeJava(text: string): string {
  return text
    .replace(/[\\:=#! ]/g, '\\$&')
    .replace(/[^\x20-\x7e]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** As java.util.Properties reads, without lines that continue. */
export function parseJavaProperties(text: string): Map<string, string> {
  const all = new Map<string, string>()
  for (const line of text.split(/\r\n|\n|\r/)) {
    const trimmed = line.replace(/^[ \t\f]+/, '')
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith('!')) continue
    const match = /^((?:\\.|[^\\:= \t])*)[ \t]*[:= \t]?[ \t]*(.*)$/.exec(trimmed)
    all.set(unescapeJava(match?.[1] ?? ''), unescapeJava(match?.[2] ?? ''))
  }
  return all
}

function unescapeJava(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, escaped: string) =>
    escaped.length > 1 ? String.fromCharCode(Number.parseInt(escaped.slice(1), 16)) : escaped
  )
}

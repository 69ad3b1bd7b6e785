// First look at a partition's directory: finishes or undoes what a crash interrupted (deletion, compaction's swap).
import path from 'node:path'
import { baseName, offsetInName } from './file-names.js'
import type { Files } from './files.js'
import { Segment } from './segment.js'

/** Names of the files that count, ascending. */
export function sweepDirectory(files: Files, directory: string, nowMs: number): string[] {
  let names = files.list(directory).flatMap(entry => (entry.isDirectory ? [] : [entry.name]))
  const drop = (unwanted: (name: string) => boolean): void => {
    for (const name of names.filter(unwanted)) files.remove(path.join(directory, name))
    names = names.filter(name => !unwanted(name))
  }
  drop(name => name.endsWith('.tmp') || (name.endsWith('.deleted') && !name.endsWith('.checkpoint.deleted')))
  const cleanedBases = names
    .filter(name => name.endsWith('.cleaned'))
    .flatMap(name => offsetInName(name) ?? [])
  const abandonedFrom = Math.min(Number.POSITIVE_INFINITY, ...cleanedBases)
  drop(
    name =>
      name.endsWith('.cleaned') || (name.endsWith('.swap') && (offsetInName(name) ?? -1) >= abandonedFrom)
  )
  names = finishSwap(files, directory, names, nowMs)
  const bases = new Set(names.filter(name => name.endsWith('.log')).map(name => offsetInName(name)))
  drop(name => /\.(index|timeindex|txnindex)$/.test(name) && !bases.has(offsetInName(name)))
  return names.sort()
}

/** Output of a compaction that was complete: it replaces what it was made from. */
function finishSwap(files: Files, directory: string, names: string[], nowMs: number): string[] {
  const swapped = names.filter(name => name.endsWith('.log.swap')).flatMap(name => offsetInName(name) ?? [])
  if (swapped.length === 0 && !names.some(name => name.endsWith('.swap'))) return names
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for (const base of swapped) {
    from = Math.min(from, base)
    to = Math.max(to, endOfSwap(files, directory, base, nowMs))
  }
  const kept: string[] = []
  for (const name of names) {
    const at = offsetInName(name)
    const isReplaced = !name.endsWith('.swap') && at !== undefined && at >= from && at < to
    if (isReplaced) files.remove(path.join(directory, name))
    else kept.push(name)
  }
  return kept.map(name => {
    if (!name.endsWith('.swap')) return name
    const final = name.slice(0, -'.swap'.length)
    files.rename(path.join(directory, name), path.join(directory, final))
    return final
  })
}

function endOfSwap(files: Files, directory: string, base: number, nowMs: number): number {
  const file = path.join(directory, `${baseName(base)}.log.swap`)
  const segment = new Segment(files, directory, base, nowMs, '.swap')
  segment.trustSize(files.status(file)?.size ?? 0)
  const end = segment.nextOffset()
  segment.abandon()
  return end
}

// How directories and files of a log are named; other brokers read the same names.
import { randomHex } from '../actors/runtime/randomness.js'

export const segmentSuffixes = ['.log', '.index', '.timeindex', '.txnindex'] as const
export type SegmentSuffix = (typeof segmentSuffixes)[number]

/** 20 zero-padded digits. */
export const baseName = (offset: number): string => String(offset).padStart(20, '0')

/** `00000000000000000042.log` -> 42; undefined when the name is not one of a segment or snapshot. */
export function offsetInName(name: string): number | undefined {
  const match = /^(\d{1,20})\./.exec(name)
  if (match === null) return undefined
  const value = Number(match[1])
  return Number.isSafeInteger(value) ? value : undefined
}

export type DirectoryKind = 'current' | 'delete' | 'future' | 'stray'

export interface PartitionDirectory {
  readonly kind: DirectoryKind
  readonly topic: string
  readonly partition: number
}

/** undefined: no name of a partition directory (a broker refuses to start over such a directory). */
export function parseDirectoryName(name: string): PartitionDirectory | undefined {
  const suffixed = /^(\S+)-(\S+)\.(\S+)-(delete|future|stray)$/.exec(name)
  if (suffixed === null && /-(delete|future|stray)$/.test(name)) return undefined
  const kind = suffixed === null ? 'current' : (suffixed[4] as DirectoryKind)
  const own = suffixed === null ? name : name.slice(0, name.lastIndexOf('.'))
  const dash = own.lastIndexOf('-')
  if (dash <= 0) return undefined
  const digits = own.slice(dash + 1)
  if (!/^\d+$/.test(digits) || Number(digits) > 0x7fffffff) return undefined
  return { kind, topic: own.slice(0, dash), partition: Number(digits) }
}

export const directoryName = (topic: string, partition: number): string => `${topic}-${partition}`

/** Cut so that the whole stays a legal file name (255 characters). */
export function retiredDirectoryName(topic: string, partition: number, kind: 'delete' | 'stray'): string {
  const suffix = `-${partition}.${randomHex()}-${kind}`
  return topic.slice(0, 255 - suffix.length) + suffix
}

/** Directories in a log dir that hold no partition of ours. */
export function isForeignDirectory(name: string): boolean {
  return name === 'remote-log-index-cache' || parseDirectoryName(name)?.topic === '__cluster_metadata'
}

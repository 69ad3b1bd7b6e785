// Records for clients of the old formats: v0-1 read magic 0, v2-3 magic 1. The conversion runs in slices, so that a large
// one holds nobody else up; who does the work is handed in.
import type { ErrorName } from '../../protocol/error-codes.js'
import type { FetchResult } from '../replicas/replica-access.js'
import { cooperate, type Steps } from '../runtime/cooperate.js'
import type { FetchAnswered } from './fetch-answer.js'
import { type ConvertRecords, convertRecords } from './records-down.js'

/** The newest record format that a Fetch version can read. */
export function magicFor(version: number): 0 | 1 | 2 {
  if (version >= 4) return 2
  return version >= 2 ? 1 : 0
}

export interface DownConversion {
  readonly version: number
  /** Whether message.downconversion.enable and compression.type allow it for the topic. */
  readonly refusalFor: (topic: string) => ErrorName | undefined
  readonly convert?: ConvertRecords
}

export function downConverted(
  answered: readonly FetchAnswered[],
  how: DownConversion
): readonly FetchAnswered[] | Promise<readonly FetchAnswered[]> {
  const magic = magicFor(how.version)
  if (magic === 2 || !answered.some(({ result }) => needsConversion(result, magic))) return answered
  return cooperate(convertAll(answered, magic, how))
}

function* convertAll(
  answered: readonly FetchAnswered[],
  magic: 0 | 1,
  { refusalFor, convert = convertRecords }: DownConversion
): Steps<readonly FetchAnswered[]> {
  const converted: FetchAnswered[] = []
  for (const { asked, result } of answered) {
    converted.push({
      asked,
      result: yield* convertOne(result, magic, refusalFor(asked.topic), convert, asked.fetchOffset)
    })
  }
  return converted
}

function* convertOne(
  result: FetchResult,
  magic: 0 | 1,
  refusal: ErrorName | undefined,
  convert: ConvertRecords,
  from: number
): Steps<FetchResult> {
  if (result.kind === 'refused' || !needsConversion(result, magic)) return result
  if (refusal !== undefined) return { kind: 'refused', error: refusal }
  const records = yield* convert(result.records, magic, from)
  if (typeof records === 'string') return { kind: 'refused', error: records }
  return { ...result, records: [records], bytes: records.length }
}

const magicAt = 16

/** Whether the first batch is of a newer format; old formats are stored by old brokers only, and come first. */
function needsConversion(result: FetchResult, magic: 0 | 1): boolean {
  if (result.kind === 'refused' || result.bytes === 0) return false
  return result.records.some(chunk => chunk.length > magicAt && (chunk[magicAt] ?? 0) > magic)
}

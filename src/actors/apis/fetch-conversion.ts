// Records for clients of the old formats: v0-1 read magic 0, v2-3 magic 1. The conversion runs in slices, so that a large
// one holds nobody else up.
import type { ErrorName } from '../../protocol/error-codes.js'
import { BatchCursor } from '../../protocol/records/batch.js'
import { downConvert } from '../../protocol/records/convert.js'
import { isCut } from '../replicas/partition-read.js'
import type { FetchResult } from '../replicas/replica-access.js'
import { cooperate, type Steps } from '../runtime/cooperate.js'
import type { FetchAnswered } from './fetch-answer.js'

/** The newest record format that a Fetch version can read. */
export function magicFor(version: number): 0 | 1 | 2 {
  if (version >= 4) return 2
  return version >= 2 ? 1 : 0
}

export interface DownConversion {
  readonly version: number
  /** Whether message.downconversion.enable and compression.type allow it for the topic. */
  readonly refusalFor: (topic: string) => ErrorName | undefined
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
  { refusalFor }: DownConversion
): Steps<readonly FetchAnswered[]> {
  const converted: FetchAnswered[] = []
  for (const { asked, result } of answered) {
    converted.push({
      asked,
      result: yield* convertOne(result, magic, refusalFor(asked.topic), asked.fetchOffset)
    })
  }
  return converted
}

function* convertOne(
  result: FetchResult,
  magic: 0 | 1,
  refusal: ErrorName | undefined,
  from: number
): Steps<FetchResult> {
  if (result.kind === 'refused' || !needsConversion(result, magic)) return result
  if (refusal !== undefined) return { kind: 'refused', error: refusal }
  const records = yield* downConvert(result.records, magic, from)
  if (typeof records === 'string') return { kind: 'refused', error: records }
  const [first] = result.records
  // Nothing but a piece of a batch: what is left tells the client that its limit is too small.
  const shown = records.length === 0 && first !== undefined && isCut(first) ? first.subarray(0, 12) : records
  return { ...result, records: [shown], bytes: shown.length }
}

function needsConversion(result: FetchResult, magic: 0 | 1): boolean {
  if (result.kind === 'refused' || result.bytes === 0) return false
  const cursor = new BatchCursor(Buffer.concat(result.records))
  while (cursor.next()) if (cursor.magic > magic) return true
  // What is left over is a piece of a batch, whose magic may be cut off.
  return cursor.validBytes < result.bytes
}

// Results of a read on their way to another thread: their records one after the other in one piece of shared memory.
import type { AnswerMemory, LentMemory } from './answer-memory.js'
import type { FetchResult } from './partition-commands.js'

type Records = Extract<FetchResult, { kind: 'records' }>
export type PackedResult = Exclude<FetchResult, Records> | (Omit<Records, 'records'> & { records: null })

/** `lent`: where the records are; undefined when there are none. */
export function pack(
  results: readonly FetchResult[],
  memories: AnswerMemory
): { packed: PackedResult[]; lent: LentMemory | undefined } {
  let bytes = 0
  for (const result of results) if (result.kind === 'records') bytes += result.bytes
  const lent = bytes === 0 ? undefined : memories.lend(bytes)
  const target = lent === undefined ? Buffer.alloc(0) : Buffer.from(lent.memory)
  let at = 0
  const packed = results.map((result): PackedResult => {
    if (result.kind === 'refused') return result
    for (const chunk of result.records) at += chunk.copy(target, at)
    return { ...result, records: null }
  })
  return { packed, lent }
}

/** Records of the result are views of the memory. */
export function unpack(
  results: readonly PackedResult[],
  memory: SharedArrayBuffer | undefined
): FetchResult[] {
  let at = 0
  return results.map((result): FetchResult => {
    if (result.kind === 'refused') return result
    if (memory === undefined || result.bytes === 0) return { ...result, records: [] }
    const records = [Buffer.from(memory, at, result.bytes)]
    at += result.bytes
    return { ...result, records }
  })
}

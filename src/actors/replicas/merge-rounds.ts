// What several threads read for one fetch, as if one had read it.
import type { FetchCommand, FetchResult } from './partition-commands.js'
import { firstBatchBytes } from './partition-read.js'

type Records = Extract<FetchResult, { kind: 'records' }>

interface PartOfRound {
  readonly results: readonly FetchResult[]
  readonly answersAtOnce: boolean
}

/** Every shard had the whole limits to itself; here they become common again, in request order. */
export function mergeRounds(
  command: FetchCommand,
  parts: readonly { readonly places: readonly number[] }[],
  rounds: readonly PartOfRound[]
): { results: FetchResult[]; bytes: number; answersAtOnce: boolean } {
  const results: FetchResult[] = new Array(command.partitions.length)
  parts.forEach(({ places }, p) => {
    places.forEach((place, i) => {
      results[place] = rounds[p]?.results[i] ?? { kind: 'refused', error: 'UNKNOWN_SERVER_ERROR' }
    })
  })
  let bytes = 0
  results.forEach((result, i) => {
    if (result.kind === 'refused' || result.bytes === 0) return
    const limit = Math.min(command.maxBytes - bytes, command.partitions[i]?.maxBytes ?? 0)
    const whenTooLarge = command.hardMaxBytes ? 'cut' : bytes > 0 ? 'leaveOut' : 'keepOne'
    const fitted = shortened(result, Math.max(0, limit), whenTooLarge)
    results[i] = fitted
    bytes += fitted.bytes
  })
  return { results, bytes, answersAtOnce: rounds.some(({ answersAtOnce }) => answersAtOnce) }
}

function shortened(result: Records, limit: number, whenTooLarge: 'cut' | 'leaveOut' | 'keepOne'): Records {
  if (result.bytes <= limit) return result
  const [first] = result.records
  const firstBytes = first === undefined ? 0 : firstBatchBytes(first)
  const tooLarge = whenTooLarge === 'keepOne' ? firstBytes : 0
  const room = firstBytes <= limit || whenTooLarge === 'cut' ? limit : tooLarge
  const records: Buffer[] = []
  let bytes = 0
  for (const chunk of result.records) {
    if (bytes >= room) break
    const part = chunk.subarray(0, room - bytes)
    records.push(part)
    bytes += part.length
  }
  return { ...result, records, bytes }
}

// A fetch over partitions of several threads: every shard reads its part and keeps watch over it; news from any of them
// makes all read again, so that the one answer is complete, in the order asked for, and under the common limits.
import type { Mesh, ThreadId } from '../runtime/mesh.js'
import { delayedFetch, fetchKeys } from './delayed-fetch.js'
import { DelayedOperation } from './delayed-operation.js'
import type { FetchCommand, FetchPartition, FetchResult } from './partition-commands.js'
import { firstBatchBytes, giveBackRecords, type ReadRound, readPartitions } from './partition-read.js'
import type { Shard } from './shard.js'

const actor = 'replicas.fetch'

type FetchMessage =
  | { kind: 'read'; id: number; command: FetchCommand; watchMs: number }
  | { kind: 'unwatch'; id: number }
  | { kind: 'news'; id: number }
  /** `records` of a result is the number of bytes, which lie one after the other in the memory sent along. */
  | { kind: 'round'; id: number; results: PackedResult[]; answersAtOnce: boolean }

type Records = Extract<FetchResult, { kind: 'records' }>
type PackedResult = Exclude<FetchResult, Records> | (Omit<Records, 'records'> & { records: null })

interface Part {
  readonly thread: ThreadId
  /** Places in the whole request. */
  readonly places: number[]
  readonly partitions: FetchPartition[]
}

interface RoundPart {
  readonly results: readonly FetchResult[]
  readonly answersAtOnce: boolean
}

export interface FetchAcross {
  fetch(command: FetchCommand, ownerOf: (item: FetchPartition) => ThreadId): Promise<readonly FetchResult[]>
}

export interface FetchAcrossOptions {
  readonly monotonicMs: () => number
  readonly onFailure: (error: unknown) => void
}

export function createFetchAcross(mesh: Mesh, shard: Shard, options: FetchAcrossOptions): FetchAcross {
  const { monotonicMs, onFailure } = options
  const asked = new Map<number, (part: RoundPart) => void>()
  const news = new Map<number, () => void>()
  let lastId = 0
  serveFetches(mesh, shard, { asked, news, onFailure })

  function askPart({ thread, partitions }: Part, command: FetchCommand, watchMs: number, onNews: () => void) {
    if (thread === mesh.self) {
      return { id: 0, thread, round: Promise.resolve(readPartitions(shard.find, { ...command, partitions })) }
    }
    const id = ++lastId
    const round = new Promise<RoundPart>(resolve => asked.set(id, resolve))
    if (watchMs > 0) news.set(id, onNews)
    mesh.send(thread, actor, {
      kind: 'read',
      id,
      command: { ...command, partitions },
      watchMs
    } satisfies FetchMessage)
    return { id, thread, round }
  }

  return {
    async fetch(command, ownerOf) {
      const parts = partsOf(command.partitions, ownerOf)
      const minBytes = Math.min(command.minBytes, command.maxBytes)
      const deadline = monotonicMs() + command.maxWaitMs
      for (;;) {
        const watchMs = Math.ceil(deadline - monotonicMs())
        const wake = wakeUp()
        const asks = parts.map(part => askPart(part, command, watchMs, wake.ring))
        const rounds = await Promise.all(asks.map(({ round }) => round))
        const merged = mergeRounds(command, parts, rounds)
        const isDone = watchMs <= 0 || merged.answersAtOnce || merged.bytes >= minBytes
        if (!isDone) await awaitNews(shard, command, parts, rounds, { wake, watchMs, mesh })
        for (const { id, thread } of asks) {
          if (news.delete(id)) mesh.send(thread, actor, { kind: 'unwatch', id } satisfies FetchMessage)
        }
        if (isDone) return merged.results
      }
    }
  }
}

/** A bell that remembers that it rang, as news may come before anyone waits. */
function wakeUp() {
  const bell = { rang: 'no' as 'no' | 'yes', onRing: () => {} }
  const ring = (): void => {
    bell.rang = 'yes'
    bell.onRing()
  }
  return { bell, ring }
}

interface NewsWait {
  readonly wake: ReturnType<typeof wakeUp>
  readonly watchMs: number
  readonly mesh: Mesh
}

/** Own partitions are watched here, the others by their threads; all end in one operation of this purgatory. */
function awaitNews(
  shard: Shard,
  command: FetchCommand,
  parts: readonly Part[],
  rounds: readonly RoundPart[],
  { wake, watchMs, mesh }: NewsWait
): Promise<void> {
  const own = parts.findIndex(({ thread }) => thread === mesh.self)
  const ownCommand = { ...command, partitions: parts[own]?.partitions ?? [] }
  const ownRound = rounds[own] as ReadRound | undefined
  return new Promise(resolve => {
    const grown = ownRound && delayedFetch(growthOf(shard, ownCommand, ownRound), () => {})
    const operation = new DelayedOperation({
      isSatisfied: () => wake.bell.rang === 'yes' || grown?.tryComplete() === true,
      complete: resolve
    })
    wake.bell.onRing = () => void operation.tryComplete()
    const keys = fetchKeys({ find: shard.find, command: ownCommand })
    shard.fetches.tryCompleteElseWatch(operation, keys, watchMs)
  })
}

const growthOf = (shard: Shard, command: FetchCommand, round: ReadRound) => ({
  find: shard.find,
  command,
  round,
  minBytes: round.bytes + 1
})

interface Correspondence {
  readonly asked: Map<number, (part: RoundPart) => void>
  readonly news: Map<number, () => void>
  readonly onFailure: (error: unknown) => void
}

function serveFetches(mesh: Mesh, shard: Shard, { asked, news, onFailure }: Correspondence): void {
  const watches = new Map<string, DelayedOperation>()
  const read = async (from: ThreadId, message: Extract<FetchMessage, { kind: 'read' }>): Promise<void> => {
    const { id, command, watchMs } = message
    let round: ReadRound
    try {
      round = await readPartitions(shard.find, command)
    } catch (error) {
      const failed: FetchResult = { kind: 'refused', error: 'UNKNOWN_SERVER_ERROR' }
      const results = command.partitions.map(() => failed)
      round = { results, bytes: 0, answersAtOnce: true, bytesInSeen: [] }
      onFailure(error)
    }
    const { packed, memory } = pack(round.results)
    giveBackRecords(round.results)
    const { answersAtOnce } = round
    if (watchMs > 0 && !answersAtOnce && round.bytes < command.minBytes) {
      const key = `${from}:${id}`
      const operation = delayedFetch(growthOf(shard, command, round), () => {
        if (watches.delete(key)) mesh.send(from, actor, { kind: 'news', id } satisfies FetchMessage)
      })
      watches.set(key, operation)
      shard.fetches.tryCompleteElseWatch(operation, fetchKeys({ find: shard.find, command }), watchMs)
    }
    const answer: FetchMessage = { kind: 'round', id, results: packed, answersAtOnce }
    mesh.send(from, actor, answer, memory === undefined ? [] : [memory])
  }
  mesh.register(actor, (raw, from, shared) => {
    const message = raw as FetchMessage
    if (message.kind === 'read') void read(from, message)
    else if (message.kind === 'news') news.get(message.id)?.()
    else if (message.kind === 'round') {
      asked.get(message.id)?.({
        results: unpack(message.results, shared[0]),
        answersAtOnce: message.answersAtOnce
      })
      asked.delete(message.id)
    } else {
      const key = `${from}:${message.id}`
      const operation = watches.get(key)
      watches.delete(key)
      operation?.forceComplete()
    }
  })
}

function partsOf(items: readonly FetchPartition[], ownerOf: (item: FetchPartition) => ThreadId): Part[] {
  const parts = new Map<ThreadId, Part>()
  items.forEach((item, place) => {
    const thread = ownerOf(item)
    const part = parts.get(thread) ?? { thread, places: [], partitions: [] }
    parts.set(thread, part)
    part.places.push(place)
    part.partitions.push(item)
  })
  return [...parts.values()]
}

function pack(results: readonly FetchResult[]): {
  packed: PackedResult[]
  memory: SharedArrayBuffer | undefined
} {
  let bytes = 0
  for (const result of results) if (result.kind === 'records') bytes += result.bytes
  const memory = bytes === 0 ? undefined : new SharedArrayBuffer(bytes)
  const target = memory === undefined ? Buffer.alloc(0) : Buffer.from(memory)
  let at = 0
  const packed = results.map((result): PackedResult => {
    if (result.kind === 'refused') return result
    for (const chunk of result.records) at += chunk.copy(target, at)
    return { ...result, records: null }
  })
  return { packed, memory }
}

function unpack(results: readonly PackedResult[], memory: SharedArrayBuffer | undefined): FetchResult[] {
  let at = 0
  return results.map((result): FetchResult => {
    if (result.kind === 'refused') return result
    if (memory === undefined || result.bytes === 0) return { ...result, records: [] }
    const records = [Buffer.from(memory, at, result.bytes)]
    at += result.bytes
    return { ...result, records }
  })
}

/** Every shard had the whole limits to itself; here they become common again, in request order. */
export function mergeRounds(
  command: FetchCommand,
  parts: readonly { readonly places: readonly number[] }[],
  rounds: readonly RoundPart[]
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

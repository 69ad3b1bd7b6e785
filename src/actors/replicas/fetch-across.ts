// A fetch over partitions of several threads: every shard reads its part and keeps watch over it; news from any of them
// makes all read again, so that the one answer is complete, in the order asked for, and under the common limits.
import type { Mesh, ThreadId } from '../runtime/mesh.js'
import { AnswerMemory } from './answer-memory.js'
import { delayedFetch, fetchKeys } from './delayed-fetch.js'
import { DelayedOperation } from './delayed-operation.js'
import { mergeRounds } from './merge-rounds.js'
import { type PackedResult, pack, unpack } from './packed-results.js'
import type { FetchCommand, FetchPartition, FetchResult } from './partition-commands.js'
import { giveBackRecords, type ReadRound, readPartitions } from './partition-read.js'
import type { Shard } from './shard.js'

const actor = 'replicas.fetch'

type FetchMessage =
  | { kind: 'read'; id: number; command: FetchCommand; watchMs: number }
  | { kind: 'unwatch'; id: number }
  | { kind: 'news'; id: number }
  /** The records of the results lie one after the other in the memory sent along, which `memory` names. */
  | { kind: 'round'; id: number; results: PackedResult[]; answersAtOnce: boolean; memory: number }
  /** Nobody looks at that memory any more. */
  | { kind: 'doneWith'; memory: number }

interface Part {
  readonly thread: ThreadId
  /** Places in the whole request. */
  readonly places: number[]
  readonly partitions: FetchPartition[]
}

interface RoundPart {
  readonly results: readonly FetchResult[]
  readonly answersAtOnce: boolean
  /** Where the records lie, if they are another thread's. */
  readonly borrowed?: Borrowed | undefined
}

interface AskedPart {
  /** 0: this thread's own. */
  readonly id: number
  readonly thread: ThreadId
  readonly round: Promise<RoundPart>
}

interface Borrowed {
  readonly from: ThreadId
  readonly memory: number
}

const noMemory = 0

export interface FetchAcross {
  fetch(command: FetchCommand, ownerOf: (item: FetchPartition) => ThreadId): Promise<readonly FetchResult[]>
  /** Nobody looks at the records any more: what fetch resolved to, as it was. */
  giveBack(results: readonly FetchResult[]): void
}

export interface FetchAcrossOptions {
  readonly monotonicMs: () => number
  readonly onFailure: (error: unknown) => void
}

export function createFetchAcross(mesh: Mesh, shard: Shard, options: FetchAcrossOptions): FetchAcross {
  const { monotonicMs, onFailure } = options
  const asked = new Map<number, (part: RoundPart) => void>()
  const news = new Map<number, () => void>()
  const borrowed = new WeakMap<readonly FetchResult[], readonly Borrowed[]>()
  let lastId = 0
  serveFetches(mesh, shard, { asked, news, onFailure })

  function askPart(
    { thread, partitions }: Part,
    command: FetchCommand,
    watchMs: number,
    onNews: () => void
  ): AskedPart {
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

  function giveBack(results: readonly FetchResult[]): void {
    giveBackRecords(results)
    for (const { from, memory } of borrowed.get(results) ?? []) {
      mesh.send(from, actor, { kind: 'doneWith', memory } satisfies FetchMessage)
    }
    borrowed.delete(results)
  }

  return {
    giveBack,
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
        const lenders = rounds.flatMap(round => round.borrowed ?? [])
        if (lenders.length > 0) borrowed.set(merged.results, lenders)
        const isDone = watchMs <= 0 || merged.answersAtOnce || merged.bytes >= minBytes
        if (!isDone) {
          giveBack(merged.results)
          await awaitNews(shard, command, parts, rounds, { wake, watchMs, mesh })
        }
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
  const memories = new AnswerMemory()
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
    const { packed, lent } = pack(round.results, memories)
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
    const answer: FetchMessage = {
      kind: 'round',
      id,
      results: packed,
      answersAtOnce,
      memory: lent?.id ?? noMemory
    }
    mesh.send(from, actor, answer, lent === undefined ? [] : [lent.memory])
  }
  mesh.register(actor, (raw, from, shared) => {
    const message = raw as FetchMessage
    if (message.kind === 'read') void read(from, message)
    else if (message.kind === 'news') news.get(message.id)?.()
    else if (message.kind === 'doneWith') memories.doneWith(message.memory)
    else if (message.kind === 'round') {
      const { id, memory, answersAtOnce } = message
      const results = unpack(message.results, shared[0])
      asked.get(id)?.({
        results,
        answersAtOnce,
        borrowed: memory === noMemory ? undefined : { from, memory }
      })
      asked.delete(id)
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

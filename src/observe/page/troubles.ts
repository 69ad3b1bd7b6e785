// What is wrong now, in sentences that each are a fact of the snapshot: what a newcomer should read first.
import type { BrokerSnapshot, LogSnapshot } from '../snapshot.js'
import { counted, duration } from './amounts.js'

/** A handler, a flush, a write that lasts longer is worth a word. */
export const longMs = 1000
/** A smaller share of idle time is. */
export const hardlyIdle = 0.15

export const workOf = ({ api, topic }: { readonly api: string; readonly topic?: string }): string =>
  topic === undefined ? api : `${api} on topic ${topic}`

/** Sentences about what is wrong now: facts of this snapshot, the ones nearest to the disk first. */
export function troublesOf(snapshot: BrokerSnapshot): readonly string[] {
  return [
    ...brokerTroubles(snapshot),
    ...diskTroubles(snapshot),
    ...handlerTroubles(snapshot),
    ...networkTroubles(snapshot)
  ]
}

function brokerTroubles({ broker, threads, arena }: BrokerSnapshot): string[] {
  const { state } = broker
  const memory = arena === null || arena.capacityBytes === null ? 0 : arena.usedBytes / arena.capacityBytes
  return [
    ...(state === 'running' ? [] : [`The broker is ${state}, not running.`]),
    ...threads.flatMap(({ thread, missing, eventLoopDelay }) => {
      if (missing !== undefined) return [`Thread ${thread} does not answer: ${missing}.`]
      const p99 = eventLoopDelay?.p99Ms ?? 0
      return p99 < 100
        ? []
        : [`Thread ${thread} is late with its work: by ${duration(p99)} in the worst hundredth.`]
    }),
    ...(memory < 0.9
      ? []
      : [`Memory for requests is used to ${Math.round(memory * 100)} %: connections wait to be read.`])
  ]
}

function diskTroubles({ logs, shards, atMs }: BrokerSnapshot): string[] {
  const offline = shards.reduce((sum, each) => sum + each.offline, 0)
  const flushing = logs
    .flatMap(log =>
      log.flushRunningSinceAtMs === undefined ? [] : [{ log, ms: atMs - log.flushRunningSinceAtMs }]
    )
    .sort((a, b) => b.ms - a.ms)[0]
  const slow = logs
    .filter(log => (log.lastFlushMs ?? 0) >= longMs)
    .sort((a, b) => (b.lastFlushMs ?? 0) - (a.lastFlushMs ?? 0))[0]
  const nameOf = ({ topic, partition }: LogSnapshot): string => `${topic}-${partition}`
  return [
    ...(offline === 0 ? [] : [`${counted(offline, 'log is', 'logs are')} offline.`]),
    ...(flushing === undefined || flushing.ms < longMs
      ? []
      : [`A flush of ${nameOf(flushing.log)} to the disk has been running for ${duration(flushing.ms)}.`]),
    ...(slow === undefined
      ? []
      : [`The last flush of ${nameOf(slow)} took ${duration(slow.lastFlushMs ?? 0)}.`])
  ]
}

function handlerTroubles(snapshot: BrokerSnapshot): string[] {
  const { handlers } = snapshot
  const working = handlers.flatMap(({ handling }) => (handling === undefined ? [] : [handling]))
  const longestOne = [...working].sort((a, b) => b.sinceMs - a.sinceMs)[0]
  const said = longestOne === undefined ? '' : `${workOf(longestOne)} for ${duration(longestOne.sinceMs)}`
  if (longestOne !== undefined && working.length === handlers.length)
    return [
      handlers.length === 1
        ? `The only handler is busy with ${said}.`
        : `All ${handlers.length} handlers are busy, the longest in ${said}.`
    ]
  if (longestOne !== undefined && longestOne.sinceMs >= longMs) return [`A handler has been in ${said}.`]
  return overworked(snapshot)
}

/** A handler that holds its thread cannot be seen at it: a look comes between two requests. Its idle time tells. */
function overworked({ handlers, requests, atMs }: BrokerSnapshot): string[] {
  if (handlers.length === 0) return []
  let idle = 0
  for (const each of handlers) {
    if (each.idle === null) return []
    idle += each.idle / handlers.length
  }
  if (idle >= hardlyIdle) return []
  const who = handlers.length === 1 ? 'The only handler is' : `All ${handlers.length} handlers are`
  return [`${who} busy ${Math.round((1 - idle) * 100)} % of the time${mostWork(requests.newest, atMs)}.`]
}

const recentMs = 5000

/** What more than half of the handlers' time went to, among the requests that are remembered. */
function mostWork(newest: BrokerSnapshot['requests']['newest'], atMs: number): string {
  const spent = new Map<string, number>()
  let sum = 0
  for (const record of newest) {
    if (atMs - record.receivedAtMs - record.totalMs > recentMs) continue
    spent.set(workOf(record), (spent.get(workOf(record)) ?? 0) + record.spans.local)
    sum += record.spans.local
  }
  const [what, ms] = [...spent].sort(([, a], [, b]) => b - a)[0] ?? ['', 0]
  return sum > 0 && ms > sum / 2 ? `, mostly with ${what}` : ''
}

/** Also when a place was free for the moment of the look: there are more who wait for it. */
function fullQueue(
  requestQueue: BrokerSnapshot['requestQueue'],
  processors: BrokerSnapshot['processors']
): string[] {
  if (requestQueue === null) return []
  const { depth, capacity } = requestQueue
  const waiting = processors.reduce((sum, each) => sum + each.waitingForRoom, 0)
  if (depth < capacity && waiting < capacity - depth) return []
  const more = waiting === 0 ? '' : `, and ${counted(waiting, 'request')} more that were read wait for room`
  return [`The request queue is full: ${depth}/${capacity}${more}.`]
}

function networkTroubles({
  requestQueue,
  acceptors,
  processors,
  mailboxes,
  connections
}: BrokerSnapshot): string[] {
  const full = mailboxes.filter(
    ({ depth, capacity, name }) => capacity !== null && depth >= capacity && name !== 'requestQueue'
  )
  const pressed = processors.filter(({ state }) => state === 'backpressured')
  const writing = connections
    .filter(({ exchange, idleMs }) => exchange === 'writing' && idleMs >= longMs)
    .sort((a, b) => b.idleMs - a.idleMs)
  const [stuck] = writing
  return [
    ...fullQueue(requestQueue, processors),
    ...(pressed.length === 0
      ? []
      : [
          `${counted(pressed.length, 'Processor reads', 'Processors read')} nothing until the request queue has room.`
        ]),
    ...full.map(({ name, depth, capacity }) => `${name} is full: ${depth}/${capacity}.`),
    ...acceptors.flatMap(({ listener, state, blockedFor }) =>
      state.startsWith('blocked') || state === 'paused'
        ? [
            `Acceptor ${listener} takes no connections, it is ${state}${blockedFor === undefined ? '' : `: ${blockedFor}`}.`
          ]
        : []
    ),
    ...(stuck === undefined
      ? []
      : [
          `${counted(writing.length, 'connection')} with an answer that nobody takes: ${stuck.clientId ?? stuck.clientHost} has read nothing for ${duration(stuck.idleMs)}.`
        ])
  ]
}

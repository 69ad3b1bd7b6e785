// Why a request took its time, in sentences that the recorded data supports: the stage that took most, and what else is known
// to have been so during it. What is so now counts only where it provably was so then. Where nothing is known, no cause is named.
import type { BrokerSnapshot, RequestRecord, SpanName, StageName } from '../snapshot.js'
import { counted, duration, size } from './amounts.js'

export interface Diagnosis {
  /** The part of its time that was longest. */
  readonly stage: SpanName
  readonly stageMs: number
  /** One about the answer, and where records were written one about the disk. */
  readonly sentence: string
  /** Whether something beside the stage itself is known: a reader may stop there. */
  readonly causeKnown: boolean
}

/** Of a snapshot, what a diagnosis reads. */
export type Evidence = Pick<BrokerSnapshot, 'atMs' | 'handlers' | 'requests' | 'threads' | 'processors'>

/** A shorter one is not called slow. */
const slowMs = 20

export function diagnose(record: RequestRecord, evidence: Evidence): Diagnosis {
  const [stage, stageMs] = longest(record)
  const disk = ofDisk(record)
  if (record.totalMs < slowMs) {
    const said = `Answered in ${duration(record.totalMs)}, most of it ${stagePlaces[stage]} (${duration(stageMs)}).`
    return {
      stage,
      stageMs,
      sentence: record.durabilityLagMs === undefined ? said : said + disk,
      causeKnown: false
    }
  }
  const { what, because } = explained[stage](record, stageMs, evidence)
  const cause = because.length === 0 ? '; nothing recorded says why.' : `: ${because.join('; ')}.`
  const others = alsoLong(record, stage, stageMs)
  return { stage, stageMs, sentence: `${what}${cause}${others}${disk}`, causeKnown: because.length > 0 }
}

interface Explanation {
  readonly what: string
  readonly because: readonly string[]
}

type Explain = (record: RequestRecord, ms: number, evidence: Evidence) => Explanation

const stagePlaces: Readonly<Record<SpanName, string>> = {
  waitingForRoom: 'between being read and being in the request queue',
  requestQueue: 'in the request queue',
  local: 'in a handler',
  remote: 'after the handler, until it was complete',
  responseQueue: 'in the response queue',
  responseSend: 'being written to the socket'
}

function longest({ spans }: RequestRecord): [SpanName, number] {
  let stage: SpanName = 'local'
  for (const name of Object.keys(stagePlaces) as SpanName[]) if (spans[name] > spans[stage]) stage = name
  return [stage, spans[stage]]
}

/** Wall clock, ms; undefined: it never passed there. */
const timeOf = ({ receivedAtMs, stages }: RequestRecord, stage: StageName): number | undefined => {
  const sinceReceived = stages[stage]
  return sinceReceived === undefined ? undefined : receivedAtMs + sinceReceived
}

const explained: Readonly<Record<SpanName, Explain>> = {
  waitingForRoom: (record, ms, evidence) => {
    const full = fullQueue(record)
    const until = timeOf(record, 'enqueued')
    return {
      what: `Was read whole ${duration(ms)} before it was in the request queue`,
      because:
        full.length === 0
          ? lateThread(record, ms, evidence)
          : [...full, ...handlersBetween(record, record.receivedAtMs, until, evidence)]
    }
  },
  requestQueue: (record, ms, evidence) => {
    const { circumstances } = record
    const before = circumstances?.queueDepth ?? 0
    const from = timeOf(record, 'enqueued') ?? record.receivedAtMs
    const full = fullQueue(record)
    const some = before === 0 ? [] : [`${counted(before, 'request')} before it`]
    return {
      what: `Waited ${duration(ms)} in the request queue`,
      because: [
        ...(full.length > 0 ? full : some),
        ...handlersBetween(record, from, timeOf(record, 'dequeued'), evidence)
      ]
    }
  },
  local: (record, ms) => ({
    what: `Spent ${duration(ms)} in a handler on ${subject(record)}`,
    because:
      record.appendMs === undefined || record.appendMs < ms / 2
        ? []
        : [
            `${duration(Math.min(record.appendMs, ms))} of it until its records were in the page cache${placeOf(record)}`
          ]
  }),
  remote: (record, ms) => ({
    what: `Waited ${duration(ms)} after its handler had done its part of ${subject(record)}${waysToWait(record)}`,
    because: flushBefore(record)
  }),
  responseQueue: (record, ms, evidence) => ({
    what: `Its answer waited ${duration(ms)} until Processor ${record.processor} took it`,
    because: lateThread(record, ms, evidence)
  }),
  responseSend: (record, ms, evidence) => ({
    what: `Writing its answer of ${size(record.responseBytes)} took ${duration(ms)}`,
    because: [...lateThread(record, ms, evidence), ...slowSocket(record, ms, evidence)]
  })
}

/** That the last place was free is no proof of a wait for it, so that no more is said; of one place it is always the last. */
function fullQueue({ circumstances }: RequestRecord): string[] {
  if (circumstances === undefined) return []
  const { queueDepth, queueCapacity } = circumstances
  const before = `${queueDepth}/${queueCapacity} before it`
  if (queueDepth >= queueCapacity) return [`it was full, ${before}`]
  return queueDepth > 0 && queueDepth === queueCapacity - 1 ? [`it took the last free place, ${before}`] : []
}

/** `Produce on topic orders`, as far as it is known. */
const subject = ({ api, topic }: { readonly api: string; readonly topic?: string | undefined }): string =>
  topic === undefined ? api : `${api} on topic ${topic}`

const placeOf = ({ topic, partition, partitions = 1 }: RequestRecord): string => {
  if (topic === undefined) return ''
  const others = partitions < 2 ? '' : ` and ${partitions - 1} more`
  return ` of ${topic}${partition === undefined ? '' : `-${partition}`}${others}`
}

/**
 * What handlers did between two times: from requests that are remembered, and from what they still do, where that began
 * before. The share is of all their time; it says `all … busy` only when that adds up.
 */
function handlersBetween(
  record: RequestRecord,
  from: number,
  until: number | undefined,
  { atMs, handlers, requests }: Evidence
): string[] {
  if (until === undefined || until <= from || handlers.length === 0) return []
  const busy = new Map<string, number>()
  let sumMs = 0
  const add = (what: string, begin: number, end: number): void => {
    const ms = Math.min(end, until) - Math.max(begin, from)
    if (ms <= 0) return
    busy.set(what, (busy.get(what) ?? 0) + ms)
    sumMs += ms
  }
  const seen = new Set([record.id])
  for (const other of [...requests.newest, ...requests.slowest]) {
    const begin = timeOf(other, 'dequeued')
    if (begin === undefined || seen.has(other.id)) continue
    seen.add(other.id)
    add(subject(other), begin, begin + other.spans.local)
  }
  for (const { handling } of handlers)
    if (handling !== undefined) add(subject(handling), atMs - handling.sinceMs, atMs)
  const possibleMs = (until - from) * handlers.length
  const [most] = [...busy].sort(([, a], [, b]) => b - a)
  if (most === undefined) return []
  const [what, ms] = most
  const share = Math.min(1, sumMs / possibleMs)
  if (share >= 0.9) {
    const mostly = ms >= sumMs * 0.9 ? '' : 'mostly '
    const all = handlers.length === 1 ? 'the only handler' : `all ${handlers.length} handlers`
    return [`${all} busy, ${mostly}in ${what}`]
  }
  if (ms < possibleMs * 0.1) return []
  return [`as far as remembered, ${percent(ms / possibleMs)} of the handlers' time went to ${what} meanwhile`]
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

/** The flush that ended while it was parked and covers what it wrote. */
function flushBefore(record: RequestRecord): string[] {
  const { flush, api } = record
  const [parked, completed] = [timeOf(record, 'parked'), timeOf(record, 'completed')]
  if (flush === undefined || api !== 'Produce' || parked === undefined || completed === undefined) return []
  const endMs = flush.startedAtMs + flush.ms
  if (endMs < parked || endMs > completed + 1) return []
  return [`the flush${placeOf(record)} that covers it took ${duration(flush.ms)} (${flush.cause})`]
}

/** A parked request does not say what for: what it may be is not a cause. */
const waysToWait = ({ api, stages }: RequestRecord): string =>
  api === 'Fetch' && stages.parked !== undefined
    ? ' (a Fetch does, as long as it asked to, when there is less to read than it asked for; else for other threads)'
    : ''

/** The window of a thread's event-loop delay. */
const delayWindowMs = 60_000

/** How late the Processor's thread was at most, where that is of the time in question. */
function latest(
  record: RequestRecord,
  { atMs, processors, threads }: Evidence
): { thread: number; ms: number } | undefined {
  const thread = processors.find(({ id }) => id === record.processor)?.thread
  const delay = threads.find(each => each.thread === thread)?.eventLoopDelay
  if (thread === undefined || delay === undefined || delay === null) return undefined
  return atMs - (record.receivedAtMs + record.totalMs) > delayWindowMs
    ? undefined
    : { thread, ms: delay.maxMs }
}

function lateThread(record: RequestRecord, ms: number, evidence: Evidence): string[] {
  const late = latest(record, evidence)
  if (late === undefined || late.ms < ms / 2) return []
  return [`thread ${late.thread} was up to ${duration(late.ms)} late with its work within that minute`]
}

/** Where the thread was in time, what held the bytes back lies behind the socket. */
function slowSocket(record: RequestRecord, ms: number, evidence: Evidence): string[] {
  const late = latest(record, evidence)
  if (late === undefined || late.ms >= ms / 2 || record.stages.sent === undefined) return []
  return [
    `the socket took no more, while thread ${late.thread} was never more than ${duration(late.ms)} late`
  ]
}

/** Another stage that took at least a quarter as long as all. */
function alsoLong({ spans, totalMs }: RequestRecord, stage: SpanName, stageMs: number): string {
  const others = (Object.keys(stagePlaces) as SpanName[])
    .filter(name => name !== stage && spans[name] >= totalMs / 4 && spans[name] >= stageMs / 4)
    .sort((a, b) => spans[b] - spans[a])
    .map(name => `${duration(spans[name])} ${stagePlaces[name]}`)
  return others.length === 0 ? '' : ` Besides: ${others.join(', ')}.`
}

function ofDisk({ appendMs, stages, durabilityLagMs, flush }: RequestRecord): string {
  if (appendMs === undefined && stages.appended === undefined) return ''
  if (durabilityLagMs === undefined) return ' Its records are not known to be on the disk yet.'
  const by = flush === undefined ? '' : `, with a flush of ${duration(flush.ms)} (${flush.cause})`
  return ` On the disk ${duration(durabilityLagMs)} after the append${by}.`
}

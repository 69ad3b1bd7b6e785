// Requests as the page shows them: one row each with its waterfall, filtered by client, API and topic; and what a slow one
// waited for, in a sentence.
import type { BrokerSnapshot, RequestRecord, SpanName } from '../snapshot.js'
import { duration } from './amounts.js'
import { diagnose } from './diagnose.js'
import { matcher, type Rows, windowOf } from './rows.js'

export interface RequestRow {
  readonly id: string
  readonly api: string
  readonly client: string
  readonly topic: string
  readonly receivedAtMs: number
  readonly totalMs: number
  readonly error?: string
  /** Side by side from 0 to `totalMs`; parts without a length are left out. */
  readonly bars: readonly Bar[]
  readonly sentence: string
}

export interface Bar {
  readonly name: SpanName
  readonly label: string
  readonly startMs: number
  readonly ms: number
}

/** `/api/requests?order=slowest|newest&client=&api=&topic=` */
export interface RequestsAnswer extends Rows<RequestRow> {
  /** The longest of those that are not answered for a second and more, and how many there are. */
  readonly running: readonly RunningRequest[]
  readonly runningTotal: number
  /** APIs that there are, for the filter. */
  readonly apis: readonly string[]
}

/** Not answered yet. */
export interface RunningRequest {
  readonly api: string
  readonly client: string
  readonly connectionId: string
  readonly sinceMs: number
  readonly where: string
}

export const spanLabels: Readonly<Record<SpanName, string>> = {
  waitingForRoom: 'before the queue',
  requestQueue: 'request queue',
  local: 'handler',
  remote: 'parked or remote',
  responseQueue: 'response queue',
  responseSend: 'sending'
}

export function requestsAnswer(snapshot: BrokerSnapshot, query: URLSearchParams): RequestsAnswer {
  const { newest, slowest } = snapshot.requests
  const all = query.get('order') === 'newest' ? newest : slowest
  const [client, api, topic] = [
    matcher(query.get('client')),
    query.get('api') ?? '',
    matcher(query.get('topic'))
  ]
  const wanted = all.filter(
    record =>
      client(record.clientId, record.connectionId) &&
      (api === '' || record.api === api) &&
      topic(topicOf(record))
  )
  const waiting = running(snapshot).filter(
    each => each.sinceMs >= 1000 && client(each.client, each.connectionId) && (api === '' || each.api === api)
  )
  const { total, from, rows } = windowOf(wanted, query)
  const apis = [...new Set([...newest, ...slowest].map(record => record.api))].sort()
  return {
    total,
    from,
    rows: rows.map(record => requestRow(record, snapshot)),
    apis,
    running: waiting.slice(0, 5),
    runningTotal: waiting.length
  }
}

/** With everything that is known of it; undefined: not remembered any more. */
export function requestDetails(
  snapshot: BrokerSnapshot,
  id: string
): { readonly row: RequestRow; readonly record: RequestRecord } | undefined {
  const { newest, slowest } = snapshot.requests
  const record = [...newest, ...slowest].find(each => each.id === id)
  return record === undefined ? undefined : { row: requestRow(record, snapshot), record }
}

function topicOf({ topic, partition, partitions }: RequestRecord): string {
  if (topic === undefined) return ''
  const one = partition === undefined ? topic : `${topic}-${partition}`
  return partitions === undefined || partitions < 2 ? one : `${one} and ${partitions - 1} more`
}

function requestRow(record: RequestRecord, snapshot: BrokerSnapshot): RequestRow {
  const { id, api, clientId, connectionId, receivedAtMs, totalMs, error } = record
  return {
    id,
    api,
    client: clientId ?? connectionId,
    topic: topicOf(record),
    receivedAtMs,
    totalMs,
    ...(error === undefined ? {} : { error }),
    bars: barsOf(record),
    sentence: diagnose(record, snapshot).sentence
  }
}

function barsOf({ spans }: RequestRecord): Bar[] {
  let startMs = 0
  const bars: Bar[] = []
  for (const name of Object.keys(spanLabels) as SpanName[]) {
    const ms = spans[name]
    if (ms > 0) bars.push({ name, label: `${spanLabels[name]} ${duration(ms)}`, startMs, ms })
    startMs += ms
  }
  return bars
}

const places: Readonly<Record<string, string>> = {
  waitingForRoom: 'read whole, not in the request queue yet',
  handling: 'in the request queue, with a handler, or parked',
  writing: 'its answer is being written to the socket'
}

/** The longest first. */
function running({ connections, handlers }: BrokerSnapshot): RunningRequest[] {
  const handled = new Map(
    handlers.flatMap(({ id, handling }) =>
      handling === undefined ? [] : [[handling.connectionId, { id, handling }]]
    )
  )
  return connections
    .flatMap(({ inFlight, clientId, id, exchange, clientHost }) => {
      if (inFlight === undefined) return []
      const by = handled.get(id)
      const topic = by?.handling.topic === undefined ? '' : ` on topic ${by.handling.topic}`
      const where =
        by === undefined
          ? (places[exchange] ?? exchange)
          : `with handler ${by.id}${topic}, for ${duration(by.handling.sinceMs)}`
      return [
        {
          api: inFlight.api,
          client: clientId ?? clientHost,
          connectionId: id,
          sinceMs: inFlight.sinceMs,
          where
        }
      ]
    })
    .sort((a, b) => b.sinceMs - a.sinceMs)
}

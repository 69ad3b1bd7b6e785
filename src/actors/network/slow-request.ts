// The line of a slow request in the log, as logfmt: `slow request api=Produce version=9 … total=1204.1`. Times are ms.
import { apiKey } from '../../protocol/api-keys.js'
import { errorName } from '../../protocol/error-codes.js'
import type { CompletedRequest } from './processor-setup.js'
import type { RequestSpans } from './request-spans.js'
import type { StageStamps } from './stage-stamps.js'

export interface SlowRequestNotes {
  /** Wall clock. */
  readonly receivedAtMs: number
  /** Lines that were not written before this one. */
  readonly leftOut: number
}

/** Spans add up to `total`; behind them each stage as ms since `received`, where it was passed. */
export function slowRequestLine(
  request: CompletedRequest,
  spans: RequestSpans,
  { receivedAtMs, leftOut }: SlowRequestNotes
): string {
  const { stamps } = request
  const { room, queue, local, remote, responseQueue, responseSend, total } = spans
  const fields: [string, string | number | undefined][] = [
    ['api', apiKey(request.apiKey)?.name ?? request.apiKey],
    ['version', request.apiVersion],
    ['client', request.clientId ?? undefined],
    ['connection', request.connectionId],
    ['listener', request.listener],
    ['processor', request.processorId],
    ['topic', stamps.topic === '' ? undefined : stamps.topic],
    ['partition', stamps.partition < 0 ? undefined : stamps.partition],
    ['partitions', stamps.partitions === 0 ? undefined : stamps.partitions],
    ['offset', stamps.baseOffset < 0 ? undefined : stamps.baseOffset],
    ['error', stamps.errorCode === 0 ? undefined : errorName(stamps.errorCode)],
    ['requestBytes', request.requestBytes],
    ['responseBytes', request.responseBytes],
    ['receivedAt', new Date(receivedAtMs).toISOString()],
    ['queueDepth', stamps.queueDepth],
    ['room', tenths(room)],
    ['queue', tenths(queue)],
    ['local', tenths(local)],
    ['remote', tenths(remote)],
    ['responseQueue', tenths(responseQueue)],
    ['responseSend', tenths(responseSend)],
    ['total', tenths(total)],
    ...stagesOf(stamps).map(([stage, ms]): [string, number] => [`at.${stage}`, tenths(ms)]),
    ['leftOut', leftOut === 0 ? undefined : leftOut]
  ]
  const told = fields.flatMap(([name, value]) => (value === undefined ? [] : `${name}=${quoted(value)}`))
  return `slow request ${told.join(' ')}`
}

const tenths = (ms: number): number => Math.round(ms * 10) / 10

/** Names come from clients: nothing of theirs may look like another field or another line. */
function quoted(value: string | number): string {
  const text = String(value)
  return /^[\w.:/\-[\]]+$/.test(text) ? text : JSON.stringify(text)
}

/** Stages that were passed, in order, as ms since `received`. */
export function stagesOf(stamps: StageStamps): [string, number][] {
  const isParked = stamps.completedMs > 0
  const passed: [string, number][] = [
    ['enqueued', stamps.enqueuedMs],
    ['dequeued', stamps.dequeuedMs],
    ['decided', stamps.decidedMs],
    ['appended', stamps.appendedMs],
    ['parked', isParked ? stamps.localCompleteMs : 0],
    ['synced', stamps.syncedMs],
    ['completed', stamps.completedMs],
    ['answered', stamps.responseCompleteMs],
    ['dequeuedByProcessor', stamps.responseDequeuedMs],
    ['sent', stamps.sentMs]
  ]
  return passed.flatMap(([stage, atMs]): [string, number][] =>
    atMs === 0 ? [] : [[stage, Math.max(0, atMs - stamps.receivedMs)]]
  )
}

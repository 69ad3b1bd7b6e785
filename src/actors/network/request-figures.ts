// What one thread's Processors know of the requests that are over: distributions by API, the newest and the slowest of them,
// and a line in the log for each slow one. Memory is taken once an API; a request costs a dozen additions.

import type { Clock } from '../runtime/clock.js'
import type { Distribution } from '../runtime/histogram.js'
import { Histogram } from '../runtime/histogram.js'
import type { Logger } from '../runtime/log.js'
import { type KeptRequest, NewestRequests } from './newest-requests.js'
import type { CompletedRequest } from './processor-setup.js'
import { emptySpans, type RequestSpans, spansOf } from './request-spans.js'
import { slowRequestLine } from './slow-request.js'

/** Kafka's names in lower camel case; `append`: from the handler's begin until the records were in the page cache. */
export const requestMeasures = [
  'requestQueue',
  'local',
  'remote',
  'throttle',
  'responseQueue',
  'responseSend',
  'total',
  'requestBytes',
  'responseBytes',
  'append'
] as const

export type RequestMeasure = (typeof requestMeasures)[number]

/** Plain data. */
export interface ApiFigures {
  readonly apiKey: number
  readonly measures: Readonly<Record<RequestMeasure, Distribution>>
  /** Requests by version. */
  readonly versions: ReadonlyArray<readonly [version: number, count: number]>
  /** Answers by the first error in them, 0 = NONE. */
  readonly errors: ReadonlyArray<readonly [code: number, count: number]>
}

export interface KeptRequests {
  /** Newest first. */
  readonly newest: readonly KeptRequest[]
  /** Slowest first, of the last ten minutes. */
  readonly slowest: readonly KeptRequest[]
}

export interface RequestFiguresOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** Requests that take longer are logged; 0 = none. */
  readonly slowMs: number
}

const newestKept = 512
const slowestKept = 64
const slowestForMs = 600_000
/** More lines of slow requests in one second are left out, and counted. */
const linesASecond = 50

interface Api {
  readonly histograms: Readonly<Record<RequestMeasure, Histogram>>
  readonly versions: number[]
  readonly errors: Map<number, number>
}

interface Slow extends KeptRequest {
  readonly slowMs: number
}

export class RequestFigures {
  /** Requests that take longer are logged from now on; 0 = none. */
  slowMs: number
  readonly #options: RequestFiguresOptions
  readonly #apis: Array<Api | undefined> = []
  readonly #newest = new NewestRequests(newestKept)
  readonly #spans: RequestSpans = emptySpans()
  /** Slowest first. */
  #slowest: Slow[] = []
  #lines = { secondFromMs: 0, written: 0, leftOut: 0 }

  constructor(options: RequestFiguresOptions) {
    this.#options = options
    this.slowMs = options.slowMs
  }

  /** Once a request, when its answer was written or dropped. */
  readonly completed = (request: CompletedRequest): void => {
    const { apiKey, apiVersion, stamps } = request
    const nowMs = stamps.sentMs
    const spans = spansOf(stamps, this.#spans)
    const api = this.#apis[apiKey] ?? this.#newApi(apiKey, nowMs)
    const { histograms, versions, errors } = api
    histograms.requestQueue.record(spans.room + spans.queue, nowMs)
    histograms.local.record(spans.local, nowMs)
    histograms.remote.record(spans.remote, nowMs)
    histograms.throttle.record(stamps.throttleMs, nowMs)
    histograms.responseQueue.record(spans.responseQueue, nowMs)
    histograms.responseSend.record(spans.responseSend, nowMs)
    histograms.total.record(spans.total, nowMs)
    histograms.requestBytes.record(request.requestBytes, nowMs)
    histograms.responseBytes.record(request.responseBytes, nowMs)
    if (stamps.appendedMs > 0) histograms.append.record(stamps.appendedMs - stamps.dequeuedMs, nowMs)
    versions[apiVersion] = (versions[apiVersion] ?? 0) + 1
    errors.set(stamps.errorCode, (errors.get(stamps.errorCode) ?? 0) + 1)
    this.#newest.add(request)
    const slowMs = slownessOf(apiKey, spans)
    const least = this.#slowest.length < slowestKept ? -1 : (this.#slowest.at(-1)?.slowMs ?? -1)
    if (slowMs > least) this.#keepSlow({ number: this.#newest.count, request, slowMs }, nowMs)
    if (this.slowMs > 0 && slowMs > this.slowMs) this.#log(request, spans, nowMs)
  }

  /** By API, those that were asked at least once. */
  read(): ApiFigures[] {
    const nowMs = this.#options.clock.monotonicMs()
    return this.#apis.flatMap((api, apiKey) => {
      if (api === undefined) return []
      const { histograms, versions, errors } = api
      const measures = mapMeasures(measure => histograms[measure].read(nowMs))
      const counted = versions.map((count, version): readonly [number, number] => [version, count])
      return { apiKey, measures, versions: counted.filter(pair => pair !== undefined), errors: [...errors] }
    })
  }

  kept(): KeptRequests {
    this.#forgetOld(this.#options.clock.monotonicMs())
    return {
      newest: this.#newest.read(),
      slowest: this.#slowest.map(({ number, request }) => ({ number, request }))
    }
  }

  #newApi(apiKey: number, nowMs: number): Api {
    const api = { histograms: mapMeasures(() => new Histogram(nowMs)), versions: [], errors: new Map() }
    this.#apis[apiKey] = api
    return api
  }

  #keepSlow(slow: Slow, nowMs: number): void {
    if (this.#slowest.length >= slowestKept) this.#forgetOld(nowMs)
    if (this.#slowest.length >= slowestKept) this.#slowest.pop()
    const at = this.#slowest.findIndex(({ slowMs }) => slowMs < slow.slowMs)
    if (at < 0) this.#slowest.push(slow)
    else this.#slowest.splice(at, 0, slow)
  }

  #forgetOld(nowMs: number): void {
    this.#slowest = this.#slowest.filter(({ request }) => nowMs - request.stamps.sentMs < slowestForMs)
  }

  #log(request: CompletedRequest, spans: RequestSpans, nowMs: number): void {
    const lines = this.#lines
    if (nowMs - lines.secondFromMs >= 1000) {
      lines.secondFromMs = nowMs
      lines.written = 0
    }
    if (lines.written >= linesASecond) {
      lines.leftOut++
      return
    }
    lines.written++
    const { clock, logger } = this.#options
    const receivedAtMs = clock.nowMs() - (clock.monotonicMs() - request.stamps.receivedMs)
    logger.warn(slowRequestLine(request, spans, { receivedAtMs, leftOut: lines.leftOut }))
    lines.leftOut = 0
  }
}

/** Fetch waits for records, JoinGroup and SyncGroup for other members: as long as their clients have asked for. */
const waitOnPurpose: readonly number[] = [1, 11, 14]

/** What somebody would call slow. */
export function slownessOf(apiKey: number, { total, remote }: RequestSpans): number {
  return waitOnPurpose.includes(apiKey) ? total - remote : total
}

function mapMeasures<T>(of: (measure: RequestMeasure) => T): Record<RequestMeasure, T> {
  return Object.fromEntries(requestMeasures.map(measure => [measure, of(measure)])) as Record<
    RequestMeasure,
    T
  >
}

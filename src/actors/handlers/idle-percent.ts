// Kafka's RequestHandlerAvgIdlePercent: the share of time that handler loops spend waiting for requests.

export interface HandlerGauges {
  /** Loops that run now. */
  readonly loops: number
  /** ms that loops have waited since the start, those that ended included. */
  readonly idleMs: number
  /** Requests handled since the start, by loops that ended included. */
  readonly handled: number
  /** Monotonic ms at which this was read. */
  readonly atMs: number
}

/** Between two readings, 0 (all busy) to 1 (all idle); 1 when there was no time or no loop between them. */
export function idlePercent(before: HandlerGauges, after: HandlerGauges): number {
  const possible = (after.atMs - before.atMs) * ((before.loops + after.loops) / 2)
  return possible <= 0 ? 1 : Math.min(1, Math.max(0, (after.idleMs - before.idleMs) / possible))
}

export function sumOfGauges(threads: readonly HandlerGauges[]): HandlerGauges {
  const sum = (of: (gauges: HandlerGauges) => number): number =>
    threads.reduce((total, each) => total + of(each), 0)
  return {
    loops: sum(({ loops }) => loops),
    idleMs: sum(({ idleMs }) => idleMs),
    handled: sum(({ handled }) => handled),
    atMs: Math.max(0, ...threads.map(({ atMs }) => atMs))
  }
}

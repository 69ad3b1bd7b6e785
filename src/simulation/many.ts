// Many seeds at once: worker threads take them in portions, the main thread counts.
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { simulate } from './simulation.js'
import type { Verdict } from './verdict.js'

export interface Portion {
  readonly from: number
  readonly seeds: number
}

export interface Tally {
  seeds: number
  steps: number
  readonly broken: Verdict[]
  readonly seen: Map<string, number>
}

export const emptyTally = (): Tally => ({ seeds: 0, steps: 0, broken: [], seen: new Map() })

export function addTo(tally: Tally, verdict: Verdict): void {
  tally.seeds++
  tally.steps += verdict.steps
  if (verdict.broken !== undefined) tally.broken.push(verdict)
  for (const [what, count] of verdict.seen) tally.seen.set(what, (tally.seen.get(what) ?? 0) + count)
}

function merge(tally: Tally, other: Tally): void {
  tally.seeds += other.seeds
  tally.steps += other.steps
  tally.broken.push(...other.broken)
  for (const [what, count] of other.seen) tally.seen.set(what, (tally.seen.get(what) ?? 0) + count)
}

export async function simulatePortion({ from, seeds }: Portion): Promise<Tally> {
  const tally = emptyTally()
  for (let seed = from; seed < from + seeds; seed++) addTo(tally, await simulate(seed))
  return tally
}

export interface ManyOptions extends Portion {
  /** Threads; one for each core when absent. */
  readonly threads?: number
  readonly onProgress: (tally: Tally) => void
}

const portionSeeds = 50

/** Runs this very file in each thread. */
export async function simulateMany(options: ManyOptions): Promise<Tally> {
  const { from, seeds, onProgress, threads = availableParallelism() } = options
  const tally = emptyTally()
  let next = from
  const end = from + seeds
  const takeNext = (): Portion | undefined => {
    if (next >= end) return undefined
    const portion = { from: next, seeds: Math.min(portionSeeds, end - next) }
    next += portion.seeds
    return portion
  }
  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(fileURLToPath(import.meta.url))
      const feed = (): void => {
        const portion = takeNext()
        if (portion !== undefined) worker.postMessage(portion)
        else void worker.terminate().then(() => resolve())
      }
      worker.on('error', reject)
      worker.on('message', (done: Tally) => {
        merge(tally, done)
        onProgress(tally)
        feed()
      })
      feed()
    })
  await Promise.all(Array.from({ length: Math.min(threads, Math.ceil(seeds / portionSeeds)) }, run))
  return tally
}

if (!isMainThread) {
  parentPort?.on('message', (portion: Portion) => {
    void simulatePortion(portion).then(tally => parentPort?.postMessage(tally))
  })
}

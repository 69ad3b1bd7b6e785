// Work in slices, for `cooperate`: what may take longer than a turn stops often enough to be interrupted.
import { Bug } from '../../errors.js'

/** `yield` = may be interrupted here, `yield promise` = wait for it. */
export type ReadSteps<T> = Generator<Promise<unknown> | undefined, T, unknown>

/** What may pass between two stops: some 100 microseconds, whether in few large records or in many small ones. */
const bytesBetweenStops = 128 * 1024
const bytesOfOverhead = 256

/** Says when to stop, by the bytes handled and a fixed cost for each item. */
export class Pace {
  #done = 0

  due(bytes: number): boolean {
    this.#done += bytes + bytesOfOverhead
    if (this.#done < bytesBetweenStops) return false
    this.#done = 0
    return true
  }
}

/** Waits for a promise and gives its value. */
export function* awaited<T>(promise: Promise<T>): ReadSteps<T> {
  let arrived: { readonly value: T } | undefined
  yield promise.then(value => {
    arrived = { value }
  })
  if (arrived === undefined) throw new Bug('work went on before the promise that it waits for')
  return arrived.value
}

/** Buffer.concat() with stops. */
export function* joined(pieces: readonly Buffer[]): ReadSteps<Buffer> {
  const whole = Buffer.allocUnsafe(pieces.reduce((sum, piece) => sum + piece.length, 0))
  const pace = new Pace()
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
    if (pace.due(piece.length)) yield undefined
  }
  return whole
}

/** Runs work that never waits for a promise to its end at once. */
export function atOnce<T>(steps: ReadSteps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    if (step.value !== undefined) throw new Bug('work that was to run at once waits for a promise')
  }
}

// A distribution of durations or sizes in memory that is taken once: eight buckets a power of two (6 % wide at most to each
// side). Quantiles are of the last minutes, as Kafka's decaying samples are; count, sum and maximum are of the whole life.

/** Plain data. Several of them are added up by `mergeDistributions`. */
export interface Distribution {
  readonly count: number
  readonly sum: number
  /** Of all that was ever recorded. */
  readonly max: number
  /** Buckets of the last minutes; empty = nothing recorded in them. */
  readonly recent: Uint32Array
}

/** 2^-10 (about a microsecond, where the unit is ms) and below is the first bucket; 2^40 and above the last one. */
const lowest = -10
const highest = 40
const parts = 8
const buckets = (highest - lowest) * parts

/** Quantiles are of between this time and twice of it. */
const windowMs = 150_000

// The exponent and the first three bits of the fraction are the number of the bucket: no logarithm is taken.
const float = new Float64Array(1)
const bits = new Uint32Array(float.buffer)
const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0

function bucketOf(value: number): number {
  float[0] = value
  const at = ((bits[high] ?? 0) >>> 17) - ((1023 + lowest) << 3)
  return at < 0 ? 0 : at >= buckets ? buckets - 1 : at
}

/** The middle of a bucket. */
function middleOf(bucket: number): number {
  const size = 2 ** (lowest + Math.floor(bucket / parts))
  return size * (1 + ((bucket % parts) + 0.5) / parts)
}

export class Histogram {
  count = 0
  sum = 0
  max = 0
  #current = new Uint32Array(buckets)
  #before = new Uint32Array(buckets)
  #sinceMs: number

  constructor(nowMs: number) {
    this.#sinceMs = nowMs
  }

  /** `value` >= 0; what is below counts as 0. `nowMs`: monotonic. */
  record(value: number, nowMs: number): void {
    const taken = value > 0 ? value : 0
    if (nowMs - this.#sinceMs >= windowMs) this.#turn(nowMs)
    this.count++
    this.sum += taken
    if (taken > this.max) this.max = taken
    const at = bucketOf(taken)
    this.#current[at] = (this.#current[at] ?? 0) + 1
  }

  read(nowMs: number): Distribution {
    if (nowMs - this.#sinceMs >= windowMs) this.#turn(nowMs)
    const { count, sum, max } = this
    const recent = this.#current.map((own, at) => own + (this.#before[at] ?? 0))
    return { count, sum, max, recent: recent.some(own => own > 0) ? recent : nothing }
  }

  #turn(nowMs: number): void {
    const old = this.#before
    this.#before = this.#current
    this.#current = old
    this.#current.fill(0)
    if (nowMs - this.#sinceMs >= 2 * windowMs) this.#before.fill(0)
    this.#sinceMs = nowMs
  }
}

const nothing = new Uint32Array(0)

export const emptyDistribution: Distribution = { count: 0, sum: 0, max: 0, recent: nothing }

export function mergeDistributions(all: readonly Distribution[]): Distribution {
  const [first = emptyDistribution] = all
  if (all.length <= 1) return first
  const recent = new Uint32Array(buckets)
  let [count, sum, max] = [0, 0, 0]
  for (const each of all) {
    count += each.count
    sum += each.sum
    max = Math.max(max, each.max)
    each.recent.forEach((own, at) => {
      recent[at] = (recent[at] ?? 0) + own
    })
  }
  return { count, sum, max, recent }
}

/** `share` 0 .. 1; NaN when nothing was recorded in the last minutes. Within 7 %, and never above the maximum. */
export function quantile({ recent, max }: Distribution, share: number): number {
  const total = recent.reduce((sum, own) => sum + own, 0)
  if (total === 0) return Number.NaN
  const wanted = Math.max(1, Math.ceil(total * share))
  let seen = 0
  for (let at = 0; at < recent.length; at++) {
    seen += recent[at] ?? 0
    if (seen >= wanted) return at === 0 ? 0 : Math.min(middleOf(at), max)
  }
  return max
}

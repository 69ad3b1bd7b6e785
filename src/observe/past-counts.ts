// Rates and shares from counts that only grow: what was counted is kept for half a minute, so that a look is compared with
// the oldest of them, however many look and however often.

/** `lately`: over about the last five seconds. */
export type PerSecond = (name: string, lately?: boolean) => number | null

interface Sample {
  readonly atMs: number
  readonly counts: ReadonlyMap<string, number>
}

const keptMs = 30_000
/** What is asked about lately is compared with the oldest look of that time. */
const latelyMs = 5000
/** Looks that come closer together than that share one sample. */
const apartMs = 1000

export class PastCounts {
  #samples: Sample[] = []

  /** Takes `counts` in; what each has grown by a second since the oldest look that is kept, null where there is none. */
  perSecond(atMs: number, counts: ReadonlyMap<string, number>): PerSecond {
    this.#samples = this.#samples.filter(sample => atMs - sample.atMs <= keptMs)
    const [eldest] = this.#samples
    const recent = this.#samples.find(sample => atMs - sample.atMs <= latelyMs)
    const newest = this.#samples.at(-1)
    if (newest === undefined || atMs - newest.atMs >= apartMs) this.#samples.push({ atMs, counts })
    return (name, lately = false) => {
      const oldest = lately ? recent : eldest
      const [now, before] = [counts.get(name), oldest?.counts.get(name)]
      if (oldest === undefined || now === undefined || before === undefined || atMs <= oldest.atMs)
        return null
      return Math.max(0, now - before) / ((atMs - oldest.atMs) / 1000)
    }
  }
}

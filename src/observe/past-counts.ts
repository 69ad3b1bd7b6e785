// Rates and shares from counts that only grow: what was counted is kept for half a minute, so that a look is compared with
// the oldest of them, however many look and however often.

interface Sample {
  readonly atMs: number
  readonly counts: ReadonlyMap<string, number>
}

const keptMs = 30_000
/** Looks that come closer together than that share one sample. */
const apartMs = 1000

export class PastCounts {
  #samples: Sample[] = []

  /** Takes `counts` in; what each has grown by a second since the oldest look that is kept, null where there is none. */
  perSecond(atMs: number, counts: ReadonlyMap<string, number>): (name: string) => number | null {
    this.#samples = this.#samples.filter(sample => atMs - sample.atMs <= keptMs)
    const [oldest] = this.#samples
    const newest = this.#samples.at(-1)
    if (newest === undefined || atMs - newest.atMs >= apartMs) this.#samples.push({ atMs, counts })
    return name => {
      const [now, before] = [counts.get(name), oldest?.counts.get(name)]
      if (oldest === undefined || now === undefined || before === undefined || atMs <= oldest.atMs)
        return null
      return Math.max(0, now - before) / ((atMs - oldest.atMs) / 1000)
    }
  }
}

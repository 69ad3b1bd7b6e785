// Commits that are in the log and not answered yet: with log.flush.acks they wait for the disk. What removes offsets has to
// know of them, since its tombstones come behind them in the log.
import type { OffsetKey } from './committed-offsets.js'

interface Waiting {
  readonly key: OffsetKey
  /** Several commits of one partition may wait together. */
  count: number
}

const nameOf = ({ topic, partition }: OffsetKey): string => `${topic}-${partition}`

export class CommitsInFlight {
  readonly #groups = new Map<string, Map<string, Waiting>>()

  begin(keys: readonly OffsetKey[]): void {
    for (const key of keys) {
      const group = this.#groups.get(key.group) ?? new Map<string, Waiting>()
      this.#groups.set(key.group, group)
      const waiting = group.get(nameOf(key))
      if (waiting === undefined) group.set(nameOf(key), { key, count: 1 })
      else waiting.count++
    }
  }

  end(keys: readonly OffsetKey[]): void {
    for (const key of keys) {
      const group = this.#groups.get(key.group)
      const waiting = group?.get(nameOf(key))
      if (group === undefined || waiting === undefined || --waiting.count > 0) continue
      group.delete(nameOf(key))
      if (group.size === 0) this.#groups.delete(key.group)
    }
  }

  has(key: OffsetKey): boolean {
    return this.#groups.get(key.group)?.has(nameOf(key)) === true
  }

  ofGroup(group: string): OffsetKey[] {
    return [...(this.#groups.get(group)?.values() ?? [])].map(({ key }) => key)
  }

  groupIds(): Iterable<string> {
    return this.#groups.keys()
  }
}

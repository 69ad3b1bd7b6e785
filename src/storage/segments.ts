// The segments of one log in the order of their base offsets; the last one is written to.
import { required } from '../errors.js'
import type { Segment } from './segment.js'

/** Old segments that may keep their descriptor open, per log. */
const openOldSegments = 2

export class Segments {
  #list: Segment[]
  /** Of all but the active one; asked for at every append. */
  #oldBytes: number | undefined

  constructor(list: Segment[]) {
    this.#list = list
  }

  get all(): readonly Segment[] {
    return this.#list
  }

  get count(): number {
    return this.#list.length
  }

  get first(): Segment {
    return required(this.#list[0], 'a log has a segment')
  }

  get active(): Segment {
    return required(this.#list[this.#list.length - 1], 'a log has a segment')
  }

  get sizeBytes(): number {
    this.#oldBytes ??= this.#list.slice(0, -1).reduce((bytes, segment) => bytes + segment.size, 0)
    return this.#oldBytes + (this.#list.length === 0 ? 0 : this.active.size)
  }

  /** Index of the segment with the greatest base that is not above; -1: all are above. */
  floorIndex(offset: number): number {
    let low = 0
    let high = this.#list.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const segment = this.#list[middle]
      if (segment !== undefined && segment.baseOffset <= offset) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  at(i: number): Segment | undefined {
    return this.#list[i]
  }

  /** Offset at which the segment ends; undefined: it is the active one. */
  endOf(i: number): number | undefined {
    return this.#list[i + 1]?.baseOffset
  }

  push(segment: Segment): void {
    this.#list.push(segment)
    this.#oldBytes = undefined
  }

  /** Takes out those for which it holds. */
  extract(holds: (segment: Segment) => boolean): Segment[] {
    const taken = this.#list.filter(holds)
    if (taken.length > 0) this.#list = this.#list.filter(segment => !taken.includes(segment))
    this.#oldBytes = undefined
    return taken
  }

  /** After a read of an old segment: not more than a few of them stay open. */
  closeOldFiles(inUse: Segment): void {
    let kept = 0
    for (let i = this.#list.length - 2; i >= 0; i--) {
      const segment = this.#list[i]
      if (segment === undefined || segment === inUse || !segment.isOpen) continue
      kept++
      if (kept >= openOldSegments) segment.closeIdleFile()
    }
  }
}

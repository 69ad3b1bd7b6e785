// A Processor's connections: by number, by id, and in the order in which they were last used.
import { Bug } from '../../errors.js'
import type { Channel } from './channel.js'

export class Selector {
  readonly #byNumber = new Map<number, Channel>()
  readonly #ids = new Set<string>()
  #oldest: Channel | undefined
  #newest: Channel | undefined

  get size(): number {
    return this.#byNumber.size
  }

  /** The least recently used one. */
  get oldest(): Channel | undefined {
    return this.#oldest
  }

  get(number: number): Channel | undefined {
    return this.#byNumber.get(number)
  }

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  all(): Channel[] {
    return [...this.#byNumber.values()]
  }

  /** Closing channels keep their number and their id until they are forgotten. */
  add(channel: Channel): void {
    if (this.#byNumber.has(channel.number) || this.#ids.has(channel.id))
      throw new Bug(`connection ${channel.id} exists already`)
    this.#byNumber.set(channel.number, channel)
    this.#ids.add(channel.id)
    this.#append(channel)
  }

  remove(channel: Channel): boolean {
    if (!this.#byNumber.delete(channel.number)) return false
    this.#ids.delete(channel.id)
    this.#unlink(channel)
    return true
  }

  touch(channel: Channel, nowMs: number): void {
    channel.lastActiveMs = nowMs
    if (this.#newest === channel || !this.#byNumber.has(channel.number)) return
    this.#unlink(channel)
    this.#append(channel)
  }

  /** Whom to close first when there are too many: a closing one, else the least recently used. */
  lowestPriority(): Channel | undefined {
    for (const channel of this.#byNumber.values()) if (channel.isClosing) return channel
    return this.#oldest
  }

  #append(channel: Channel): void {
    channel.older = this.#newest
    channel.newer = undefined
    if (this.#newest === undefined) this.#oldest = channel
    else this.#newest.newer = channel
    this.#newest = channel
  }

  #unlink(channel: Channel): void {
    const { older, newer } = channel
    if (older === undefined) this.#oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
    channel.older = undefined
    channel.newer = undefined
  }
}

// How many connections there may be, and how fast they may come: per address, per listener, in total. It lives with the
// Acceptors on the main thread; Processors report what ended. Order and effects are those of Kafka 3.9.
import { Bug, required } from '../../errors.js'
import { ConnectionCount } from './connection-count.js'
import type { ListenerOptions, QuotaOptions } from './network-options.js'
import { RateWindow } from './rate-window.js'

export type Admission =
  | { readonly kind: 'admitted' }
  /** The listener may not accept until a slot is free; `slotFreed` says so. */
  | { readonly kind: 'noSlot' }
  /** Too many from this address; close the connection at once. */
  | { readonly kind: 'tooManyFromAddress'; readonly limit: number }
  /** Too fast from this address; close the connection after that time. */
  | { readonly kind: 'tooFastFromAddress'; readonly closeAfterMs: number }

interface ListenerQuota {
  readonly count: ConnectionCount
  readonly rate: RateWindow
}

/** Limits of single addresses, with host names already looked up. */
export type LimitOf = (address: string) => number

export class ConnectionQuotas {
  readonly #options: QuotaOptions
  readonly #limitOf: LimitOf
  readonly #listeners = new Map<string, ListenerQuota>()
  readonly #byAddress = new Map<string, ConnectionCount>()
  readonly #addressRates = new Map<string, RateWindow>()
  /** Addresses with a rate of their own; the others have the default. */
  readonly #ownAddressRates = new Set<string>()
  readonly #brokerRate: RateWindow
  #defaultAddressRate = Number.POSITIVE_INFINITY
  readonly #total: ConnectionCount
  /** Told when a listener that waits for a slot may look again. */
  onSlotFreed: () => void = () => {}

  constructor(options: QuotaOptions, listeners: readonly ListenerOptions[], limitOf: LimitOf) {
    this.#options = options
    this.#limitOf = limitOf
    this.#brokerRate = new RateWindow(options.maxConnectionRate)
    const onSlot = (): void => this.onSlotFreed()
    this.#total = new ConnectionCount('broker', options.maxConnections, onSlot)
    for (const { name, maxConnections, maxConnectionRate } of listeners) {
      this.#listeners.set(name, {
        count: new ConnectionCount(`listener.${name}`, maxConnections, onSlot),
        rate: new RateWindow(maxConnectionRate)
      })
    }
  }

  get total(): number {
    return this.#total.connections
  }

  /** Connections above max.connections: as many as Processors of other listeners than the protected one are to close. */
  get excess(): number {
    return this.#total.excess
  }

  ofListener(name: string): number {
    return this.#listener(name).count.connections
  }

  ofAddress(address: string): number {
    return this.#byAddress.get(address)?.connections ?? 0
  }

  isProtected(listener: string): boolean {
    return this.#listeners.size > 1 && listener === this.#options.protectedListener
  }

  /** Other limits for the same listeners. Connections that are there stay; who waits for a slot may look again. */
  relimit(options: QuotaOptions, listeners: readonly ListenerOptions[]): void {
    this.#brokerRate.limit = options.maxConnectionRate
    for (const { name, maxConnections, maxConnectionRate } of listeners) {
      const { count, rate } = this.#listener(name)
      rate.limit = maxConnectionRate
      count.limit = maxConnections
    }
    this.#total.limit = options.maxConnections
  }

  /** connection_creation_rate of an address, or with undefined of all that have none of their own. */
  setAddressRate(address: string | undefined, perSecond: number): void {
    if (address !== undefined) {
      const rate = this.#addressRates.get(address) ?? new RateWindow(perSecond)
      rate.limit = perSecond
      this.#addressRates.set(address, rate)
      this.#ownAddressRates.add(address)
      return
    }
    this.#defaultAddressRate = perSecond
    for (const [known, rate] of this.#addressRates) {
      if (!this.#ownAddressRates.has(known)) rate.limit = perSecond
    }
  }

  /** The first look at a new connection: recorded in the rates; milliseconds that its Acceptor has to wait. */
  arrive(listener: string, nowMs: number): number {
    const { rate } = this.#listener(listener)
    rate.record(nowMs)
    this.#brokerRate.record(nowMs)
    const ofBroker = this.isProtected(listener) ? 0 : this.#brokerRate.throttleMs(nowMs)
    return Math.max(rate.throttleMs(nowMs), ofBroker)
  }

  /** After that wait. Only 'admitted' is counted. */
  admit(listener: string, address: string, nowMs: number): Admission {
    if (!this.#hasSlot(listener)) return { kind: 'noSlot' }
    const ofListener = this.#listener(listener)
    const rate = this.#rateOf(address)
    if (rate !== undefined) {
      rate.record(nowMs)
      const closeAfterMs = rate.throttleMs(nowMs)
      if (closeAfterMs > 0) {
        rate.unrecord()
        ofListener.rate.unrecord()
        this.#brokerRate.unrecord()
        return { kind: 'tooFastFromAddress', closeAfterMs }
      }
    }
    const limit = this.#limitOf(address)
    const ofAddress = this.#byAddress.get(address) ?? new ConnectionCount(`address.${address}`, limit)
    ofAddress.limit = limit
    if (ofAddress.isAtLimit) return { kind: 'tooManyFromAddress', limit }
    this.#byAddress.set(address, ofAddress)
    for (const count of [ofAddress, ofListener.count, this.#total]) count.opened()
    return { kind: 'admitted' }
  }

  /** A connection that was admitted has ended. */
  closed(listener: string, address: string): void {
    const ofAddress = this.#byAddress.get(address)
    if (ofAddress === undefined) throw new Bug(`a connection of ${address} ended that was never counted`)
    ofAddress.closed()
    if (ofAddress.connections === 0) this.#byAddress.delete(address)
    // In this order: who hears of the listener's slot and takes it must not find the old one in the total.
    this.#total.closed()
    this.#listener(listener).count.closed()
  }

  #hasSlot(listener: string): boolean {
    if (this.#listener(listener).count.isAtLimit) return false
    return this.isProtected(listener) || !this.#total.isAtLimit
  }

  #listener(name: string): ListenerQuota {
    return required(this.#listeners.get(name), `no connections are counted for a listener ${name}`)
  }

  #rateOf(address: string): RateWindow | undefined {
    const known = this.#addressRates.get(address)
    if (known !== undefined || this.#defaultAddressRate === Number.POSITIVE_INFINITY) return known
    const rate = new RateWindow(this.#defaultAddressRate)
    this.#addressRates.set(address, rate)
    return rate
  }
}

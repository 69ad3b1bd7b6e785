// A queue in front of an actor: named, bounded, listed. It refuses when full; the sender has a state for that.
import { invariant } from '../../errors.js'

export interface MailboxGauge {
  readonly name: string
  /** Infinity for the few that Kafka's model leaves unbounded. */
  readonly capacity: number
  readonly depth: number
  /** Why an unbounded one is harmless. */
  readonly unboundedBecause: string | undefined
  /** Messages ever taken out; undefined where nobody counts. */
  readonly passed?: number | undefined
}

export interface MailboxOptions {
  /** Required when the capacity is Infinity: what bounds the queue all the same. */
  readonly unboundedBecause?: string
  /** Called when a message arrives in an empty mailbox. */
  readonly onNonEmpty?: () => void
  /** Called when a full mailbox has room again. */
  readonly onDrained?: () => void
}

const registry = new Set<MailboxGauge>()

/** Every open mailbox of this thread. */
export function mailboxes(): readonly MailboxGauge[] {
  return [...registry]
}

/** Lists a queue that is not a Mailbox, such as a ring, among the mailboxes. The result takes it off the list. */
export function listMailbox(gauge: MailboxGauge): () => void {
  registry.add(gauge)
  return () => void registry.delete(gauge)
}

const firstSlots = 16

export class Mailbox<Message> implements MailboxGauge {
  readonly name: string
  readonly capacity: number
  readonly unboundedBecause: string | undefined
  onNonEmpty: () => void
  onDrained: () => void
  #slots: Array<Message | undefined>
  #head = 0
  #depth = 0
  #passed = 0

  constructor(name: string, capacity: number, options: MailboxOptions = {}) {
    invariant(capacity >= 1, `${name}: a mailbox holds at least one message`)
    invariant(
      Number.isSafeInteger(capacity) || options.unboundedBecause !== undefined,
      `${name}: an unbounded mailbox needs a reason`
    )
    this.name = name
    this.capacity = capacity
    this.unboundedBecause = options.unboundedBecause
    this.onNonEmpty = options.onNonEmpty ?? (() => {})
    this.onDrained = options.onDrained ?? (() => {})
    this.#slots = new Array<Message | undefined>(Math.min(capacity, firstSlots))
    registry.add(this)
  }

  get passed(): number {
    return this.#passed
  }

  get depth(): number {
    return this.#depth
  }

  offer(message: Message): 'accepted' | 'full' {
    if (this.#depth === this.capacity) return 'full'
    if (this.#depth === this.#slots.length) this.#grow()
    this.#slots[(this.#head + this.#depth) % this.#slots.length] = message
    this.#depth++
    if (this.#depth === 1) this.onNonEmpty()
    return 'accepted'
  }

  take(): Message | undefined {
    if (this.#depth === 0) return undefined
    const message = this.#slots[this.#head]
    this.#slots[this.#head] = undefined
    this.#head = (this.#head + 1) % this.#slots.length
    const wasFull = this.#depth === this.capacity
    this.#depth--
    this.#passed++
    if (wasFull) this.onDrained()
    return message
  }

  /** Drops what is queued and takes the mailbox off the list. */
  close(): Message[] {
    const left: Message[] = []
    for (let i = 0; i < this.#depth; i++) {
      const message = this.#slots[(this.#head + i) % this.#slots.length]
      if (message !== undefined) left.push(message)
    }
    this.#slots = new Array<Message | undefined>(1)
    this.#head = 0
    this.#depth = 0
    registry.delete(this)
    return left
  }

  #grow(): void {
    const { length } = this.#slots
    const wider = new Array<Message | undefined>(Math.min(length * 2, this.capacity))
    for (let i = 0; i < this.#depth; i++) wider[i] = this.#slots[(this.#head + i) % length]
    this.#slots = wider
    this.#head = 0
  }
}

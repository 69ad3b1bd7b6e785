// A Processor's new connections: from its bounded mailbox to open channels, at most twenty a turn.
import { Mailbox } from '../runtime/mailbox.js'
import { Channel, type ChannelOwner } from './channel.js'
import type { Completions } from './completions.js'
import { newContext } from './connection-context.js'
import type { ConnectionSteps } from './connection-steps.js'
import { Exchange } from './exchange.js'
import { type AcceptedConnection, discard, open, type SocketReader } from './hand-over.js'
import type { ProcessorSetup } from './processor-setup.js'
import type { Selector } from './selector.js'

const newConnectionsATurn = 20
const lastNumber = 2 ** 31 - 1

export interface IntakeSetup
  extends Pick<
    ProcessorSetup,
    'id' | 'listener' | 'clock' | 'logger' | 'reports' | 'newConnectionsCapacity'
  > {
  readonly owner: ChannelOwner
  readonly selector: Selector
  readonly completions: Completions
  readonly steps: ConnectionSteps
  onNonEmpty(): void
  /** A channel is open. */
  onOpened(): void
}

export class Intake {
  readonly newConnections: Mailbox<AcceptedConnection>
  readonly #setup: IntakeSetup
  #nextNumber = 0
  /** Connections that it has ever opened. */
  opened = 0

  constructor(setup: IntakeSetup) {
    this.#setup = setup
    const { id, newConnectionsCapacity } = setup
    this.newConnections = new Mailbox(`processor.${id}.newConnections`, newConnectionsCapacity, {
      onNonEmpty: () => setup.onNonEmpty()
    })
  }

  configureNew(): void {
    let taken = 0
    for (; taken < newConnectionsATurn; taken++) {
      const connection = this.newConnections.take()
      if (connection === undefined) break
      this.#register(connection)
    }
    if (taken > 0) this.#setup.reports.taken(taken)
  }

  /** Those that were not configured are closed and taken off the quotas. */
  close(): void {
    for (const connection of this.newConnections.close()) this.#discard(connection)
  }

  #register(connection: AcceptedConnection): void {
    const { listener, clock, logger, owner, selector, completions, onOpened } = this.#setup
    const index = this.#nextNumber
    this.#nextNumber = index === lastNumber ? 0 : index + 1
    const context = newContext(connection, listener, index)
    const { id } = context.info
    try {
      if (selector.has(id) || selector.get(index) !== undefined || completions.isOrphan(index))
        throw new Error('there is one like it already')
      const exchange = new Exchange(index, id, completions)
      const channel = new Channel(exchange, context, connection.remoteHost, owner)
      channel.attach(open(connection, this.#readerOf(channel)))
      channel.lastActiveMs = clock.monotonicMs()
      channel.acceptedMs = connection.acceptedMs
      selector.add(channel)
      this.opened++
      onOpened()
    } catch (error) {
      logger.error(`${id} could not be opened`, error)
      this.#discard(connection)
    }
  }

  #discard(connection: AcceptedConnection): void {
    discard(connection)
    this.#setup.reports.closed(connection.remoteHost, false)
  }

  #readerOf(channel: Channel): SocketReader {
    const { clock, selector, steps } = this.#setup
    return {
      nextBuffer: () => channel.nextBuffer(),
      onBytes: (count, bytes) => {
        selector.touch(channel, clock.monotonicMs())
        // Nobody stands above a socket's callback: what is thrown here would end the process.
        try {
          return channel.onBytes(count, bytes)
        } catch (error) {
          steps.failed(channel, error)
          return false
        }
      },
      onData: bytes => {
        selector.touch(channel, clock.monotonicMs())
        steps.guarded(channel, () => channel.onData(bytes))
      }
    }
  }
}

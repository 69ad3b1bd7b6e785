// Steps of a connection's machines that several calls of the turn take. Whatever goes wrong with one connection ends that
// connection and no other.
import type { Logger } from '../runtime/log.js'
import type { Channel } from './channel.js'
import type { MuteEvent } from './channel-mute.machine.js'

export class ConnectionSteps {
  readonly #logger: Logger

  constructor(logger: Logger) {
    this.#logger = logger
  }

  muteOrClose(channel: Channel, event: MuteEvent['type']): void {
    if (channel.mute(event) === 'illegal') this.close(channel, `${event} while ${channel.muteState}`)
  }

  /** Reads on, when neither an answer nor the end of a penalty is awaited. */
  tryUnmute(channel: Channel): void {
    if (!channel.isOver) channel.mute('tryUnmute')
  }

  close(channel: Channel, reason: string): void {
    if (channel.isOver) return
    this.#logger.info(`closing ${channel.id}: ${reason}`)
    channel.live('close')
  }

  guarded(channel: Channel, work: () => void): void {
    try {
      work()
    } catch (error) {
      this.failed(channel, error)
    }
  }

  failed(channel: Channel, error: unknown): void {
    this.#logger.error(`closing ${channel.id}`, error)
    channel.live('close')
  }
}

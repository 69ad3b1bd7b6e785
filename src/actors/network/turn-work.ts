// What a Processor's turn finds to do: one list of channels for each of its calls.
import type { Channel } from './channel.js'

const none: readonly Channel[] = []

export class ChannelList {
  #channels: Channel[] = []

  get isEmpty(): boolean {
    return this.#channels.length === 0
  }

  push(channel: Channel): void {
    this.#channels.push(channel)
  }

  /** What is there; what comes while it is dealt with is taken the next time. */
  take(): readonly Channel[] {
    if (this.#channels.length === 0) return none
    const taken = this.#channels
    this.#channels = []
    return taken
  }
}

export class TurnWork {
  /** May read on: unmuted, or their memory came back, or what a peer that is gone has left. */
  readonly ready = new ChannelList()
  /** A frame is whole, or unreadable. */
  readonly received = new ChannelList()
  /** The kernel has all of the response. */
  readonly sent = new ChannelList()
  /** The peer ended or failed: is anything outstanding? */
  readonly departed = new ChannelList()

  get any(): boolean {
    return !(this.ready.isEmpty && this.received.isEmpty && this.sent.isEmpty && this.departed.isEmpty)
  }
}

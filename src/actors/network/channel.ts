// One connection in its Processor: socket, request being read, response being written, and the machines that say what may
// happen next. It decides nothing: events come from the Processor's turn and from the socket, deeds follow the tables.
import { Bug } from '../../errors.js'
import { type ChannelEvent, channelMachine } from './channel.machine.js'
import { channelMuteMachine, type MuteEvent } from './channel-mute.machine.js'
import type { ConnectionContext } from './connection-context.js'
import type { Exchange } from './exchange.js'
import { stepsOf } from './machine-table.js'
import { Receive, type ReceiveLimits } from './receive.js'
import { Send } from './send.js'
import type { ConnectionSocket } from './sockets.js'

const life = stepsOf<ChannelEvent['type']>(channelMachine)
const mute = stepsOf<MuteEvent['type']>(channelMuteMachine)
const open = life.state('open')
const halfClosed = life.state('halfClosed')
const closing = life.state('closing')
const notMuted = mute.state('notMuted')

/** Frames from here on are read into their block directly, behind a short first read. */
const largeFrame = 16 * 1024
const shortRead = 4096

/** What the Processor does for its channels. */
export interface ChannelOwner extends ReceiveLimits {
  readonly scratch: Buffer
  /** Bytes to keep free behind each frame. */
  readonly tailOf: (channel: Channel) => number
  /** Whether sockets may be read now; when not, the Processor resumes them later. */
  readonly reads: boolean
  /** A frame is whole, or unreadable, or waits for memory: look at `receive.state`. */
  onReceive(channel: Channel): void
  /** It is half closed or closing now: is anything outstanding? */
  onPeerGone(channel: Channel): void
  /** It may read on, in this turn. */
  onUnmuted(channel: Channel): void
  /** It would read on, but `reads` is false. */
  onHeldBack(channel: Channel): void
  onFlushed(channel: Channel): void
  /** Once, when it is over. */
  onForgotten(channel: Channel): void
}

export class Channel {
  readonly receive: Receive
  readonly #owner: ChannelOwner
  #socket: ConnectionSocket | undefined
  #send: Send | undefined
  #life = life.initial
  #mute = mute.initial
  /** Bytes behind a complete frame, read before the channel was muted. */
  #leftover: Buffer | undefined
  #reading: 'on' | 'paused' = 'on'
  #lastFrameBytes = 0
  lastActiveMs = 0
  /** Monotonic ms at which it was accepted. */
  acceptedMs = 0
  /** As its newest request says; undefined before the first one. */
  clientId: string | null | undefined
  // Its place in the order of use; the Selector's.
  older: Channel | undefined
  newer: Channel | undefined

  constructor(
    /** Its request in flight. */
    readonly exchange: Exchange,
    public context: ConnectionContext,
    readonly remoteHost: string,
    owner: ChannelOwner
  ) {
    this.#owner = owner
    this.receive = new Receive(owner)
  }

  get number(): number {
    return this.exchange.connectionNumber
  }

  get id(): string {
    return this.context.info.id
  }

  get state(): string {
    return life.name(this.#life)
  }

  get muteState(): string {
    return mute.name(this.#mute)
  }

  get isOpen(): boolean {
    return this.#life === open
  }

  get isClosing(): boolean {
    return this.#life === closing
  }

  /** In a final state: forgotten. */
  get isOver(): boolean {
    return this.#life !== open && this.#life !== halfClosed && this.#life !== closing
  }

  get canBeWritten(): boolean {
    return this.#life === open || this.#life === halfClosed
  }

  get isMuted(): boolean {
    return this.#mute !== notMuted
  }

  /** Whether a request is whole among what was read before. */
  get hasWholeFrame(): boolean {
    const leftover = this.#leftover
    const { state, size } = this.receive
    if (state === 'complete') return true
    if (leftover === undefined) return false
    if (state === 'noMemory') return leftover.length >= size
    return leftover.length >= 4 && leftover.length - 4 >= leftover.readInt32BE(0)
  }

  get sentBytes(): number {
    return this.#send?.bytes ?? 0
  }

  /** Its socket, which reads through `nextBuffer` and `onBytes`. */
  attach(socket: ConnectionSocket): void {
    this.#socket = socket
    this.#send = new Send(socket, () => this.#owner.onFlushed(this))
    socket.on('end', () => this.#peerGone('peerEnded'))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.syscall === 'write' || error.syscall === 'writev') this.live('writeFailed')
      else this.#peerGone('peerFailed')
    })
    socket.on('close', () => this.#peerGone('peerFailed'))
  }

  /** Where the next bytes are to land; asked for before they come, so an idle connection is given the scratch buffer. */
  nextBuffer(): Buffer {
    const direct = this.#leftover === undefined ? this.receive.missing : undefined
    if (direct !== undefined) return direct
    const { scratch } = this.#owner
    return this.#lastFrameBytes >= largeFrame ? scratch.subarray(0, shortRead) : scratch
  }

  /** False: do not read on. The bytes are taken or copied when this returns. */
  onBytes(count: number, bytes: Buffer): boolean {
    if (this.#life !== open) return false
    if (bytes.buffer === this.#owner.scratch.buffer) return this.#arrived(bytes, count)
    this.receive.landed(count)
    if (this.receive.state === 'complete') this.#owner.onReceive(this)
    return this.#owner.reads || this.#holdBack()
  }

  /** For sockets that bring buffers of their own. */
  onData(bytes: Buffer): void {
    if (this.#life !== open || this.#arrived(bytes, bytes.length)) return
    this.#socket?.pause()
  }

  #arrived(bytes: Buffer, count: number): boolean {
    const { receive } = this
    if (this.#mute !== notMuted || this.#leftover !== undefined || isSettled(receive.state)) {
      this.#keep(bytes, 0, count)
      return this.#pause()
    }
    const end = receive.take(bytes, 0, count, this.#owner.tailOf(this))
    if (isSettled(receive.state)) {
      if (end < count) this.#keep(bytes, end, count)
      this.#owner.onReceive(this)
    }
    if (this.#leftover !== undefined || receive.state === 'noMemory' || receive.state === 'invalid')
      return this.#pause()
    return this.#owner.reads || this.#holdBack()
  }

  /**
   * Goes on with bytes that were read before, then with the socket. Only while not muted. True: a frame is whole,
   * unreadable or without memory now.
   */
  advance(): boolean {
    const { receive } = this
    if (this.isOver) return false
    if (receive.state === 'complete' || receive.state === 'invalid') return true
    const leftover = this.#leftover
    if (leftover !== undefined || receive.state === 'noMemory') {
      const bytes = leftover ?? nothing
      const end = receive.take(bytes, 0, bytes.length, this.#owner.tailOf(this))
      this.#leftover = end < bytes.length ? bytes.subarray(end) : undefined
      if (isSettled(receive.state)) return true
    }
    this.resume()
    return false
  }

  /** Lets the socket read again, when nothing stands in front of it; where only the Processor does, it will. */
  resume(): void {
    if (this.#reading === 'on' || this.#leftover !== undefined) return
    if (this.#life !== open || this.receive.state === 'noMemory') return
    if (!this.#owner.reads) {
      this.#owner.onHeldBack(this)
      return
    }
    this.#reading = 'on'
    this.#socket?.resume()
  }

  /** Takes the whole frame out of the channel; its successor may be read once the channel is no longer muted. */
  takeFrame(): { block: NonNullable<ReturnType<Receive['finish']>>; bytes: number } | undefined {
    const bytes = this.receive.size
    const block = this.receive.finish()
    if (block === undefined) return undefined
    this.#lastFrameBytes = bytes
    return { block, bytes }
  }

  /** Only while it `canBeWritten`. */
  write(chunks: readonly Buffer[], taken?: () => void): 'flushed' | 'pending' {
    if (this.#send === undefined || this.#send.busy) throw new Bug(`${this.id} writes a response already`)
    return this.#send.write(chunks, taken)
  }

  /** 'illegal': the event has no place in this state. */
  mute(event: MuteEvent['type']): 'done' | 'illegal' {
    const { to, actions, isIllegal } = mute.take(this, this.#mute, event)
    if (isIllegal) return 'illegal'
    this.#mute = to
    if (actions[0] === 'startReading') this.#owner.onUnmuted(this)
    return 'done'
  }

  live(event: ChannelEvent['type']): void {
    const { to, actions } = life.take(this, this.#life, event)
    this.#life = to
    for (const action of actions) this.#perform(action)
  }

  #perform(action: string): void {
    if (action === 'destroySocket') this.#socket?.destroy()
    else if (action === 'dropReceives') {
      this.receive.drop()
      this.#leftover = undefined
    } else if (action === 'forget') this.#owner.onForgotten(this)
  }

  #peerGone(event: 'peerEnded' | 'peerFailed'): void {
    const before = this.#life
    this.live(event)
    if (this.#life !== before) this.#owner.onPeerGone(this)
  }

  #holdBack(): false {
    this.#owner.onHeldBack(this)
    return this.#pause()
  }

  #pause(): false {
    this.#reading = 'paused'
    return false
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    const part = Buffer.from(bytes.subarray(from, to))
    this.#leftover = this.#leftover === undefined ? part : Buffer.concat([this.#leftover, part])
  }
}

const nothing = Buffer.alloc(0)
const isSettled = (state: Receive['state']): boolean =>
  state === 'complete' || state === 'invalid' || state === 'noMemory'

// A Processor: its share of the connections, and the turn that moves them. Sockets only note what they have read; the
// turn, seven calls in Kafka's order, does the rest, and is repeated while there is work, for 5 ms at most.
import { readRequestHeader } from '../../protocol/header.js'
import { ProtocolError } from '../../protocol/protocol-error.js'
import { driveMachine, type MachineDriver } from '../runtime/actor.js'
import type { Arena } from '../runtime/arena.js'
import { Mailbox } from '../runtime/mailbox.js'
import { random } from '../runtime/randomness.js'
import { Channel, type ChannelOwner } from './channel.js'
import { withSoftware } from './client-software.js'
import { adoptStamps, Completions } from './completions.js'
import { newContext } from './connection-context.js'
import { type AcceptedConnection, discard, open, type SocketReader } from './hand-over.js'
import { IdleExpiry } from './idle-expiry.js'
import { MemoryWait } from './memory-wait.js'
import { processorMachine } from './processor.machine.js'
import type { ProcessorSetup } from './processor-setup.js'
import { ReceivedRequest } from './received-request.js'
import type { Response, StageStamps } from './request.js'
import type { ResponseInbox } from './request-channel.js'
import { Selector } from './selector.js'
import { budgetMs, TurnSchedule } from './turn-schedule.js'

export type { CompletedRequest } from './processor-setup.js'

interface QueuedResponse {
  readonly connectionNumber: number
  readonly response: Response
  readonly stamps: StageStamps
}

const newConnectionsATurn = 20
const scratchBytes = 64 * 1024
const lastNumber = 2 ** 31 - 1

export class Processor implements ChannelOwner, ResponseInbox {
  readonly processorId: number
  readonly maxBytes: number
  readonly scratch = Buffer.allocUnsafeSlow(scratchBytes)
  readonly newConnections: Mailbox<AcceptedConnection>
  readonly responses: Mailbox<QueuedResponse>
  readonly #setup: ProcessorSetup
  readonly #selector = new Selector()
  readonly #machine: MachineDriver<typeof processorMachine>
  #nextNumber = 0
  readonly #turns: TurnSchedule
  readonly #expiry: IdleExpiry
  readonly #memory: MemoryWait
  readonly #completions: Completions
  #toShed = 0
  #nowMs = 0
  // What the turn finds to do; each list is one of its calls.
  #ready: Channel[] = []
  #received: Channel[] = []
  #sent: Channel[] = []
  #departed: Channel[] = []
  #waitingForRoom: Channel[] = []
  #heldBack: Channel[] = []

  constructor(setup: ProcessorSetup) {
    const { id, listener } = setup
    this.processorId = id
    this.maxBytes = setup.options.maxRequestBytes
    this.#setup = setup
    const { clock, timers, arena } = setup
    this.#turns = new TurnSchedule(clock, () => this.#takeTurn())
    this.#expiry = new IdleExpiry({
      maxIdleMs: setup.options.maxIdleMs,
      selector: this.#selector,
      clock,
      timers,
      onDue: () => this.#turns.wake()
    })
    this.#memory = new MemoryWait(arena, channels => {
      this.#ready.push(...channels)
      this.#turns.wake()
    })
    this.#completions = new Completions(setup)
    const onNonEmpty = (): void => this.#turns.wake()
    this.newConnections = new Mailbox(`processor.${id}.newConnections`, setup.newConnectionsCapacity, {
      onNonEmpty
    })
    this.responses = new Mailbox(`processor.${id}.responses`, Number.POSITIVE_INFINITY, {
      unboundedBecause: 'a connection has one request in flight',
      onNonEmpty: () => this.#turns.wakeNow()
    })
    const perform = {
      openInboxes: () => setup.requests.addProcessor(this),
      pauseReading: () => {},
      resumeReading: () => this.#resumeReading(),
      closeConnections: () => this.#closeConnections(),
      closeInboxes: () => {
        setup.requests.removeProcessor(id)
        this.newConnections.close()
        this.responses.close()
      },
      reportStopped: () => setup.reports.stopped()
    }
    this.#machine = driveMachine(processorMachine, perform, { name: `processor.${id}.${listener}` })
    this.#machine.send({ type: 'start' })
  }

  get state(): string {
    return this.#machine.state
  }

  get connections(): number {
    return this.#selector.size
  }

  /** Channels of this Processor, for the inspector and tests. */
  get channels(): Channel[] {
    return this.#selector.all()
  }

  stop(): void {
    this.#machine.send({ type: 'stop' })
  }

  /** 'stopped': the connection is not taken, nor counted any more. */
  connect(connection: AcceptedConnection): 'accepted' | 'stopped' {
    if (this.#machine.is('draining') || this.#machine.is('stopped')) return 'stopped'
    return this.newConnections.offer(connection) === 'accepted' ? 'accepted' : 'stopped'
  }

  /** Closes one connection in a later turn: there are more than max.connections. */
  shedOne(): void {
    this.#toShed++
    this.#turns.wake()
  }

  // ---- what the request channel calls

  offer(connectionNumber: number, response: Response, stamps: StageStamps): void {
    this.responses.offer({ connectionNumber, response, stamps })
  }

  onSpace(): void {
    this.#turns.wake()
  }

  // ---- what channels call, mostly out of socket callbacks

  get reads(): boolean {
    return this.#waitingForRoom.length === 0
  }

  allocate(bytes: number): ReturnType<Arena['allocate']> {
    return this.#setup.arena.allocate(bytes)
  }

  readonly tailOf = (channel: Channel): number =>
    this.#setup.requests.contextTravels ? channel.context.encoded.length : 0

  onReceive(channel: Channel): void {
    if (channel.receive.state === 'noMemory') this.#memory.add(channel)
    else this.#received.push(channel)
    this.#turns.wake()
  }

  onPeerGone(channel: Channel): void {
    this.#departed.push(channel)
    this.#turns.wake()
  }

  onHeldBack(channel: Channel): void {
    this.#heldBack.push(channel)
  }

  onFlushed(channel: Channel): void {
    this.#sent.push(channel)
    this.#turns.wake()
  }

  onWriteFailed(channel: Channel): void {
    channel.live('writeFailed')
  }

  onForgotten(channel: Channel): void {
    if (!this.#selector.remove(channel)) return
    const request = channel.inFlight
    channel.inFlight = undefined
    if (request !== undefined) {
      if (channel.stage === 'handling') this.#completions.orphan(channel.number, request)
      else if (channel.stage === 'writing') this.#completions.complete(request, 0)
      else request.release()
    }
    channel.stage = 'idle'
    this.#setup.reports.closed(channel.remoteHost, channel.closedAsExcess)
    if (this.#selector.size === 0) this.#expiry.stop()
  }

  // ---- the turn

  /** True: work is left. */
  #takeTurn(): boolean {
    const { clock, requests } = this.#setup
    const startMs = clock.monotonicMs()
    this.#nowMs = startMs
    requests.beginTurn()
    do {
      this.#configureNewConnections()
      this.#processNewResponses()
      this.#poll()
      this.#processCompletedReceives()
      this.#processCompletedSends()
      this.#processDisconnected()
      this.#closeExcessConnections()
      this.#nowMs = clock.monotonicMs()
    } while (this.#hasWork() && this.#nowMs - startMs < budgetMs)
    return this.#hasWork()
  }

  #hasWork(): boolean {
    return (
      this.#ready.length > 0 ||
      this.#received.length > 0 ||
      this.#sent.length > 0 ||
      this.#departed.length > 0 ||
      this.responses.depth > 0 ||
      this.newConnections.depth > 0
    )
  }

  #configureNewConnections(): void {
    let taken = 0
    for (; taken < newConnectionsATurn; taken++) {
      const connection = this.newConnections.take()
      if (connection === undefined) break
      this.#register(connection)
    }
    if (taken > 0) this.#setup.reports.taken(taken)
  }

  #register(connection: AcceptedConnection): void {
    const { listener, clock, logger, reports } = this.#setup
    const index = this.#nextNumber
    this.#nextNumber = index === lastNumber ? 0 : index + 1
    const context = newContext(connection, listener, index)
    const { id } = context.info
    try {
      if (
        this.#selector.has(id) ||
        this.#selector.get(index) !== undefined ||
        this.#completions.isOrphan(index)
      )
        throw new Error('there is one like it already')
      const channel = new Channel(index, context, connection.remoteHost, this)
      channel.attach(open(connection, this.#readerOf(channel)))
      channel.lastActiveMs = clock.monotonicMs()
      this.#selector.add(channel)
      this.#expiry.watch()
    } catch (error) {
      logger.error(`${id} could not be opened`, error)
      discard(connection)
      reports.closed(connection.remoteHost, false)
    }
  }

  #readerOf(channel: Channel): SocketReader {
    const { clock } = this.#setup
    return {
      nextBuffer: () => channel.nextBuffer(),
      onBytes: (count, bytes) => {
        this.#selector.touch(channel, clock.monotonicMs())
        // Nobody stands above a socket's callback: what is thrown here would end the process.
        try {
          return channel.onBytes(count, bytes)
        } catch (error) {
          this.#failed(channel, error)
          return false
        }
      },
      onData: bytes => {
        this.#selector.touch(channel, clock.monotonicMs())
        this.#guarded(channel, () => channel.onData(bytes))
      }
    }
  }

  #processNewResponses(): void {
    for (let queued = this.responses.take(); queued !== undefined; queued = this.responses.take()) {
      const { connectionNumber, response, stamps } = queued
      const channel = this.#selector.get(connectionNumber)
      if (channel === undefined)
        this.#completions.answerOrphan(connectionNumber, response, stamps, this.#nowMs)
      else this.#guarded(channel, () => this.#processResponse(channel, response, stamps))
    }
  }

  #processResponse(channel: Channel, response: Response, stamps: StageStamps): void {
    if (response.kind === 'startThrottling') return void this.#muteOrClose(channel, 'throttleStarted')
    if (response.kind === 'endThrottling') {
      this.#muteOrClose(channel, 'throttleEnded')
      return void this.#tryUnmute(channel)
    }
    const request = channel.inFlight
    if (request === undefined || channel.stage !== 'handling')
      return void this.#close(channel, 'answered twice')
    adoptStamps(request.stamps, stamps, this.#nowMs)
    if (response.kind === 'closeConnection') {
      this.#answered(channel, request, 0)
      return void this.#close(channel, response.reason)
    }
    if (response.kind === 'noOp') {
      this.#answered(channel, request, 0)
      this.#muteOrClose(channel, 'responseSent')
      return void this.#tryUnmute(channel)
    }
    const written = channel.write(response.chunks)
    if (written === 'refused') return void channel.live('sendFailed')
    channel.stage = 'writing'
    this.#selector.touch(channel, this.#nowMs)
    if (written === 'flushed') this.#sent.push(channel)
  }

  /** Goes on where reading had stopped: unmuted channels, those whose memory came back, those whose peer is gone. */
  #poll(): void {
    this.#expireOldest()
    if (this.#ready.length === 0) return
    const ready = this.#ready
    this.#ready = []
    this.#memory.shuffleWhenShort(ready, this.#setup.random ?? random)
    for (const channel of ready) {
      if (!channel.isMuted && channel.receive.state !== 'complete')
        this.#guarded(channel, () => this.#readOn(channel))
    }
  }

  #readOn(channel: Channel): void {
    if (channel.advance()) this.onReceive(channel)
    else if (channel.isClosing) channel.live('drained')
    else if (channel.peer !== 'there') this.#departed.push(channel)
  }

  #processCompletedReceives(): void {
    this.#retryWaiting()
    if (this.#received.length === 0) return
    const received = this.#received
    this.#received = []
    for (const channel of received) {
      if (channel.isOpen || channel.isClosing) this.#guarded(channel, () => this.#processReceive(channel))
    }
  }

  #processReceive(channel: Channel): void {
    const { receive } = channel
    if (receive.state === 'invalid') return void this.#close(channel, `a request of ${receive.size} bytes`)
    const frame = channel.takeFrame()
    if (frame === undefined) return
    const bytes = frame.block.view.subarray(0, frame.bytes)
    const header = readRequestHeader(bytes)
    if (header instanceof ProtocolError) {
      frame.block.release()
      return void this.#close(channel, header.reason)
    }
    const { context } = channel
    channel.inFlight = new ReceivedRequest(
      { processorId: this.processorId, connectionNumber: channel.number, context },
      header,
      frame.block,
      frame.bytes,
      this.#nowMs
    )
    channel.context = withSoftware(context, header, bytes)
    channel.mute('mute')
    channel.stage = 'waitingForRoom'
    if (this.#waitingForRoom.length > 0 || !this.#enqueue(channel)) {
      this.#waitingForRoom.push(channel)
      if (this.#machine.is('running')) this.#machine.send({ type: 'queueFull' })
    }
  }

  #enqueue(channel: Channel): boolean {
    const request = channel.inFlight
    if (request === undefined || this.#setup.requests.sendRequest(request) === 'full') return false
    channel.stage = 'handling'
    this.#muteOrClose(channel, 'requestReceived')
    return true
  }

  #retryWaiting(): void {
    const waiting = this.#waitingForRoom
    if (waiting.length === 0) return
    let moved = 0
    for (const channel of waiting) {
      if (channel.stage === 'waitingForRoom' && !this.#enqueue(channel)) break
      moved++
    }
    waiting.splice(0, moved)
    if (waiting.length === 0 && this.#machine.is('backpressured')) {
      this.#machine.send({ type: 'queueHasRoom' })
    }
  }

  #processCompletedSends(): void {
    if (this.#sent.length === 0) return
    const sent = this.#sent
    this.#sent = []
    for (const channel of sent) {
      const request = channel.inFlight
      if (request === undefined || channel.stage !== 'writing') continue
      this.#selector.touch(channel, this.#nowMs)
      this.#answered(channel, request, channel.sentBytes)
      this.#muteOrClose(channel, 'responseSent')
      this.#tryUnmute(channel)
    }
  }

  #processDisconnected(): void {
    if (this.#departed.length === 0) return
    const departed = this.#departed
    this.#departed = []
    for (const channel of departed) this.#depart(channel)
  }

  #depart(channel: Channel): void {
    if (!channel.isOpen) return
    const hasReceives = channel.stage !== 'idle' || channel.hasWholeFrame
    if (channel.peer === 'ended') {
      // What the peer still waits for is answered first; the end is looked at again when the channel is unmuted.
      if (!hasReceives) channel.live('peerGone')
      else if (!channel.isMuted && channel.receive.state !== 'complete') this.#ready.push(channel)
      return
    }
    if (channel.stage === 'writing') return void channel.live('writeFailed')
    channel.live(hasReceives ? 'peerGoneWithReceives' : 'peerGone')
    if (channel.isClosing && !channel.isMuted) this.#ready.push(channel)
  }

  /** One a turn. */
  #closeExcessConnections(): void {
    if (this.#toShed === 0) return
    this.#toShed--
    const channel = this.#selector.lowestPriority()
    if (channel === undefined) this.#setup.reports.nothingToClose()
    else {
      channel.closedAsExcess = true
      this.#close(channel, 'there are more connections than max.connections')
    }
    if (this.#toShed > 0) this.#turns.wakeLater()
  }

  // ---- parts of it

  #answered(channel: Channel, request: ReceivedRequest, bytes: number): void {
    channel.inFlight = undefined
    channel.stage = 'idle'
    this.#completions.complete(request, bytes)
  }

  #muteOrClose(channel: Channel, event: Parameters<Channel['mute']>[0]): void {
    if (channel.mute(event) === 'illegal') this.#close(channel, `${event} while ${channel.muteState}`)
  }

  #tryUnmute(channel: Channel): void {
    if (!channel.isOpen && !channel.isClosing) return
    channel.mute('tryUnmute')
    if (!channel.isMuted) this.#ready.push(channel)
  }

  #close(channel: Channel, reason: string): void {
    if (!channel.isOpen && !channel.isClosing) return
    this.#setup.logger.info(`closing ${channel.id}: ${reason}`)
    channel.live('close')
  }

  /** Whatever goes wrong with one connection ends that connection and no other. */
  #guarded(channel: Channel, work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#failed(channel, error)
    }
  }

  #failed(channel: Channel, error: unknown): void {
    this.#setup.logger.error(`closing ${channel.id}`, error)
    channel.live('close')
  }

  #resumeReading(): void {
    const heldBack = this.#heldBack
    this.#heldBack = []
    for (const channel of heldBack) channel.resume()
  }

  #expireOldest(): void {
    const expired = this.#expiry.takeExpired(this.#nowMs)
    if (expired !== undefined) {
      this.#setup.logger.debug(`${expired.id} was not used for connections.max.idle.ms`)
      expired.live('expire')
    }
    this.#expiry.watch()
  }

  #closeConnections(): void {
    const { reports } = this.#setup
    for (const connection of this.newConnections.close()) {
      discard(connection)
      reports.closed(connection.remoteHost, false)
    }
    for (const channel of this.#selector.all()) channel.live('close')
    this.#expiry.stop()
    this.#machine.send({ type: 'drained' })
  }
}

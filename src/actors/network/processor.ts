// A Processor: its share of the connections, and the turn that moves them. Sockets only note what they have read; the
// turn, seven calls in Kafka's order, does the rest, and is repeated while there is work, for 5 ms at most.
import { readRequestHeader } from '../../protocol/header.js'
import { ProtocolError } from '../../protocol/protocol-error.js'
import { driveMachine, type MachineDriver } from '../runtime/actor.js'
import type { Arena } from '../runtime/arena.js'
import { random } from '../runtime/randomness.js'
import { Answers } from './answers.js'
import type { Channel, ChannelOwner } from './channel.js'
import { withSoftware } from './client-software.js'
import { Completions } from './completions.js'
import { ConnectionSteps } from './connection-steps.js'
import type { AcceptedConnection } from './hand-over.js'
import { IdleExpiry } from './idle-expiry.js'
import { Intake } from './intake.js'
import { MemoryWait } from './memory-wait.js'
import { processorMachine } from './processor.machine.js'
import type { ProcessorSetup } from './processor-setup.js'
import { ReceivedRequest } from './received-request.js'
import type { Response } from './request.js'
import type { ResponseInbox } from './request-channel.js'
import { Selector } from './selector.js'
import type { StageStamps } from './stage-stamps.js'
import { budgetMs, TurnSchedule } from './turn-schedule.js'
import { TurnWork } from './turn-work.js'
import { WaitingForRoom } from './waiting-for-room.js'

export type { CompletedRequest } from './processor-setup.js'

const scratchBytes = 64 * 1024

export class Processor implements ChannelOwner, ResponseInbox {
  readonly processorId: number
  readonly maxBytes: number
  readonly scratch = Buffer.allocUnsafeSlow(scratchBytes)
  readonly #setup: ProcessorSetup
  readonly #selector = new Selector()
  readonly #work = new TurnWork()
  readonly #machine: MachineDriver<typeof processorMachine>
  readonly #turns: TurnSchedule
  readonly #expiry: IdleExpiry
  readonly #memory: MemoryWait
  readonly #completions: Completions
  readonly #steps: ConnectionSteps
  readonly #intake: Intake
  readonly #answers: Answers
  readonly #waitingForRoom: WaitingForRoom
  /** Channels that would read on and may not, until there is room in the request queue. */
  #heldBack: Channel[] = []
  /** Connections that it was told to close, since there are too many. */
  #toShed = 0
  #nowMs = 0
  /** ms spent in turns. */
  #busyMs = 0

  constructor(setup: ProcessorSetup) {
    const { id, listener, clock } = setup
    this.processorId = id
    this.maxBytes = setup.options.maxRequestBytes
    this.#setup = setup
    this.#turns = new TurnSchedule(clock, () => this.#takeTurn())
    this.#expiry = this.#newExpiry()
    this.#memory = new MemoryWait(setup.arena, channels => {
      for (const channel of channels) this.#work.ready.push(channel)
      this.#turns.wake()
    })
    this.#completions = new Completions(setup)
    this.#steps = new ConnectionSteps(setup.logger)
    this.#intake = this.#newIntake()
    this.#answers = new Answers({
      processorId: id,
      selector: this.#selector,
      completions: this.#completions,
      steps: this.#steps,
      work: this.#work,
      onNonEmpty: () => this.#turns.wakeNow()
    })
    this.#waitingForRoom = new WaitingForRoom({
      onFirst: () => this.#machine.send({ type: 'queueFull' }),
      onNone: () => this.#machine.send({ type: 'queueHasRoom' })
    })
    this.#machine = driveMachine(
      processorMachine,
      {
        openInboxes: () => setup.requests.addProcessor(this),
        resumeReading: () => this.#resumeReading(),
        closeConnections: () => this.#closeConnections(),
        closeInboxes: () => this.#closeInboxes(),
        abandonOrphans: () => this.#completions.abandonOrphans(),
        reportStopped: () => setup.reports.stopped()
      },
      { name: `processor.${id}.${listener}` }
    )
    this.#machine.send({ type: 'start' })
  }

  get state(): string {
    return this.#machine.state
  }

  get connections(): number {
    return this.#selector.size
  }

  /** Connections that it has ever had. */
  get opened(): number {
    return this.#intake.opened
  }

  /** ms in which connections waited for memory for their requests. */
  get memoryWaitMs(): number {
    return this.#memory.waitedMs
  }

  /** ms spent in turns since the start. */
  get busyMs(): number {
    return this.#busyMs
  }

  /** Requests that handlers still have though their connection is gone. */
  get orphans(): number {
    return this.#completions.orphans
  }

  /** Channels of this Processor, for the inspector and tests. */
  get channels(): Channel[] {
    return this.#selector.all()
  }

  /** Of the queues around it. */
  get depths(): {
    newConnections: number
    newConnectionsCapacity: number
    responses: number
    room: number
  } {
    const { depth: newConnections, capacity: newConnectionsCapacity } = this.#intake.newConnections
    const responses = this.#answers.queue.depth
    return { newConnections, newConnectionsCapacity, responses, room: this.#waitingForRoom.count }
  }

  get listener(): string {
    return this.#setup.listener
  }

  stop(): void {
    this.#machine.send({ type: 'stop' })
  }

  /** 'stopped': the connection is not taken, nor counted any more. */
  connect(connection: AcceptedConnection): 'accepted' | 'stopped' {
    if (this.#machine.is('draining') || this.#machine.is('stopped')) return 'stopped'
    return this.#intake.newConnections.offer(connection) === 'accepted' ? 'accepted' : 'stopped'
  }

  /** Closes one connection in a later turn: there are more than max.connections. */
  shedOne(): void {
    this.#toShed++
    this.#turns.wake()
  }

  // ---- what the request channel calls

  offer(connectionNumber: number, response: Response, stamps: StageStamps): void {
    this.#answers.offer(connectionNumber, response, stamps)
  }

  /** At once: by the next turn, a Processor that was answered would have come before, each time. */
  onSpace(): void {
    this.#waitingForRoom.retry(channel => this.#retry(channel))
    this.#turns.wake()
  }

  // ---- what channels call, mostly out of socket callbacks

  get reads(): boolean {
    return this.#machine.state !== 'backpressured'
  }

  allocate(bytes: number): ReturnType<Arena['allocate']> {
    return this.#setup.arena.allocate(bytes)
  }

  readonly tailOf = (channel: Channel): number =>
    this.#setup.requests.contextTravels ? channel.context.encoded.length : 0

  onReceive(channel: Channel): void {
    if (channel.receive.state === 'noMemory') this.#memory.add(channel)
    else this.#work.received.push(channel)
    this.#turns.wake()
  }

  onPeerGone(channel: Channel): void {
    this.#work.departed.push(channel)
    this.#turns.wake()
  }

  onUnmuted(channel: Channel): void {
    this.#work.ready.push(channel)
  }

  onHeldBack(channel: Channel): void {
    this.#heldBack.push(channel)
  }

  onFlushed(channel: Channel): void {
    this.#work.sent.push(channel)
    this.#turns.wake()
  }

  onForgotten(channel: Channel): void {
    if (!this.#selector.remove(channel)) return
    channel.exchange.step('connectionGone')
    this.#waitingForRoom.remove(channel)
    this.#setup.reports.closed(channel.remoteHost, channel.state === 'shed')
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
      this.#intake.configureNew()
      this.#answers.processNew(this.#nowMs)
      this.#poll()
      this.#processCompletedReceives()
      this.#answers.processCompletedSends(this.#nowMs)
      this.#processDisconnected()
      this.#closeExcessConnections()
      this.#nowMs = clock.monotonicMs()
    } while (this.#hasWork() && this.#nowMs - startMs < budgetMs)
    this.#busyMs += this.#nowMs - startMs
    return this.#hasWork()
  }

  #hasWork(): boolean {
    return this.#work.any || this.#answers.queue.depth > 0 || this.#intake.newConnections.depth > 0
  }

  /** Goes on where reading had stopped: unmuted channels, those whose memory came back, those whose peer is gone. */
  #poll(): void {
    this.#expireOldest()
    const ready = this.#work.ready.take()
    if (ready.length === 0) return
    for (const channel of this.#memory.inFairOrder(ready, this.#setup.random ?? random)) {
      if (!channel.isMuted && channel.receive.state !== 'complete')
        this.#steps.guarded(channel, () => this.#readOn(channel))
    }
  }

  #readOn(channel: Channel): void {
    if (channel.advance()) this.onReceive(channel)
    else if (!channel.isOpen && !channel.isOver) this.#work.departed.push(channel)
  }

  #processCompletedReceives(): void {
    this.#waitingForRoom.retry(channel => this.#retry(channel))
    for (const channel of this.#work.received.take()) {
      if (!channel.isOver) this.#steps.guarded(channel, () => this.#processReceive(channel))
    }
  }

  #processReceive(channel: Channel): void {
    const { receive } = channel
    if (receive.state === 'invalid')
      return void this.#steps.close(channel, `a request of ${receive.size} bytes`)
    const frame = channel.takeFrame()
    if (frame === undefined) return
    const bytes = frame.block.view.subarray(0, frame.bytes)
    const header = readRequestHeader(bytes)
    if (header instanceof ProtocolError) {
      frame.block.release()
      return void this.#steps.close(channel, header.reason)
    }
    const { context, number: connectionNumber, acceptedMs } = channel
    const request = new ReceivedRequest(
      { processorId: this.processorId, connectionNumber, context, acceptedMs },
      header,
      frame.block,
      frame.bytes,
      // When its last bytes came, or it could be read at all: the turn may be later.
      channel.lastActiveMs
    )
    channel.clientId = request.clientId
    channel.context = withSoftware(context, header, bytes)
    channel.mute('mute')
    if (channel.exchange.receive(request) === 'illegal') {
      request.release()
      return void this.#steps.close(channel, 'a second request in flight')
    }
    if (!this.#waitingForRoom.isEmpty || !this.#enqueue(channel)) this.#waitingForRoom.add(channel)
  }

  #retry(channel: Channel): boolean {
    try {
      return this.#enqueue(channel)
    } catch (error) {
      this.#steps.failed(channel, error)
      return true
    }
  }

  /** False: the request queue is full. */
  #enqueue(channel: Channel): boolean {
    const { exchange } = channel
    const { request } = exchange
    if (request === undefined) return true
    if (this.#setup.requests.sendRequest(request) === 'full') return false
    exchange.step('enqueued')
    this.#steps.muteOrClose(channel, 'requestReceived')
    return true
  }

  #processDisconnected(): void {
    for (const channel of this.#work.departed.take()) this.#depart(channel)
  }

  /** What was read whole is handled first; the end is looked at again when the channel is unmuted. */
  #depart(channel: Channel): void {
    if (channel.isOpen || channel.isOver) return
    const { exchange } = channel
    if (channel.isClosing && exchange.isWriting) channel.live('sendFailed')
    else if (exchange.isIdle && !channel.hasWholeFrame) channel.live('drained')
    else if (!channel.isMuted && channel.receive.state !== 'complete') this.#work.ready.push(channel)
  }

  /** One a turn. */
  #closeExcessConnections(): void {
    if (this.#toShed === 0) return
    this.#toShed--
    const channel = this.#selector.lowestPriority()
    if (channel === undefined) this.#setup.reports.nothingToClose()
    else {
      this.#setup.logger.info(`closing ${channel.id}: there are more connections than max.connections`)
      channel.live('shed')
    }
    if (this.#toShed > 0) this.#turns.wakeLater()
  }

  // ---- parts of it

  #newExpiry(): IdleExpiry {
    const { options, clock, timers } = this.#setup
    return new IdleExpiry({
      maxIdleMs: options.maxIdleMs,
      selector: this.#selector,
      clock,
      timers,
      onDue: () => this.#turns.wake()
    })
  }

  #newIntake(): Intake {
    return new Intake({
      ...this.#setup,
      owner: this,
      selector: this.#selector,
      completions: this.#completions,
      steps: this.#steps,
      onNonEmpty: () => this.#turns.wake(),
      onOpened: () => this.#expiry.watch()
    })
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
    this.#intake.close()
    for (const channel of this.#selector.all()) channel.live('close')
    this.#expiry.stop()
    this.#machine.send({ type: 'drained' })
  }

  #closeInboxes(): void {
    this.#setup.requests.removeProcessor(this.processorId)
    this.#answers.queue.close()
  }
}

// A Processor's responses: from its queue to the sockets, and what follows when they are written.
import { Mailbox } from '../runtime/mailbox.js'
import type { Channel } from './channel.js'
import type { Completions } from './completions.js'
import type { ConnectionSteps } from './connection-steps.js'
import type { Response, StageStamps } from './request.js'
import type { Selector } from './selector.js'
import { adoptStamps } from './stage-stamps.js'
import type { TurnWork } from './turn-work.js'

interface QueuedResponse {
  readonly connectionNumber: number
  readonly response: Response
  readonly stamps: StageStamps
}

export interface AnswersSetup {
  readonly processorId: number
  readonly selector: Selector
  readonly completions: Completions
  readonly steps: ConnectionSteps
  readonly work: TurnWork
  onNonEmpty(): void
}

export class Answers {
  readonly queue: Mailbox<QueuedResponse>
  readonly #setup: AnswersSetup

  constructor(setup: AnswersSetup) {
    this.#setup = setup
    this.queue = new Mailbox(`processor.${setup.processorId}.responses`, Number.POSITIVE_INFINITY, {
      unboundedBecause: 'a connection has one request in flight',
      onNonEmpty: () => setup.onNonEmpty()
    })
  }

  offer(connectionNumber: number, response: Response, stamps: StageStamps): void {
    this.queue.offer({ connectionNumber, response, stamps })
  }

  processNew(nowMs: number): void {
    const { selector, completions, steps } = this.#setup
    for (let queued = this.queue.take(); queued !== undefined; queued = this.queue.take()) {
      const { connectionNumber, response, stamps } = queued
      const channel = selector.get(connectionNumber)
      if (channel === undefined) completions.answerOrphan(connectionNumber, response, stamps, nowMs)
      else steps.guarded(channel, () => this.#process(channel, response, stamps, nowMs))
    }
  }

  processCompletedSends(nowMs: number): void {
    const { work, selector, steps } = this.#setup
    for (const channel of work.sent.take()) {
      if (!channel.exchange.isWriting) continue
      selector.touch(channel, nowMs)
      channel.exchange.step('sent', channel.sentBytes)
      steps.muteOrClose(channel, 'responseSent')
      steps.tryUnmute(channel)
    }
  }

  #process(channel: Channel, response: Response, stamps: StageStamps, nowMs: number): void {
    const { steps } = this.#setup
    if (response.kind === 'startThrottling') return void steps.muteOrClose(channel, 'throttleStarted')
    if (response.kind === 'endThrottling') {
      steps.muteOrClose(channel, 'throttleEnded')
      return void steps.tryUnmute(channel)
    }
    const { exchange } = channel
    const event = response.kind === 'send' && channel.canBeWritten ? 'sendBegun' : 'answeredWithout'
    const { request } = exchange
    if (request !== undefined && exchange.accepts(event)) adoptStamps(request.stamps, stamps, nowMs)
    if (exchange.step(event) === 'illegal') return void steps.close(channel, 'answered twice')
    switch (response.kind) {
      case 'closeConnection':
        return void steps.close(channel, response.reason)
      case 'noOp':
        steps.muteOrClose(channel, 'responseSent')
        return void steps.tryUnmute(channel)
      case 'send':
        if (event === 'sendBegun') this.#write(channel, response, nowMs)
        else channel.live('sendFailed')
    }
  }

  #write(channel: Channel, { chunks, taken }: Extract<Response, { kind: 'send' }>, nowMs: number): void {
    const { selector, work } = this.#setup
    const written = channel.write(chunks, taken)
    selector.touch(channel, nowMs)
    if (written === 'flushed') work.sent.push(channel)
  }
}

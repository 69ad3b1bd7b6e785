// What a Processor does about one connection, in the words of its machines: one function for each thing that its turn does
// (src/actors/network/processor.ts). Each is a rule of its own, so that a test may put a wrong one in its place.

import type { Net } from './net.js'
import { type Connection, connectionsCounted, type News, type State } from './state.js'

export const at = (state: State, index: number): Connection => {
  const connection = state.connections[index]
  if (connection === undefined) throw new Error(`there is no connection ${index}`)
  return connection
}

export function changed(state: State, index: number, change: Partial<Connection>): State {
  return { ...state, connections: state.connections.with(index, { ...at(state, index), ...change }) }
}

export const broken = (state: State, id: string): State =>
  state.broken === '' ? { ...state, broken: id } : state

/** Requests in the queue, with the shutdowns between them. */
export const queueLength = (state: State): number =>
  state.shutdowns + state.connections.reduce((sum, { request }) => sum + (request === 'queue' ? 1 : 0), 0)

export interface ConnectionRules {
  /** The Processor opens a connection that it was given. */
  configure(net: Net, state: State, index: number): State
  /** Reads on: the next whole request goes to the queue, or waits for room. */
  read(net: Net, state: State, index: number): State
  retry(net: Net, state: State, index: number): State
  /** It sees that the peer sends no more, or is gone. */
  notice(net: Net, state: State, index: number): State
  hear(net: Net, state: State, index: number): State
  /** The last byte of the response is written. */
  written(net: Net, state: State, index: number): State
  /** The connection is over: once. */
  forget(net: Net, state: State, index: number): State
  tryUnmute(net: Net, state: State, index: number): State
  /** A frame goes back to the arena. */
  release(net: Net, state: State): State
}

function seen(net: Net, state: State, index: number): State {
  if (net.onJoint === undefined) return state
  const { channel, mute: mutes, exchange: exchanges } = net.parts
  const connection = at(state, index)
  net.onJoint(channel.name(connection.life), mutes.name(connection.mute), exchanges.name(connection.exchange))
  return state
}

export function live(net: Net, state: State, index: number, event: string): State {
  const { state: life, deeds } = net.parts.channel.step(at(state, index).life, event)
  let after = seen(net, changed(state, index, { life }), index)
  for (const deed of deeds) {
    if (deed === 'dropReceives') after = changed(after, index, { wire: 0, buffered: 0 })
    if (deed === 'forget') after = net.rules.forget(net, after, index)
  }
  return after
}

/** Something can still be written. */
const isOpen = (net: Net, { life }: Connection): boolean => {
  const name = net.parts.channel.name(life)
  return name === 'open' || name === 'halfClosed'
}
const isClosing = (net: Net, { life }: Connection): boolean => net.parts.channel.name(life) === 'closing'
export const isMuted = (net: Net, { mute }: Connection): boolean => net.parts.mute.name(mute) !== 'notMuted'

/** An illegal event costs the connection its life. */
function mute(net: Net, state: State, index: number, event: string): State {
  const { state: next, deeds } = net.parts.mute.step(at(state, index).mute, event)
  if (deeds.includes('illegal')) return close(net, broken(state, 'mute-legal'), index)
  return seen(net, changed(state, index, { mute: next }), index)
}

function exchange(net: Net, state: State, index: number, event: string): State {
  const { state: next, deeds } = net.parts.exchange.step(at(state, index).exchange, event)
  let after = seen(net, changed(state, index, { exchange: next }), index)
  if (deeds.includes('illegal'))
    after = close(net, broken(after, event === 'received' ? 'I-03' : 'I-01'), index)
  if (deeds.includes('releaseRequest'))
    after = net.rules.release(net, accounted(changed(after, index, { request: 'nowhere' }), index))
  return deeds.includes('completeRequest') ? accounted(after, index) : after
}

export function close(net: Net, state: State, index: number): State {
  const connection = at(state, index)
  return isOpen(net, connection) || isClosing(net, connection) ? live(net, state, index, 'close') : state
}

/** Each request that was read is released unseen or completed: once. */
export const accounted = (state: State, index: number): State =>
  changed(state, index, { accounted: at(state, index).accounted + 1 })

function enqueue(net: Net, state: State, index: number): State | 'full' {
  if (queueLength(state) >= net.bounds.queue) return 'full'
  const queued = changed(state, index, { request: 'queue' })
  return mute(net, exchange(net, queued, index, 'enqueued'), index, 'requestReceived')
}

function refused(net: Net, state: State): State {
  const { state: channel } = net.parts.requestChannel.step(state.channel, 'refused')
  return { ...state, channel, spaceWanted: true }
}

function toProcessor(net: Net, state: State, index: number, event: string): State {
  const processor = state.processors[index]
  if (processor === undefined) return state
  const { state: machine } = net.parts.processor.step(processor.machine, event)
  return { ...state, processors: state.processors.with(index, { ...processor, machine }) }
}

export const anyWaits = (state: State, processor: number): boolean =>
  state.connections.some(each => each.processor === processor && each.request === 'waiting')

export const connectionRules: ConnectionRules = {
  configure: (net, state, index) =>
    changed(state, index, {
      at: 'served',
      life: net.parts.channel.initial,
      mute: net.parts.mute.initial,
      exchange: net.parts.exchange.initial
    }),

  read(net, state, index) {
    const { wire, buffered, taken, processor } = at(state, index)
    const rest = buffered > 0 ? { wire, buffered: buffered - 1 } : { wire: 0, buffered: wire - 1 }
    const others = anyWaits(state, processor)
    let after = changed(state, index, { ...rest, taken: taken + 1, request: 'waiting' })
    after = { ...after, frames: after.frames + 1 }
    after = exchange(net, mute(net, after, index, 'mute'), index, 'received')
    const queued = others ? 'full' : enqueue(net, after, index)
    if (queued !== 'full') return queued
    if (!others) after = refused(net, after)
    return toProcessor(net, after, processor, 'queueFull')
  },

  retry(net, state, index) {
    const { processor } = at(state, index)
    const queued = enqueue(net, state, index)
    if (queued === 'full') return refused(net, state)
    if (!anyWaits(queued, processor)) return toProcessor(net, queued, processor, 'queueHasRoom')
    // The next one is tried at once: it is what asks for room again.
    return queueLength(queued) < net.bounds.queue ? queued : refused(net, queued)
  },

  notice(net, state, index) {
    const { peer, exchange: inFlight } = at(state, index)
    if (peer === 'ended') return drainedOrNot(net, live(net, state, index, 'peerEnded'), index)
    const gone = live(net, state, index, 'peerFailed')
    const isWriting = net.parts.exchange.name(inFlight) === 'writing'
    return isWriting ? live(net, gone, index, 'sendFailed') : drainedOrNot(net, gone, index)
  },

  hear(net, state, index) {
    const { news, at: where, settled } = at(state, index)
    const after = changed(state, index, { news: news.slice(1) })
    const first = news[0] as News
    if (where !== 'served') {
      // Nobody is there any more; throttling ends with the connection.
      if (first === 's' || first === 'e') return after
      return exchange(net, changed(after, index, { request: 'nowhere' }), index, 'answeredWithout')
    }
    if (first === 's') return mute(net, after, index, 'throttleStarted')
    if (first === 'e') return net.rules.tryUnmute(net, mute(net, after, index, 'throttleEnded'), index)
    const over = changed(after, index, { request: 'nowhere' })
    if (first === 'c') return close(net, exchange(net, over, index, 'answeredWithout'), index)
    if (first === 'n') {
      const done = exchange(net, changed(over, index, { settled: settled + 1 }), index, 'answeredWithout')
      return net.rules.tryUnmute(net, mute(net, done, index, 'responseSent'), index)
    }
    const connection = at(over, index)
    if (!isOpen(net, connection) || connection.peer === 'failed') return live(net, over, index, 'sendFailed')
    return exchange(net, over, index, 'sendBegun')
  },

  written(net, state, index) {
    const { settled, answering } = at(state, index)
    const inOrder = answering === settled + 1 ? state : broken(state, 'I-02')
    const after = changed(inOrder, index, { settled: settled + 1 })
    const sent = exchange(net, after, index, 'sent')
    return net.rules.tryUnmute(net, mute(net, sent, index, 'responseSent'), index)
  },

  forget(net, state, index) {
    const twice = at(state, index).at === 'gone'
    const gone = changed(twice ? broken(state, 'I-06') : state, index, { at: 'gone', wire: 0, buffered: 0 })
    const wasWaiting = at(state, index).request === 'waiting'
    const { processor } = at(state, index)
    const after = exchange(net, { ...gone, reports: gone.reports + 1 }, index, 'connectionGone')
    return wasWaiting && !anyWaits(after, processor)
      ? toProcessor(net, after, processor, 'queueHasRoom')
      : after
  },

  tryUnmute(net, state, index) {
    if (at(state, index).at !== 'served') return state
    return drainedOrNot(net, mute(net, state, index, 'tryUnmute'), index)
  },

  release: (_, state) => ({ ...state, frames: state.frames - 1 })
}

/** Of a peer that sends no more, all that it had sent may be answered by now. */
function drainedOrNot(net: Net, state: State, index: number): State {
  const connection = at(state, index)
  if (connection.at !== 'served' || net.parts.channel.name(connection.life) === 'open') return state
  const rest = connection.buffered > 0 || (connection.wire > 0 && !isClosing(net, connection))
  const idle = net.parts.exchange.name(connection.exchange) === 'idle'
  return idle && !rest && !isMuted(net, connection) ? live(net, state, index, 'drained') : state
}

/** Whether the Processor may read this connection now. */
export function mayRead(net: Net, state: State, index: number): boolean {
  const connection = at(state, index)
  if (connection.at !== 'served' || isMuted(net, connection) || connection.request !== 'nowhere') return false
  if (isClosing(net, connection)) return connection.buffered > 0
  if (!isOpen(net, connection)) return false
  // Also while others wait for room: what came in the same turn was read before the Processor paused its sockets.
  return connection.buffered + connection.wire > 0
}

/** An end is seen when all that was sent before it is read; a reset at once. */
export function mayNotice(net: Net, state: State, index: number): boolean {
  const { at: where, peer, wire, life } = at(state, index)
  if (where !== 'served') return false
  const name = net.parts.channel.name(life)
  if (peer === 'failed') return name === 'open' || name === 'halfClosed'
  return peer === 'ended' && wire === 0 && name === 'open'
}

/** Open connections as the quotas should know them. */
export const shouldBeCounted = (state: State): number =>
  state.reports + state.connections.reduce((sum, each) => sum + (isCounted(each) ? 1 : 0), 0)

const isCounted = ({ at: where, counted }: Connection): boolean => counted && where !== 'gone'

export const countIsRight = (net: Net, state: State): boolean =>
  connectionsCounted(net.parts, state) === shouldBeCounted(state)

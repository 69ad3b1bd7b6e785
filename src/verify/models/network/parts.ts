// The machines that the composed network executes: those of production, or a changed one where a test wants to see it fail.
import type { AnyStateMachine } from 'xstate'
import { brokerMachine } from '../../../actors/broker/broker.machine.js'
import { handlerMachine } from '../../../actors/handlers/handler.machine.js'
import { poolMachine } from '../../../actors/handlers/pool.machine.js'
import { acceptorMachine } from '../../../actors/network/acceptor.machine.js'
import { channelMachine } from '../../../actors/network/channel.machine.js'
import { channelMuteMachine } from '../../../actors/network/channel-mute.machine.js'
import { connectionCountMachine } from '../../../actors/network/connection-count.machine.js'
import { exchangeMachine } from '../../../actors/network/exchange.machine.js'
import { processorMachine } from '../../../actors/network/processor.machine.js'
import { requestChannelMachine } from '../../../actors/network/request-channel.machine.js'
import { ExecutedMachine } from '../../executed-machine.js'

const production = {
  broker: brokerMachine,
  acceptor: acceptorMachine,
  count: connectionCountMachine,
  processor: processorMachine,
  channel: channelMachine,
  mute: channelMuteMachine,
  exchange: exchangeMachine,
  requestChannel: requestChannelMachine,
  pool: poolMachine,
  handler: handlerMachine
} satisfies Record<string, AnyStateMachine>

export type PartName = keyof typeof production
export type Parts = Readonly<Record<PartName, ExecutedMachine>>
export type ChangedMachines = Partial<Readonly<Record<PartName, AnyStateMachine>>>

/** `handlers`: num.io.threads. */
export function partsOf(changed: ChangedMachines, handlers: number): Parts {
  const executed = (name: PartName, input?: unknown): ExecutedMachine =>
    new ExecutedMachine(changed[name] ?? production[name], input)
  return {
    broker: executed('broker'),
    acceptor: executed('acceptor'),
    count: executed('count'),
    processor: executed('processor'),
    channel: executed('channel'),
    mute: executed('mute'),
    exchange: executed('exchange'),
    requestChannel: executed('requestChannel'),
    pool: executed('pool', { loops: handlers }),
    handler: executed('handler')
  }
}

// A whole network layer on one thread with echo handlers in place of KafkaApis: what the tests of this folder talk to.

import type { NetworkOptions } from '../../../src/actors/network/network-options.js'
import { createNetwork, type Network } from '../../../src/actors/network/network-server.js'
import type { CompletedRequest, Processor } from '../../../src/actors/network/processor.js'
import type { Request, Response } from '../../../src/actors/network/request.js'
import { inlineRequestChannel, type RequestChannel } from '../../../src/actors/network/request-channel.js'
import { type Logger, loggerFor } from '../../../src/actors/runtime/log.js'
import { placementTable } from '../../../src/actors/runtime/placement.js'
import {
  attachRuntime,
  createSharedRuntime,
  type Runtime
} from '../../../src/actors/runtime/shared-runtime.js'
import { encodeResponse } from '../../../src/protocol/header.js'

export interface EchoOptions {
  readonly listeners?: readonly Partial<NetworkOptions['listeners'][number]>[]
  readonly processors?: Partial<NetworkOptions['processors']>
  readonly quotas?: Partial<NetworkOptions['quotas']>
  readonly backlog?: number
  readonly newConnectionsCapacity?: number
  readonly queuedMaxRequests?: number
  readonly poolBytes?: number
  /** 0 = the test handles requests itself. */
  readonly handlers?: number
  readonly respond?: (request: Request, channel: RequestChannel) => void | Promise<void>
}

export interface EchoServer extends AsyncDisposable {
  readonly network: Network
  readonly channel: RequestChannel
  readonly runtime: Runtime
  readonly processors: readonly Processor[]
  readonly completed: CompletedRequest[]
  readonly log: string[]
  readonly port: number
  portOf(listener: string): number
}

export const echoOf = (request: Request): Response => ({
  kind: 'send',
  chunks: encodeResponse(request.apiKey, request.apiVersion, request.correlationId, [
    Buffer.from(request.body)
  ])
})

export function echo(request: Request, channel: RequestChannel): void {
  const response = echoOf(request)
  request.release()
  channel.sendResponse(request, response)
}

export function networkOptions(options: EchoOptions): NetworkOptions {
  const listeners = options.listeners ?? [{}]
  return {
    listeners: listeners.map(listener => ({
      name: 'PLAINTEXT',
      host: '127.0.0.1',
      port: 0,
      processors: 1,
      maxConnections: Number.POSITIVE_INFINITY,
      maxConnectionRate: Number.POSITIVE_INFINITY,
      ...listener
    })),
    processors: {
      maxRequestBytes: 100 * 1024 * 1024,
      maxIdleMs: 600_000,
      sendBufferBytes: 102_400,
      receiveBufferBytes: 102_400,
      ...options.processors
    },
    quotas: {
      maxConnections: Number.POSITIVE_INFINITY,
      maxConnectionsPerIp: Number.POSITIVE_INFINITY,
      maxConnectionsPerIpOverrides: new Map(),
      maxConnectionRate: Number.POSITIVE_INFINITY,
      protectedListener: undefined,
      ...options.quotas
    },
    backlog: options.backlog ?? 50,
    ...(options.newConnectionsCapacity === undefined
      ? {}
      : { newConnectionsCapacity: options.newConnectionsCapacity })
  }
}

export async function handlerLoop(
  channel: RequestChannel,
  respond: (request: Request, channel: RequestChannel) => void | Promise<void>
): Promise<void> {
  for (;;) {
    const request = await channel.receiveRequest(300)
    if (request === 'shutdown') return
    if (request !== undefined) await respond(request, channel)
  }
}

export async function startEcho(options: EchoOptions = {}): Promise<EchoServer> {
  const placement = placementTable('inline', 0)
  const { shared } = createSharedRuntime({
    workers: 0,
    networkThreads: placement.networkThreads,
    poolBytes: options.poolBytes ?? -1
  })
  const runtime = attachRuntime(shared, 0)
  const channel = inlineRequestChannel({ capacity: options.queuedMaxRequests ?? 500 })
  const log: string[] = []
  const completed: CompletedRequest[] = []
  const logger: Logger = loggerFor('test', { level: 'debug', write: line => void log.push(line) })
  const network = createNetwork({
    runtime,
    channel,
    placement,
    logger,
    network: networkOptions(options),
    onCompleted: request => void completed.push(request)
  })
  const loops = Array.from({ length: options.handlers ?? 2 }, () =>
    handlerLoop(channel, options.respond ?? echo)
  )
  await network.startProcessing()
  const portOf = (name: string): number => network.bound.find(bound => bound.name === name)?.port ?? 0
  return {
    network,
    channel,
    runtime,
    get processors() {
      return network.ownProcessors
    },
    completed,
    log,
    portOf,
    port: network.bound[0]?.port ?? 0,
    async [Symbol.asyncDispose]() {
      await network.stopProcessing()
      for (const _ of loops) channel.sendShutdown()
      await Promise.all(loops)
      await network.close()
      channel.close()
      runtime.detach()
    }
  }
}

/** A network layer that has not begun: nothing is bound, nobody handles. */
export function newNetwork(): AsyncDisposable & { readonly network: Network } {
  const placement = placementTable('inline', 0)
  const { networkThreads } = placement
  const { shared } = createSharedRuntime({ workers: 0, networkThreads, poolBytes: -1 })
  const runtime = attachRuntime(shared, 0)
  const channel = inlineRequestChannel({ capacity: 5 })
  const logger = loggerFor('test', { level: 'debug', write: () => {} })
  const network = createNetwork({ runtime, channel, placement, logger, network: networkOptions({}) })
  return {
    network,
    async [Symbol.asyncDispose]() {
      await network.close()
      channel.close()
      runtime.detach()
    }
  }
}

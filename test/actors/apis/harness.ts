// One broker without network and disk: real dispatch, APIs, replicas and codecs over logs in memory.

import { apis } from '../../../src/actors/apis/index.js'
import type { ApiNeeds } from '../../../src/actors/apis/needs.js'
import type { ControllerClient } from '../../../src/actors/controller/controller-client.js'
import type { TopicInfo } from '../../../src/actors/controller/metadata-image.js'
import { createGroupThread } from '../../../src/actors/groups/group-thread.js'
import { createDispatcher } from '../../../src/actors/handlers/dispatch.js'
import type { Request, Response } from '../../../src/actors/network/request.js'
import { newStamps } from '../../../src/actors/network/stage-stamps.js'
import { createShardThread } from '../../../src/actors/replicas/shard-thread.js'
import { systemClock } from '../../../src/actors/runtime/clock.js'
import { loggerFor, silentSink } from '../../../src/actors/runtime/log.js'
import { localMesh, type Mesh } from '../../../src/actors/runtime/mesh.js'
import { type PlacementTable, placementTable } from '../../../src/actors/runtime/placement.js'
import { systemTimers } from '../../../src/actors/runtime/timers.js'
import { loadBrokerConfig } from '../../../src/config/broker-config.js'
import { codecOf } from '../../../src/protocol/codec.js'
import { ProtocolError } from '../../../src/protocol/protocol-error.js'
import {
  asUuid,
  type InputOf,
  type MessageSchema,
  type Uuid,
  type ValueOf
} from '../../../src/protocol/schema.js'
import { type MemoryLog, memoryLog } from '../replicas/memory-log.js'

export const topicId = (n: number): Uuid => {
  const id = asUuid(Buffer.from(`topic-${String(n).padStart(10, '0')}`).toString('base64url'))
  if (id === undefined) throw new Error('not an id')
  return id
}

export const topicInfo = (name: string, id: Uuid, partitions: number, leader = 1): TopicInfo => ({
  name,
  id,
  isInternal: name.startsWith('__'),
  configs: {},
  partitions: Array.from({ length: partitions }, () => ({
    leader,
    leaderEpoch: 0,
    replicas: [1],
    isr: [1],
    offline: []
  }))
})

export interface HarnessOptions {
  readonly overrides?: Readonly<Record<string, string>>
  readonly controller?: Partial<ControllerClient>
  readonly mesh?: Mesh
  readonly placement?: PlacementTable
  readonly needs?: Partial<ApiNeeds>
}

const refuse = () => Promise.reject(new Error('no controller here'))

export function harness(options: HarnessOptions = {}) {
  const { config } = loadBrokerConfig({ overrides: { 'broker.id': '1', ...options.overrides } })
  const mesh = options.mesh ?? localMesh()
  const logger = loggerFor('test', silentSink)
  const logs = new Map<string, MemoryLog>()
  const logOf = (topic: string, partition: number): MemoryLog => {
    const key = `${topic}-${partition}`
    const log = logs.get(key) ?? memoryLog(topic, partition)
    logs.set(key, log)
    return log
  }
  const thread = createShardThread({
    mesh,
    placement: options.placement ?? placementTable('inline', 0),
    brokerId: 1,
    config,
    clock: systemClock,
    logger,
    timer: { add: (ms, run) => systemTimers.after(ms, run) },
    keeper: { create: (topic, _, partition) => logOf(topic, partition), delete: () => {} }
  })
  const groups = createGroupThread({
    mesh,
    placement: options.placement ?? placementTable('inline', 0),
    brokerId: 1,
    config,
    shard: thread,
    clock: systemClock,
    logger,
    after: systemTimers.after
  })
  groups.coordinator.start()
  const controller: ControllerClient = {
    createTopics: refuse,
    deleteTopics: refuse,
    createPartitions: refuse,
    autoCreateTopics: refuse,
    alterConfigs: refuse,
    nextProducerId: refuse,
    setConsumerOffsets: refuse,
    consumerOffsets: refuse,
    ...options.controller
  }
  const responses = new Map<number, (response: Response) => void>()
  const dispatch = createDispatcher({
    needs: {
      config,
      brokerId: 1,
      metadata: () => thread.metadata.image,
      controller,
      replicas: thread.replicas,
      fetchSessions: thread.fetchSessions,
      groups: groups.access,
      logDirs: {
        all: () => [{ path: '/logs', isOffline: false }],
        space: async () => ({ totalBytes: 1000n, usableBytes: 400n })
      },
      ...options.needs
    },
    channel: { sendResponse: (request, response) => responses.get(request.correlationId)?.(response) },
    logger,
    clock: systemClock
  })
  let version = 0
  let lastId = 0

  /** The raw response; `released` is counted on the request. */
  function raw(apiKey: number, apiVersion: number, body: Buffer, clientId: string | null = 'test') {
    const correlationId = ++lastId
    const request = requestOf({ apiKey, apiVersion, correlationId, clientId, body })
    const response = new Promise<Response>(resolve => {
      let answers = 0
      responses.set(correlationId, given => {
        if (++answers > 1) throw new Error('answered twice')
        resolve(given)
      })
    })
    dispatch(request)
    return { request, response }
  }

  return {
    ...thread,
    groups,
    config,
    logOf,
    raw,
    /** Topics exist, are led by this broker unless said otherwise, and have their logs here. */
    publish(topics: readonly TopicInfo[], deletedTopics: readonly string[] = []) {
      for (const topic of topics) {
        topic.partitions.forEach((_, i) => {
          if (thread.shard.find(topic.id, i) === undefined) thread.host(logOf(topic.name, i), topic.id)
        })
      }
      thread.metadata.apply({
        version: ++version,
        full: version === 1,
        clusterId: 'cluster',
        controllerId: 1,
        brokers: [
          {
            id: 1,
            epoch: 0,
            rack: null,
            endpoints: [{ listener: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: 'here', port: 9092 }]
          }
        ],
        topics,
        deletedTopics
      })
    },
    async call<Req extends MessageSchema, Res extends MessageSchema>(
      [requestSchema, responseSchema]: readonly [Req, Res],
      apiVersion: number,
      body: InputOf<Req>,
      clientId?: string
    ): Promise<ValueOf<Res>> {
      const encoded = Buffer.concat(codecOf(requestSchema, apiVersion).encode(body))
      const response = await raw(requestSchema.key ?? -1, apiVersion, encoded, clientId).response
      if (response.kind !== 'send') throw new Error(`answered with ${response.kind}`)
      return decodeAnswer(responseSchema, apiVersion, response)
    }
  }
}

export function decodeAnswer<Res extends MessageSchema>(
  schema: Res,
  version: number,
  response: Extract<Response, { kind: 'send' }>
): ValueOf<Res> {
  const frame = Buffer.concat(response.chunks)
  if (frame.readInt32BE(0) !== frame.length - 4) throw new Error('the size in front is wrong')
  const flexibleFrom = Number(schema.flexible.replace('+', ''))
  const bodyAt = version >= flexibleFrom && schema.key !== 18 ? 9 : 8
  const decoded = codecOf(schema, version).decode(frame, bodyAt)
  if (decoded instanceof ProtocolError) throw new Error(decoded.reason)
  if (decoded.end !== frame.length) throw new Error('bytes left over')
  return decoded.value
}

interface RequestHead {
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly body: Buffer
}

export function requestOf(head: RequestHead): Request & { releases: number } {
  return {
    ...head,
    processorId: 0,
    connectionNumber: 1,
    frame: { region: 0, block: 0, generation: 0, offset: 0, bytes: head.body.length },
    connection: {
      id: 'here:9092-there:1-0',
      listener: 'PLAINTEXT',
      clientHost: 'there',
      clientPort: 1,
      principal: 'User:ANONYMOUS',
      softwareName: 'test',
      softwareVersion: '1'
    },
    stamps: newStamps(0),
    releases: 0,
    release() {
      this.releases++
    }
  }
}

export { apis }

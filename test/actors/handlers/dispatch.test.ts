// Goal: every request has exactly one response, and nobody but its own peer suffers from a bad one.
// Method: raw requests through dispatch: what does not decode, what is not served, what throws where.
import { expect, test } from 'vitest'
import { type Api, defineApi, type Outcome } from '../../../src/actors/apis/api.js'
import { apis } from '../../../src/actors/apis/index.js'
import { createDispatcher, HandlerFailure } from '../../../src/actors/handlers/dispatch.js'
import type { Response } from '../../../src/actors/network/request.js'
import { loggerFor, silentSink } from '../../../src/actors/runtime/log.js'
import { codecOf } from '../../../src/protocol/codec.js'
import { apiVersionsRequest, apiVersionsResponse } from '../../../src/protocol/messages/api-versions.js'
import type { InputOf } from '../../../src/protocol/schema.js'
import { decodeAnswer, harness, requestOf, topicId, topicInfo } from '../apis/harness.js'

type Answer = Outcome<InputOf<typeof apiVersionsResponse>>

function answering(handle: () => Answer | Promise<Answer>, errorFails = false) {
  const api = defineApi({
    key: 18,
    name: 'Probe',
    versions: [0, 0],
    request: apiVersionsRequest,
    response: apiVersionsResponse,
    needs: [],
    handle,
    errorResponse: () => (errorFails ? undefined : { errorCode: -1, apiKeys: [] })
  })
  const list: readonly Api[] = [api]
  return run(list)
}

function run(list: readonly Api[]) {
  const responses: Response[] = []
  const { config, metadata, replicas, fetchSessions, groups } = harness()
  const controller = {
    createTopics: never,
    deleteTopics: never,
    createPartitions: never,
    autoCreateTopics: never,
    alterConfigs: never,
    nextProducerId: never,
    setConsumerOffsets: never,
    consumerOffsets: never
  }
  const dispatch = createDispatcher({
    needs: {
      config,
      brokerId: 1,
      metadata: () => metadata.image,
      controller,
      replicas,
      fetchSessions,
      groups: groups.access,
      logDirs: { all: () => [], space: () => Promise.reject(new Error('no disk')) }
    },
    channel: { sendResponse: (_, response) => void responses.push(response) },
    logger: loggerFor('test', silentSink),
    clock: { nowMs: () => 1, monotonicMs: () => 2 },
    apis: list
  })
  const request = requestOf({
    apiKey: 18,
    apiVersion: 0,
    correlationId: 7,
    clientId: null,
    body: Buffer.alloc(0)
  })
  return { responses, request, busy: dispatch(request) }
}
const never = () => Promise.reject(new Error('not asked here'))
const codesOf = (responses: readonly Response[]) =>
  responses.map(response =>
    response.kind === 'send' ? decodeAnswer(apiVersionsResponse, 0, response).errorCode : response.kind
  )
const fine: Answer = { kind: 'respond', response: { errorCode: 0, apiKeys: [] } }

test('an outcome is sent with its correlation id and stamped, and the memory is given back', () => {
  const { responses, request } = answering(() => fine)
  const [response] = responses
  expect(response?.kind === 'send' && response.chunks[0]?.readInt32BE(4)).toBe(7)
  expect(request.stamps).toMatchObject({ localCompleteMs: 2, responseCompleteMs: 2 })
  expect(request.releases).toBeGreaterThan(0)
})

test('a busy handler is waited for, a parked request is not', async () => {
  const busy = answering(async () => fine)
  expect(busy.busy).toBeInstanceOf(Promise)
  await busy.busy
  const parked = answering(() => ({ kind: 'park', completion: Promise.resolve(fine) }))
  expect([parked.busy, parked.responses.length]).toEqual([undefined, 0])
  await new Promise(resolve => setImmediate(resolve))
  expect([codesOf(busy.responses), codesOf(parked.responses)]).toEqual([[0], [0]])
})

test.each<[string, () => Answer | Promise<Answer>]>([
  [
    'throws',
    () => {
      throw new Error('bug')
    }
  ],
  [
    'rejects',
    async () => {
      throw new Error('bug')
    }
  ],
  [
    'rejects while parked',
    () => ({ kind: 'park', completion: Promise.reject(new HandlerFailure('INVALID_REQUEST', 'bad')) })
  ],
  [
    'answers with what cannot be encoded',
    () => ({ kind: 'respond', response: { apiKeys: [{ apiKey: 2 ** 40 }] } })
  ]
])('a handler that %s is answered once, with an error', async (_, handle) => {
  const { responses, busy } = answering(handle)
  await busy
  await new Promise(resolve => setImmediate(resolve))
  expect(codesOf(responses)).toEqual([-1])
})

test('a failure of which the client expects no answer closes the connection', () => {
  const { responses } = answering(() => {
    throw new Error('bug')
  }, true)
  expect(codesOf(responses)).toEqual(['closeConnection'])
})

test('a version that is not served closes the connection', async () => {
  const at = harness()
  expect((await at.raw(0, 12, Buffer.alloc(0)).response).kind).toBe('closeConnection')
  expect((await at.raw(10, 0, Buffer.alloc(0)).response).kind).toBe('closeConnection')
})

test('a body that does not decode closes the connection, and only this one', async () => {
  const at = harness()
  at.publish([topicInfo('a', topicId(1), 1)])
  for (const api of apis.filter(({ key }) => key !== 18)) {
    expect((await at.raw(api.key, api.versions[1], Buffer.from([255])).response).kind).toBe('closeConnection')
  }
  const body = Buffer.concat(codecOf(apiVersionsRequest, 0).encode({}))
  expect((await at.raw(18, 0, body).response).kind).toBe('send')
})

test('every API answers an error in its own shape, in all its versions', () => {
  for (const api of apis) {
    for (let version = api.versions[0]; version <= api.versions[1]; version++) {
      const sample = Buffer.concat(
        codecOf(api.request, version).encode(api.name === 'Produce' ? { acks: 1 } : {})
      )
      const decoded = codecOf(api.request, version).decode(sample)
      if (!('value' in decoded)) throw new Error(`${api.name} v${version}`)
      const body = api.errorResponse(decoded.value, 'UNKNOWN_SERVER_ERROR', version)
      expect(body === undefined ? [] : codecOf(api.response, version).encode(body)).not.toHaveLength(0)
    }
  }
})

// Goal: one bad request costs its connection, never the handler loop. Method: one loop over a list of requests, with a
// dispatcher that throws.

import { expect, test } from 'vitest'
import { startHandler } from '../../../src/actors/handlers/handler.js'
import type { Request, Response } from '../../../src/actors/network/request.js'
import { newStamps } from '../../../src/actors/network/stage-stamps.js'
import { systemClock } from '../../../src/actors/runtime/clock.js'

function requestOf(id: string, released: string[]): Request {
  const connection = {
    id,
    listener: 'PLAINTEXT',
    clientHost: '127.0.0.1',
    clientPort: 1,
    principal: '',
    softwareName: '',
    softwareVersion: ''
  }
  return {
    processorId: 0,
    connectionNumber: 0,
    apiKey: 3,
    apiVersion: 0,
    correlationId: 0,
    clientId: null,
    body: Buffer.alloc(0),
    frame: { region: 0, block: 0, generation: 0, offset: 0, bytes: 0 },
    connection,
    stamps: newStamps(0),
    release: () => void released.push(id)
  }
}

test.each(['throws', 'rejects'])(
  'when the dispatcher %s, that connection is closed and the loop goes on',
  async how => {
    const [released, dispatched, logged]: string[][] = [[], [], []]
    const answers: Array<[string, Response]> = []
    const items = ['good', 'bad', 'another'].map(id => requestOf(id, released ?? []))
    const handler = startHandler({
      id: 7,
      source: {
        receiveRequest: () => Promise.resolve(items.shift() ?? 'shutdown'),
        sendResponse: (request, response) => void answers.push([request.connection.id, response])
      },
      dispatch({ connection: { id } }) {
        dispatched?.push(id)
        if (id !== 'bad') return
        if (how === 'throws') throw new Error('no')
        return Promise.reject(new Error('no'))
      },
      clock: systemClock,
      logger: { error: text => void logged?.push(text) }
    })
    await handler.ended
    expect(dispatched).toEqual(['good', 'bad', 'another'])
    expect(released).toEqual(['bad'])
    expect(answers).toEqual([['bad', { kind: 'closeConnection', reason: 'its request was given up' }]])
    expect(logged).toEqual(['closing bad: its request of API 3 was given up'])
    expect([handler.state, handler.handled]).toEqual(['stopped', 3])
  }
)

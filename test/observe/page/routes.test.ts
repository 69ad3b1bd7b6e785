// Goal: the page and its answers come over HTTP as the page's script expects them. Method: the routes behind a server, with
// snapshots and a trace made by hand; a thousand of everything.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packTrace } from '../../../src/actors/runtime/trace.js'
import type { ActorAnswer, ActorRow } from '../../../src/observe/page/actors-view.js'
import type { RequestsAnswer } from '../../../src/observe/page/requests-view.js'
import { pageRoutes } from '../../../src/observe/page/routes.js'
import type { Rows } from '../../../src/observe/page/rows.js'
import { connection, faults, handler, log, quiet, request } from './fixtures.js'
import { type PageServer, pageServer } from './page-server.js'

let server: PageServer
beforeAll(async () => {
  server = await pageServer()
})
afterAll(() => server.close())

const get = async <T>(path: string): Promise<T> => (await server.get(path)) as T
const ids = (answer: RequestsAnswer): string[] => answer.rows.map(({ id }) => id)

describe('the routes of the page', () => {
  it('serve one document that asks no other host for anything', async () => {
    const text = await (await fetch(server.url)).text()
    expect(text).toMatch(/^<!doctype html>/)
    expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
    expect(text.slice(0, text.indexOf('<script>'))).not.toContain('undefined')
  })

  it('order, filter and explain requests', async () => {
    const slow = request({ requestQueue: 300, local: 2 }, { clientId: 'billing' })
    const poll = request({ local: 1, remote: 100 }, { api: 'Fetch', topic: 'mail', clientId: 'mailer' })
    const quick = request({ local: 1 }, { clientId: 'mailer', topic: 'orders', partitions: 3 })
    server.snapshot = { ...quiet, requests: { newest: [quick, poll, slow], slowest: [slow, poll, quick] } }
    const all = await get<RequestsAnswer>('/api/requests')
    expect(ids(all)).toEqual([slow.id, poll.id, quick.id])
    expect(all.apis).toEqual(['Fetch', 'Produce'])
    expect(all.rows[0]?.sentence).toContain('Waited 300 ms in the request queue')
    expect(all.rows[0]?.bars.map(({ name, startMs, ms }) => [name, startMs, ms])).toEqual([
      ['requestQueue', 0, 300],
      ['local', 300, 2]
    ])
    expect(all.rows[2]?.topic).toBe('orders-0 and 2 more')
    expect(ids(await get('/api/requests?order=newest'))).toEqual([quick.id, poll.id, slow.id])
    expect(ids(await get('/api/requests?client=MAIL'))).toEqual([poll.id, quick.id])
    expect(ids(await get('/api/requests?api=Fetch'))).toEqual([poll.id])
    expect(ids(await get('/api/requests?topic=orders&client=billing'))).toEqual([slow.id])
    expect(await get(`/api/request?id=${poll.id}`)).toMatchObject({
      record: { api: 'Fetch' },
      row: { id: poll.id }
    })
    expect(await get('/api/request?id=9.9')).toMatchObject({
      error: 'This request is not remembered any more.',
      broker: { state: 'running' }
    })
  })

  it('say where a request is that nobody has answered yet', async () => {
    const busy = handler(7, 4000)
    const inFlight = { apiKey: 0, api: 'Produce', sinceMs: 4100 }
    const handled = connection(7, { id: busy.handling?.connectionId ?? '', exchange: 'handling', inFlight })
    const written = connection(8, {
      exchange: 'writing',
      inFlight: { apiKey: 1, api: 'Fetch', sinceMs: 9000 }
    })
    const fresh = connection(9, { exchange: 'writing', inFlight: { apiKey: 1, api: 'Fetch', sinceMs: 3 } })
    server.snapshot = { ...quiet, handlers: [busy], connections: [handled, written, fresh] }
    const { running, runningTotal } = await get<RequestsAnswer>('/api/requests')
    expect(running.map(({ client, where }) => `${client}: ${where}`)).toEqual([
      'client-8: its answer is being written to the socket',
      'client-7: with handler 7 on topic orders, for 4 s'
    ])
    expect(runningTotal).toBe(2)
  })

  it('give of a thousand connections and partitions those that are asked for', async () => {
    const connections = Array.from({ length: 1000 }, (_, number) => connection(number, { idleMs: number }))
    const logs = Array.from({ length: 1000 }, (_, number) => log(`t${number % 10}`, number))
    server.snapshot = { ...quiet, connections, logs }
    const window = await get<Rows<{ clientId: string }>>('/api/connections?from=10&count=3')
    expect(window).toMatchObject({ total: 1000, from: 10 })
    expect(window.rows.map(({ clientId }) => clientId)).toEqual(['client-989', 'client-988', 'client-987'])
    expect(await get('/api/connections?q=client-77%20OPEN&count=1')).toMatchObject({ total: 11 })
    expect(await get('/api/partitions?topic=t3&from=99')).toMatchObject({
      total: 100,
      rows: [{ topic: 't3', partition: 993 }]
    })
    expect((await get<Rows<unknown>>('/api/connections?count=100000')).rows).toHaveLength(200)
    expect(await get('/api/topics?q=ord')).toMatchObject({ total: 1, rows: [{ name: 'orders' }] })
  })

  it('show actors as a tree, and one with its statechart and its steps', async () => {
    server.snapshot = quiet
    const { rows } = await get<Rows<ActorRow>>('/api/actors')
    const [{ id = '' } = {}] = quiet.connections
    expect(rows.map(row => (row.kind === 'actor' ? `${row.name} ${row.state}` : row.label))).toEqual([
      'Thread 0',
      'acceptor',
      'acceptor.PLAINTEXT listening',
      'Thread 1',
      'channel',
      `channel.${id} open`,
      'channelMute',
      `channelMute.${id} notMuted`,
      'exchange',
      `exchange.${id} idle`,
      'handler',
      'handler.0 waiting',
      'handler.1 waiting',
      'processor',
      'processor.0.PLAINTEXT running'
    ])
    const actor = await get<ActorAnswer>('/api/actor?thread=1&name=processor.0.PLAINTEXT')
    expect(actor).toMatchObject({ machine: 'processor', state: 'running', transitions: [{ event: 'start' }] })
    expect(actor.charts[0]?.svg).toContain('current')
    expect(actor.ways).toContainEqual({ event: 'queueFull', to: 'backpressured' })
    expect(await get('/api/actor?thread=1&name=nobody')).toEqual({
      error: 'There is no such actor at this time.'
    })
    expect(await get<Rows<ActorRow>>('/api/actors?q=listening')).toMatchObject({ total: 3 })
  })

  it('go back in a recording until newer ones have taken its place', async () => {
    const actor = {
      machine: 'processor',
      name: 'processor.0.PLAINTEXT',
      number: 1,
      level: 'lifecycle'
    } as const
    const step = (event: string, from: string, to: string) => ({ event, from, to, actions: [] })
    const entries = [
      {
        number: 1,
        atMs: 1000.5,
        actor,
        step: step('start', 'starting', 'running'),
        data: undefined,
        context: undefined
      },
      {
        number: 2,
        atMs: 2000,
        actor,
        step: step('queueFull', 'running', 'backpressured'),
        data: undefined,
        context: undefined
      }
    ]
    server.traces = [packTrace(1, entries, { lifecycle: 0, all: 0 })]
    const taken = await get<{ recording: number }>('/api/recording')
    expect(taken).toEqual({ recording: 1, fromMs: 1000.5, toMs: 2000, missing: [], overwritten: 0 })
    const stateAt = async (at: number): Promise<unknown> =>
      (await get<ActorAnswer>(`/api/actor?recording=1&at=${at}&thread=1&name=${actor.name}`)).state
    expect([await stateAt(1500), await stateAt(2000)]).toEqual(['running', 'backpressured'])
    expect(await get('/api/actors?recording=1&at=1500&q=running')).toMatchObject({ total: 3 })
    for (let more = 0; more < 3; more++) await get('/api/recording')
    expect(await get('/api/actors?recording=1')).toEqual({
      error: 'This recording is not kept any more: take a new one.'
    })
  })

  it('look once for all who ask at the same time, and again for whoever asks later', async () => {
    let looks = 0
    const look = async () => {
      looks++
      await new Promise(resolve => setImmediate(resolve))
      return faults['full queue']
    }
    const routes = pageRoutes({ snapshot: look, trace: async () => [], wallOffsetMs: () => 0 })
    const ask = () => routes['/api/floor']?.(new URLSearchParams())
    await Promise.all([ask(), ask(), ask()])
    expect(looks).toBe(1)
    await ask()
    expect(looks).toBe(2)
  })

  it('let a failed look be tried again', async () => {
    let looks = 0
    const routes = pageRoutes({
      snapshot: async () => {
        if (looks++ === 0) throw new Error('a thread is dead')
        return quiet
      },
      trace: async () => [],
      wallOffsetMs: () => 0
    })
    const ask = () => routes['/api/floor']?.(new URLSearchParams())
    await expect(ask()).rejects.toThrow('a thread is dead')
    await expect(ask()).resolves.toMatchObject({ type: 'application/json' })
  })
})

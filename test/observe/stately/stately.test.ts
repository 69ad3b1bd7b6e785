// Goal: tools that read Stately's inspection protocol see what the actors of a running broker do, and nobody else does. Method:
// the receiver of Stately's own package on a whole broker, its messages beside those that the package makes itself.
import { once } from 'node:events'
import http from 'node:http'
import { createInspector, createWebSocketReceiver, type StatelyInspectionEvent } from '@statelyai/inspect'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createActor, createMachine } from 'xstate'
import { channelMachine } from '../../../src/actors/network/channel.machine.js'
import { startBroker } from '../../../src/index.js'
import { createTopic } from '../../broker/support.js'
import { WireClient } from '../../support/wire-client.js'

// Worker threads load dist, so a broker with some is taken from there.
const { startBroker: startBuilt }: typeof import('../../../src/index.js') = await import(
  new URL('../../../dist/index.js', import.meta.url).href
)

type Of<T extends StatelyInspectionEvent['type']> = Extract<StatelyInspectionEvent, { type: T }>

class Watcher {
  readonly seen: StatelyInspectionEvent[] = []
  readonly #sessions = new Map<string, string>()

  constructor(inspector: string | undefined, query = '') {
    const server = `${(inspector ?? '').replace(/^http/, 'ws')}stately${query}`
    createWebSocketReceiver({ server }).subscribe(event => this.seen.push(event))
  }

  actors(): Of<'@xstate.actor'>[] {
    return this.seen.filter(event => event.type === '@xstate.actor')
  }

  /** Of the actor with that name: type of each event, and the state that came of it. */
  stepsOf(name: string): unknown[] {
    for (const { sessionId, name } of this.actors()) this.#sessions.set(sessionId, name)
    return this.seen.flatMap(event =>
      event.type === '@xstate.snapshot' && this.#sessions.get(event.sessionId) === name
        ? [[event.event.type, (event.snapshot as { value?: unknown }).value]]
        : []
    )
  }

  async until(holds: () => boolean): Promise<void> {
    const end = performance.now() + 10_000
    while (!holds()) {
      if (performance.now() > end) throw new Error(`not in time: ${JSON.stringify(this.seen).slice(0, 2000)}`)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
}

const anyPort = { 'inspector.listener': 'http://127.0.0.1:0' }

test.each([
  ['inline', {}],
  ['perCore', { 'odradek.workers': '1' }]
])('a watcher of a broker placed %s sees who lives, and each step from then on', async (placement, more) => {
  const start = placement === 'inline' ? startBroker : startBuilt
  const broker = await start({ overrides: { ...anyPort, 'odradek.placement': placement, ...more } })
  const watcher = new Watcher(broker.inspector)
  await watcher.until(() => watcher.actors().some(({ name }) => name.startsWith('processor.')))
  const root = watcher.actors()[0]
  expect(root).toMatchObject({ name: 'broker', snapshot: { status: 'active', value: 'running' } })
  expect(root?.parentId).toBeUndefined()
  for (const { rootId, parentId, sessionId, definition = '', snapshot } of watcher.actors().slice(1)) {
    expect([rootId, parentId]).toEqual([root?.sessionId, root?.sessionId])
    expect(sessionId).not.toBe(root?.sessionId)
    // What a tool does with it.
    const machine = createMachine(JSON.parse(definition))
    expect(machine.resolveState({ value: snapshot.value, context: {} }).value).toEqual(snapshot.value)
  }
  const client = await WireClient.connect(broker.bootstrapServers)
  await createTopic(client, 'watched')
  await watcher.until(() => watcher.stepsOf('replicas.partition.watched-0').length >= 2)
  expect(watcher.stepsOf('replicas.partition.watched-0')[0]).toEqual(['xstate.init', expect.anything()])
  expect(new Set(watcher.seen.map(({ sessionId, id }) => `${sessionId} ${id}`)).size).toBe(
    watcher.seen.length
  )
  client.close()
  await broker.close()
})

test('a watcher is told of the past that it asks for, and only of the actors that it names', async () => {
  const broker = await startBroker({ overrides: anyPort })
  const watcher = new Watcher(broker.inspector, '?past=10000&q=acceptor')
  await watcher.until(() => watcher.stepsOf('broker').length > 5)
  const [steps, others] = [watcher.stepsOf('broker'), watcher.actors().map(({ name }) => name)]
  expect(steps[0]).toEqual(['xstate.init', 'notRunning'])
  expect(steps).toContainEqual(['stepDone', { starting: 'logs' }])
  expect(steps.at(-1)).toEqual(['stepDone', 'running'])
  expect(new Set(others)).toEqual(new Set(['broker', 'acceptor.PLAINTEXT']))
  expect(watcher.stepsOf('acceptor.PLAINTEXT').at(-1)).toEqual(['open', 'listening'])
  await broker.close()
})

test('the messages have the fields of those that the package makes of an actor in XState', async () => {
  const theirs: StatelyInspectionEvent[] = []
  const { inspect } = createInspector({ send: event => void theirs.push(event) })
  const actor = createActor(channelMachine.provide({}), { inspect }).start()
  actor.send({ type: 'peerEnded' })
  actor.send({ type: 'close' })
  const broker = await startBroker({ overrides: { ...anyPort, 'odradek.trace': 'all' } })
  const watcher = new Watcher(broker.inspector, '?q=channel.')
  await watcher.until(() => watcher.actors().length > 0)
  const client = await WireClient.connect(broker.bootstrapServers)
  await createTopic(client, 'any')
  client.close()
  const ends = (event: StatelyInspectionEvent): boolean =>
    event.type === '@xstate.snapshot' && event.snapshot.status === 'done'
  await watcher.until(() => watcher.seen.some(ends) && theirs.some(ends))
  const channel = watcher.actors().find(({ name }) => name.startsWith('channel.'))
  const ours = watcher.seen.filter(({ sessionId }) => sessionId === channel?.sessionId)
  const plain = (event: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(event))
  for (const type of ['@xstate.actor', '@xstate.event', '@xstate.snapshot'] as const) {
    const [their = {}, our = {}] = [theirs, ours].map(all => plain(all.find(each => each.type === type)))
    // A child of the broker has a parent.
    const { parentId, ...rest } = our
    expect(Object.keys(rest).sort()).toEqual(Object.keys(their).sort())
    if (type !== '@xstate.actor') continue
    expect(parentId).toBeDefined()
    const definitions = [their, our].map(({ definition }) => JSON.parse(String(definition)))
    expect(definitions[1]).toEqual(definitions[0])
  }
  const snapshots = [theirs, ours].map(all => plain(all.findLast(ends)).snapshot)
  expect(Object.keys(snapshots[1] ?? {}).sort()).toEqual(Object.keys(snapshots[0] ?? {}).sort())
  await broker.close()
})

async function statusOf(url: string, headers: Record<string, string> = {}): Promise<number | 'open'> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers })
  const opened = once(socket, 'open').then(() => 'open' as const)
  const refused = new Promise<number>(resolve => {
    socket.once('unexpected-response', (_, response) => resolve(response.statusCode ?? 0))
  })
  const status = await Promise.race([opened, refused])
  socket.on('error', () => {}).terminate()
  return status
}

test('pages of other hosts cannot watch, programs and pages of this machine can', async () => {
  const broker = await startBroker({ overrides: anyPort })
  const url = `${broker.inspector}stately`
  const port = new URL(url).port
  expect(await statusOf(url)).toBe('open')
  expect(await statusOf(url, { origin: `http://127.0.0.1:${port}` })).toBe('open')
  expect(await statusOf(url, { origin: 'http://localhost:8080' })).toBe('open')
  expect(await statusOf(url, { origin: 'https://evil.example' })).toBe(403)
  expect(await statusOf(url, { origin: 'null' })).toBe(403)
  expect(await statusOf(url, { origin: 'http://localhost.evil.example' })).toBe(403)
  expect(await statusOf(url, { host: 'evil.example' })).toBe(403)
  expect(await statusOf(`${broker.inspector}metrics`)).toBe(404)
  await broker.close()
})

test('where nothing is recorded there is nothing to watch', async () => {
  const broker = await startBroker({ overrides: { ...anyPort, 'odradek.trace': 'off' } })
  expect(await statusOf(`${broker.inspector}stately`)).toBe(409)
  await broker.close()
})

test('a client that offers another protocol is answered as if it had not', async () => {
  const broker = await startBroker({ overrides: anyPort })
  const headers = {
    connection: 'Upgrade, HTTP2-Settings',
    upgrade: 'h2c',
    'http2-settings': 'AAMAAABkAARAAAAA'
  }
  const request = http.request(`${broker.inspector}health`, { agent: false, headers }).end()
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  let body = ''
  for await (const chunk of response.setEncoding('utf8')) body += chunk
  expect([response.statusCode, JSON.parse(body).status]).toEqual([200, 'running'])
  await broker.close()
})

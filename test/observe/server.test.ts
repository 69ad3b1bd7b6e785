// Goal: the inspector answers from the first step of the start to the last of the stop, to this machine only, and to GET
// only; a port that is taken costs the start only when it was chosen. Method: HTTP requests, some with forged headers.
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { StartupError, startBroker } from '../../src/index.js'
import { inspectorServer, plain } from '../../src/observe/inspector-server.js'

const anyPort = { 'inspector.listener': 'http://127.0.0.1:0' }

async function ask(url: string, options: http.RequestOptions = {}) {
  const request = http.request(url, { agent: false, ...options }).end()
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  let body = ''
  for await (const chunk of response.setEncoding('utf8')) body += chunk
  return { status: response.statusCode, body, headers: response.headers }
}

test('the health says 503 while the broker starts, 200 while it runs, and nobody answers afterwards', async () => {
  const told: Promise<{ status: number | undefined; body: string }>[] = []
  const write = (line: string): void => {
    const [, address = ''] = /^inspector (\S+)$/.exec(line) ?? []
    if (address !== '') told.push(ask(`${address}health`))
  }
  const broker = await startBroker({ overrides: anyPort, log: { level: 'info', write } })
  const [starting] = await Promise.all(told)
  expect([starting?.status, JSON.parse(starting?.body ?? '{}').status]).toEqual([503, 'not running'])
  const running = await ask(`${broker.inspector}health`)
  expect([running.status, JSON.parse(running.body)]).toMatchObject([
    200,
    { status: 'running', state: 'running', clusterId: broker.clusterId, listeners: [{ name: 'PLAINTEXT' }] }
  ])
  await broker.close()
  await expect(ask(`${broker.inspector}health`)).rejects.toThrow(/ECONNREFUSED/)
})

test('an embedded broker that is not asked to listens nowhere', async () => {
  const broker = await startBroker()
  expect(broker.inspector).toBeUndefined()
  await broker.close()
})

test('foreign names, other methods and other paths are refused', async () => {
  const broker = await startBroker({ overrides: anyPort })
  const url = `${broker.inspector}health`
  const statusOf = async (options: http.RequestOptions, of = url) => (await ask(of, options)).status
  expect(await statusOf({ headers: { host: 'evil.example:9404' } })).toBe(403)
  expect(await statusOf({ headers: { host: '127.0.0.1.evil.example' } })).toBe(403)
  expect(await statusOf({ headers: { host: 'localhost:9404' } })).toBe(200)
  expect(await statusOf({ method: 'POST' })).toBe(405)
  expect(await statusOf({}, `${broker.inspector}constructor`)).toBe(404)
  expect(await statusOf({}, `${broker.inspector}api/offset?topic=a`)).toBe(400)
  expect(await ask(url, { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
  const { headers } = await ask(url)
  expect(headers['content-security-policy']).toContain("default-src 'none'")
  await broker.close()
})

test('who listens for other machines is scraped by any name, and shown to people by known names only', async () => {
  const routes = {
    open: { '/metrics': async () => plain(200, 'numbers') },
    page: { '/': async () => plain(200, 'page') }
  }
  const server = inspectorServer({ routes, host: '0.0.0.0', onFailure: () => {} })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  const statusOf = async (path: string, host: string) =>
    (await ask(`http://127.0.0.1:${port}${path}`, { headers: { host } })).status
  expect([await statusOf('/metrics', 'broker.example'), await statusOf('/', 'broker.example')]).toEqual([
    200, 403
  ])
  expect([await statusOf('/', '192.0.2.1:9404'), await statusOf('/', 'localhost')]).toEqual([200, 200])
  server.close()
})

test('a chosen port that is taken ends the start with its name, the default one costs a warning', async () => {
  const other = net.createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as net.AddressInfo
  const overrides = { 'inspector.listener': `http://127.0.0.1:${port}` }
  await expect(startBroker({ overrides })).rejects.toThrow(
    new StartupError(
      `inspector.listener: cannot listen on 127.0.0.1:${port}: listen EADDRINUSE: address already in use 127.0.0.1:${port}`
    )
  )
  other.close()

  const first = await holderOf(9404)
  const lines: string[] = []
  const { temporaryLogDir } = await import('../../src/storage/temporary-log-dir.js')
  const directory = temporaryLogDir()
  const broker = await startBroker({
    embedded: false,
    overrides: {
      'log.dirs': directory.path,
      listeners: 'PLAINTEXT://127.0.0.1:0',
      'odradek.placement': 'inline'
    },
    log: { level: 'info', write: line => void lines.push(line) }
  })
  expect(broker.inspector).toBeUndefined()
  expect(lines.filter(line => line.includes('going on without the inspector'))).toHaveLength(1)
  await broker.close()
  directory.remove()
  first?.close()
})

/** Takes the port; undefined when somebody else on this machine has it for longer than a test does. */
async function holderOf(port: number): Promise<net.Server | undefined> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const server = net.createServer().listen(port, '127.0.0.1')
    const isHeld = await once(server, 'listening').then(
      () => true,
      () => false
    )
    if (isHeld) return server
    await sleep(100)
  }
  return undefined
}

test('an address that is none ends the start', async () => {
  for (const text of ['127.0.0.1:9404', 'https://127.0.0.1:1', 'http://127.0.0.1:70000', 'http://a b:1'])
    await expect(startBroker({ overrides: { 'inspector.listener': text } })).rejects.toThrow(StartupError)
})

// Goal: a listener on port 0 has its port before it is open, and nobody else can have it; who comes early waits and is served.
// Method: bind() and startProcessing() with clients and rivals in between.
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { newNetwork } from './echo-server.js'

const connected = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => resolve(socket))
    socket.once('error', reject)
  })

const rival = (port: number): Promise<string> =>
  new Promise(resolve => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
    server.listen({ host: '127.0.0.1', port }, () => server.close(() => resolve('listens')))
  })

test('a port that is bound is nobody else’s, and connections wait until the network starts', async () => {
  await using server = newNetwork()
  const [listener] = await server.network.bind()
  const port = listener?.port ?? 0
  expect(port).toBeGreaterThan(0)
  expect(await rival(port)).toBe('EADDRINUSE')
  const early = await connected(port)
  await sleep(50)
  expect(server.network.connections).toBe(0)
  const [started] = await server.network.startProcessing()
  expect(started?.port).toBe(port)
  for (let i = 0; i < 100 && server.network.connections === 0; i++) await sleep(10)
  expect(server.network.connections).toBe(1)
  early.destroy()
})

test('a network that is closed before it starts gives its port back', async () => {
  let port = 0
  {
    await using server = newNetwork()
    port = (await server.network.bind())[0]?.port ?? 0
  }
  expect(await rival(port)).toBe('listens')
})

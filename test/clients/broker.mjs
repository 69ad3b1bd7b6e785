// One broker, started as a user starts it: npm run broker with overrides, its own data directory and a free port.
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { killGroup, start } from './processes.mjs'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/** Metadata v0 for all topics: the first request that a broker must be able to answer. */
function answers(port) {
  const request = Buffer.from('0000000e000300000000000' + '1ffff00000000', 'hex')
  return new Promise(resolve => {
    const socket = net.connect({ host: 'localhost', port })
    const done = value => {
      socket.destroy()
      resolve(value)
    }
    socket.setTimeout(1000, () => done(false))
    socket.on('connect', () => socket.write(request))
    socket.on('data', () => done(true))
    socket.on('error', () => done(false))
    socket.on('end', () => done(false))
  })
}

async function untilReady(broker, port, timeoutMs = 60_000) {
  const startMs = performance.now()
  while (performance.now() - startMs < timeoutMs) {
    if (broker.child.exitCode !== null) break
    if (await answers(port)) return
    await new Promise(resolve => setTimeout(resolve, 25))
  }
  killGroup(broker.child)
  throw new Error(
    `the broker did not get ready:\n${broker.output.stdout.slice(-1500)}\n${broker.output.stderr.slice(-1500)}`
  )
}

/** `stop()` asks npm to stop it as a terminal would and gives how it ended. */
export async function startBroker({ placement, overrides = {} }) {
  const port = await freePort()
  const dataDir = mkdtempSync(join(tmpdir(), 'odradek-clients-'))
  const all = {
    listeners: `PLAINTEXT://localhost:${port}`,
    'log.dirs': dataDir,
    'odradek.placement': placement,
    ...overrides
  }
  const words = Object.entries(all).flatMap(([name, value]) => ['--override', `${name}=${value}`])
  const broker = start('npm', ['run', '--silent', 'broker', '--', ...words], { cwd: root })
  await untilReady(broker, port)
  return {
    bootstrap: `localhost:${port}`,
    port,
    dataDir,
    output: broker.output,
    async stop(timeoutMs = 20_000) {
      const timer = setTimeout(() => killGroup(broker.child), timeoutMs)
      if (broker.child.exitCode === null) broker.child.kill('SIGTERM')
      const result = await broker.ended
      clearTimeout(timer)
      return result
    },
    remove() {
      rmSync(dataDir, { recursive: true, force: true })
    }
  }
}

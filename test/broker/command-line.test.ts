// Goal: what an operator can repair is one clear line that names the key or the path, exit 1, no stack trace; a stop that was
// asked for is exit 0. Method: the broker as a process.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { startBrokerProcess } from '../crash/broker-process.js'
import { WireClient } from '../support/wire-client.js'
import { createTopic } from './support.js'

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'odradek-cli-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
let count = 0
const fresh = (): string => join(directory, `data-${count++}`)

function refused(args: readonly string[]): string {
  const { status, stderr, stdout } = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    timeout: 15_000
  })
  expect(status, stdout + stderr).toBe(1)
  const lines = stderr.trim().split('\n')
  expect(lines).toHaveLength(1)
  expect(stderr + stdout).not.toMatch(/\n\s+at /)
  return lines[0] ?? ''
}

const override = (overrides: Record<string, string>): string[] =>
  Object.entries({
    listeners: 'PLAINTEXT://127.0.0.1:0',
    'log.dirs': fresh(),
    ...overrides
  }).flatMap(([key, value]) => ['--override', `${key}=${value}`])

describe('a start that cannot be', () => {
  test.each([
    ['num.io.threads', { 'num.io.threads': 'many' }],
    ['log.segment.bytes', { 'log.segment.bytes': '1' }],
    ['listeners', { listeners: 'SSL://127.0.0.1:9093' }],
    ['authorizer.class.name', { 'authorizer.class.name': 'kafka.security.authorizer.AclAuthorizer' }],
    ['sasl.enabled.mechanisms', { 'sasl.enabled.mechanisms': 'SCRAM-SHA-256' }],
    ['ssl.keystore.location', { 'ssl.keystore.location': '/etc/keys' }]
  ])('names %s', (key, overrides) => {
    expect(refused(override(overrides as Record<string, string>))).toContain(key)
  })

  test('names the file, the key and the reason', () => {
    const file = join(directory, 'server.properties')
    writeFileSync(file, `log.dirs=${fresh()}\nnum.network.threads=0\n`)
    expect(refused([file])).toMatch(/server\.properties.*num\.network\.threads/)
  })

  test('names a log directory that is a file', () => {
    const path = fresh()
    writeFileSync(path, '')
    expect(refused(override({ 'log.dirs': path }))).toContain(path)
  })

  test('names a file that is not there', () => {
    expect(refused([join(directory, 'nowhere.properties')])).toContain('nowhere.properties')
  })

  test('names the port or the directory that another broker has', async () => {
    const logDir = fresh()
    const broker = await startBrokerProcess(logDir)
    const port = broker.bootstrap.split(':')[1] ?? ''
    expect(refused(override({ listeners: `PLAINTEXT://127.0.0.1:${port}` }))).toContain(port)
    expect(refused(override({ 'log.dirs': logDir }))).toContain(logDir)
    broker.child.kill('SIGTERM')
    expect(await broker.exited).toBe(0)
  })
})

describe('the process', () => {
  test('prints its usage and its version', () => {
    const help = spawnSync(process.execPath, [main, '--help'], { encoding: 'utf8' })
    expect([help.status, help.stdout]).toEqual([0, expect.stringContaining('--override')])
    const version = spawnSync(process.execPath, [main, '--version'], { encoding: 'utf8' })
    expect([version.status, version.stdout]).toEqual([0, expect.stringMatching(/\d+\.\d+\.\d+/)])
  })

  test('warns of a property that nobody knows and starts', async () => {
    const broker = await startBrokerProcess(fresh(), { 'no.such.property': '1' })
    expect(broker.output()).toMatch(/WARN.*no\.such\.property/)
    broker.child.kill('SIGTERM')
    expect(await broker.exited).toBe(0)
  })

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'stops in order on %s and leaves the clean-shutdown marker',
    async signal => {
      const logDir = fresh()
      const broker = await startBrokerProcess(logDir)
      expect(existsSync(join(logDir, '.kafka_cleanshutdown'))).toBe(false)
      broker.child.kill(signal)
      expect(await broker.exited).toBe(0)
      expect(broker.output()).toContain('shut down completed')
      expect(existsSync(join(logDir, '.kafka_cleanshutdown'))).toBe(true)
    }
  )

  test('goes on, and stops in order, when nobody reads what it says any more', async () => {
    const logDir = fresh()
    // Each request is slow, and gets a line.
    const broker = await startBrokerProcess(logDir, { 'odradek.slow.request.ms': '1' })
    broker.child.stdout?.destroy()
    broker.child.stderr?.destroy()
    const client = await WireClient.connect(broker.bootstrap)
    for (const topic of ['a', 'b', 'c']) await createTopic(client, topic)
    client.close()
    broker.child.kill('SIGTERM')
    expect(await broker.exited).toBe(0)
    expect(existsSync(join(logDir, '.kafka_cleanshutdown'))).toBe(true)
  })

  test('locks its directory against the POSIX lock of another broker', async () => {
    const script =
      "import fcntl,sys; f=open(sys.argv[1],'r+b'); fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB)"
    const python = spawnSync('python3', ['-c', '']).status === 0
    const logDir = fresh()
    const broker = await startBrokerProcess(logDir)
    if (python) expect(spawnSync('python3', ['-c', script, join(logDir, '.lock')]).status).not.toBe(0)
    else console.log('python3 is absent: the lock was not tried from another program')
    broker.child.kill('SIGTERM')
    expect(await broker.exited).toBe(0)
    if (python) expect(spawnSync('python3', ['-c', script, join(logDir, '.lock')]).status).toBe(0)
  })
})

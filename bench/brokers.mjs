// The two brokers under test, each as a process of its own: start, wait until it answers, CPU and memory, stop.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ticksPerSecond = 100

/**
 * The first of some hundred that nobody else is given: below those of the system, for a connection to one of its own may meet
 * itself, and would answer like a broker.
 */
export const firstPort = 21_000 + (process.pid % 1400) * 8

/** User + system CPU seconds of a process and its waited-for children, from /proc. */
export function cpuSeconds(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

export function rssMegabytes(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024
}

/** Resolves true when the broker answers a Metadata v0 request for all topics. */
function answers(port) {
  const request = Buffer.from('0000000e' + '0003' + '0000' + '00000001' + 'ffff' + '00000000', 'hex')
  return new Promise(resolve => {
    const socket = net.connect({ host: '127.0.0.1', port })
    const done = value => {
      socket.destroy()
      resolve(value)
    }
    socket.setTimeout(500, () => done(false))
    socket.on('connect', () => socket.write(request))
    socket.on('data', chunk => done(chunk.length > 4))
    socket.on('error', () => done(false))
    socket.on('end', () => done(false))
  })
}

export async function untilReady(port, child, timeoutMs = 60_000) {
  const start = performance.now()
  while (performance.now() - start < timeoutMs) {
    if (child.exitCode !== null) throw new Error(`the broker ended with ${child.exitCode}`)
    if (await answers(port)) return
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  throw new Error('the broker did not become ready')
}

/** The broker's own process below npm, if npm started it. */
function leaf(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  return children.length === 0 ? pid : leaf(Number(children[0]))
}

async function launch(name, command, args, options, port, dir) {
  const started = performance.now()
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', chunk => {
    stderr = (stderr + chunk).slice(-4000)
  })
  await untilReady(port, child).catch(error => {
    child.kill('SIGKILL')
    throw new Error(`${name}: ${error.message}\n${stderr}`)
  })
  const readyMs = performance.now() - started
  const pid = leaf(child.pid)
  return {
    name,
    port,
    pid,
    readyMs,
    dir,
    async stop() {
      const exited = new Promise(resolve => child.once('exit', resolve))
      process.kill(pid, 'SIGTERM')
      await exited
      rmSync(dir, { recursive: true, force: true })
    }
  }
}

export async function startOdradek({ port, root, throughNpm = false, overrides = {} }) {
  const dir = mkdtempSync(join(tmpdir(), 'odradek-bench-'))
  const all = { listeners: `PLAINTEXT://127.0.0.1:${port}`, 'log.dirs': join(dir, 'data'), ...overrides }
  const flags = Object.entries(all).flatMap(([key, value]) => ['--override', `${key}=${value}`])
  return throughNpm
    ? launch('odradek', 'npm', ['run', '--silent', 'broker', '--', ...flags], { cwd: root }, port, dir)
    : launch('odradek', process.execPath, [join(root, 'dist/main.js'), ...flags], { cwd: dir }, port, dir)
}

/** Kafka 3.9 as one KRaft node with the heap and collector flags of its own start script. */
export async function startKafka({ port, libs }) {
  const dir = mkdtempSync(join(tmpdir(), 'kafka-bench-'))
  const properties = join(dir, 'server.properties')
  mkdirSync(join(dir, 'data'))
  writeFileSync(
    properties,
    [
      'process.roles=broker,controller',
      'node.id=1',
      `controller.quorum.voters=1@127.0.0.1:${port + 1}`,
      `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${port + 1}`,
      `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
      'controller.listener.names=CONTROLLER',
      'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      `log.dirs=${join(dir, 'data')}`,
      'offsets.topic.replication.factor=1',
      'transaction.state.log.replication.factor=1',
      'transaction.state.log.min.isr=1'
    ].join('\n')
  )
  const classpath = `${libs}/*`
  const quiet = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn']
  const format = spawnSync(
    'java',
    [
      ...quiet,
      '-cp',
      classpath,
      'kafka.tools.StorageTool',
      'format',
      '-t',
      'AAAAAAAAAAAAAAAAAAAAAQ',
      '-c',
      properties
    ],
    { encoding: 'utf8' }
  )
  if (format.status !== 0) throw new Error(format.stderr)
  const jvm = ['-Xmx1G', '-Xms1G', '-server', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20']
  jvm.push(
    '-XX:InitiatingHeapOccupancyPercent=35',
    '-XX:+ExplicitGCInvokesConcurrent',
    '-Djava.awt.headless=true'
  )
  return launch(
    'kafka',
    'java',
    [...jvm, ...quiet, '-cp', classpath, 'kafka.Kafka', properties],
    {},
    port,
    dir
  )
}

export function kafkaLibs(candidates) {
  return candidates.find(path => {
    try {
      return readdirSync(path).some(name => name.startsWith('kafka_2.13-3.9'))
    } catch {
      return false
    }
  })
}

// Committing offsets beside Apache Kafka 3.9: both brokers run, and one after the other is sent the commits of many groups in
// short rounds. Each group commits all its partitions at a fixed pace, whether it has been answered or not; a latency counts from
// when the commit was due.
//   node bench/commits.mjs [--rounds 6] [--seconds 8] [--groups 1000] [--partitions 10] [--everyMs 1000] [--connections 20]
import { once } from 'node:events'
import net from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { cpuSeconds, firstPort, startKafka, startOdradek } from './brokers.mjs'
import { resolveLibs } from './kafka-libs.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const built = name => import(new URL(`../dist/${name}.js`, import.meta.url).href)
const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '8' },
    groups: { type: 'string', default: '1000' },
    partitions: { type: 'string', default: '10' },
    everyMs: { type: 'string', default: '1000' },
    connections: { type: 'string', default: '20' },
    libs: { type: 'string' },
    only: { type: 'string' },
    override: { type: 'string', multiple: true, default: [] }
  }
})
const groups = Number(flags.groups)
const partitions = Number(flags.partitions)
const everyMs = Number(flags.everyMs)
const overrides = Object.fromEntries(flags.override.map(text => text.split(/=(.*)/s).slice(0, 2)))

const { codecOf } = await built('protocol/codec')
const { createTopicsRequest } = await built('protocol/messages/create-topics')
const { findCoordinatorRequest, findCoordinatorResponse } = await built('protocol/messages/find-coordinator')
const { offsetCommitRequest, offsetCommitResponse } = await built('protocol/messages/offset-commit')

/** Versions here are the last ones whose headers have no tagged fields. */
function framed(key, version, schema, body) {
  const header = Buffer.alloc(14)
  header.writeInt16BE(key, 4)
  header.writeInt16BE(version, 6)
  header.writeInt16BE(-1, 12)
  const whole = Buffer.concat([header, ...codecOf(schema, version).encode(body)])
  whole.writeInt32BE(whole.length - 4, 0)
  return whole
}

/** Where the offsets lie in a frame: encoded with one that is nothing else. */
const mark = 0x6d61726b6d61726bn
const commitVersion = 7
function commitOf(group) {
  const named = Array.from({ length: partitions }, (_, partitionIndex) => ({
    partitionIndex,
    committedOffset: mark,
    committedMetadata: ''
  }))
  const topics = [{ name: 'committed', partitions: named }]
  const frame = framed(8, commitVersion, offsetCommitRequest, {
    groupId: `group-${group}`,
    memberId: '',
    topics
  })
  const pattern = Buffer.alloc(8)
  pattern.writeBigInt64BE(mark)
  const offsetsAt = []
  for (let at = frame.indexOf(pattern); at >= 0; at = frame.indexOf(pattern, at + 8)) offsetsAt.push(at)
  return { frame, offsetsAt }
}

const commits = Array.from({ length: groups }, (_, group) => commitOf(group))
let newest = 0n

/** Frames of a connection in the order of its requests. */
class Connection {
  #waiting = []
  #bytes = Buffer.alloc(0)

  constructor(port) {
    this.socket = net.connect({ host: '127.0.0.1', port, noDelay: true })
    this.socket.on('data', chunk => this.#received(chunk))
  }

  send(frame, onFrame) {
    this.#waiting.push(onFrame)
    this.socket.write(frame)
  }

  ask(frame) {
    return new Promise(resolve => this.send(frame, resolve))
  }

  #received(chunk) {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
    let at = 0
    while (this.#bytes.length - at >= 4) {
      const end = at + 4 + this.#bytes.readInt32BE(at)
      if (this.#bytes.length < end) break
      this.#waiting.shift()(this.#bytes.subarray(at + 4, end))
      at = end
    }
    this.#bytes = this.#bytes.subarray(at)
  }
}

async function prepare(broker) {
  const connection = new Connection(broker.port)
  await once(connection.socket, 'connect')
  const topics = [{ name: 'committed', numPartitions: partitions, replicationFactor: 1 }]
  await connection.ask(framed(19, 4, createTopicsRequest, { topics, timeoutMs: 10_000 }))
  for (;;) {
    const frame = await connection.ask(framed(10, 2, findCoordinatorRequest, { key: 'group-0', keyType: 0 }))
    if (codecOf(findCoordinatorResponse, 2).decode(frame, 4).value.errorCode === 0) break
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  connection.socket.destroy()
}

/** All groups commit at their pace for some seconds; the latencies in ms, and how many commits were refused. */
async function round(broker, seconds) {
  const connections = Array.from({ length: Number(flags.connections) }, () => new Connection(broker.port))
  await Promise.all(connections.map(({ socket }) => once(socket, 'connect')))
  const latencies = []
  let [sent, refused] = [0, 0]
  const total = Math.floor((groups * seconds * 1000) / everyMs)
  const startMs = performance.now()
  const answers = new Promise(resolve => {
    const step = () => {
      const due = Math.min(total, Math.floor(((performance.now() - startMs) * groups) / everyMs))
      for (; sent < due; sent++) {
        const dueMs = startMs + (sent * everyMs) / groups
        const { frame, offsetsAt } = commits[sent % groups]
        newest++
        for (const at of offsetsAt) frame.writeBigInt64BE(newest, at)
        connections[sent % connections.length].send(Buffer.from(frame), answer => {
          latencies.push(performance.now() - dueMs)
          const { topics } = codecOf(offsetCommitResponse, commitVersion).decode(answer, 4).value
          if (topics[0].partitions.some(({ errorCode }) => errorCode !== 0)) refused++
          if (latencies.length === total) resolve()
        })
      }
      if (sent < total) setTimeout(step, 1)
    }
    step()
  })
  await answers
  for (const { socket } of connections) socket.destroy()
  return { latencies: latencies.sort((a, b) => a - b), refused }
}

const starts = {
  kafka: port => startKafka({ port, libs: resolveLibs(flags.libs, join(root, '.cache', 'bench')) }),
  odradek: port => startOdradek({ port, root, overrides })
}
const names = flags.only === undefined ? Object.keys(starts) : flags.only.split(',')
const brokers = []
for (const [index, name] of names.entries()) {
  const broker = await starts[name](firstPort + index * 4)
  await prepare(broker)
  brokers.push({ name, broker, all: [], cpuSeconds: 0, commits: 0, refused: 0, p99s: [] })
}
const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
const shown = sorted => [0.5, 0.99, 0.999].map(share => percentile(sorted, share).toFixed(2)).join(' / ')

// The first rounds warm the code of both and count for nothing.
for (let number = -1; number < Number(flags.rounds); number++) {
  for (const each of brokers) {
    const cpu = cpuSeconds(each.broker.pid)
    const { latencies, refused } = await round(each.broker, Number(flags.seconds))
    const label = number < 0 ? 'warm-up' : `round ${number + 1}`
    console.log(`${label}: ${each.name.padEnd(8)} p50 / p99 / p99.9 ms: ${shown(latencies)}`)
    if (number < 0) continue
    each.cpuSeconds += cpuSeconds(each.broker.pid) - cpu
    each.commits += latencies.length
    each.refused += refused
    each.all.push(...latencies)
    each.p99s.push(percentile(latencies, 0.99))
  }
}
const median = values => values.toSorted((a, b) => a - b)[values.length >> 1]
for (const { name, all, p99s, refused, ...each } of brokers) {
  const perCommit = ((each.cpuSeconds / each.commits) * 1e6).toFixed(0)
  const sorted = all.sort((a, b) => a - b)
  console.log(
    `${name.padEnd(8)} all rounds: p50 / p99 / p99.9 ms: ${shown(sorted)}; median of the rounds' p99: ${median(p99s).toFixed(2)} ms; ` +
      `${each.commits} commits, ${refused} refused, ${perCommit} µs of CPU each`
  )
}
await Promise.all(brokers.map(({ broker }) => broker.stop()))
process.exit(0)

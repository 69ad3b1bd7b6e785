// Goal: whoever has only the page finds which of five faults a broker suffers from. Method: real brokers, each with one fault
// made on purpose: a disk that flushes slowly, a disk that writes slowly, a client that does not read, too many connections,
// one handler that does not keep up; then what the floor plan and the sentence about the request say, over HTTP.
import net from 'node:net'
import { Kafka, logLevel } from 'kafkajs'
import { afterEach, describe, expect, it } from 'vitest'
import { Broker } from '../../../src/actors/broker/broker.js'
import { systemDisk } from '../../../src/actors/broker/disk.js'
import { silentSink } from '../../../src/actors/runtime/log.js'
import { loadBrokerConfig } from '../../../src/config/broker-config.js'
import { Inspector } from '../../../src/observe/inspector.js'
import type { FloorPlan } from '../../../src/observe/page/floor-plan.js'
import type { RequestsAnswer } from '../../../src/observe/page/requests-view.js'
import { type Files, type OpenFile, systemFiles } from '../../../src/storage/files.js'
import { temporaryLogDir } from '../../../src/storage/temporary-log-dir.js'

interface Sick {
  readonly bootstrap: string
  readonly kafka: Kafka
  floor(): Promise<FloorPlan>
  slowest(api: string): Promise<string>
  /** Once the floor plan says so. */
  troubled(by: RegExp): Promise<string>
}

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

/** A disk whose open files are those that `change` makes of them. */
const filesWith = (change: (file: OpenFile) => Partial<OpenFile>): Files => ({
  ...systemFiles,
  open: (path, mode) => {
    const file = systemFiles.open(path, mode)
    return path.endsWith('.log') ? { ...bound(file), ...change(file) } : file
  }
})

const bound = (file: OpenFile): OpenFile => ({
  read: (into, position) => file.read(into, position),
  readCached: (into, position) => file.readCached(into, position),
  readAsync: (into, position) => file.readAsync(into, position),
  write: (bytes, position) => file.write(bytes, position),
  size: () => file.size(),
  truncate: size => file.truncate(size),
  sync: () => file.sync(),
  syncAsync: () => file.syncAsync(),
  close: () => file.close()
})

async function sickBroker(more: Record<string, string>, files: Files = systemFiles): Promise<Sick> {
  const directory = temporaryLogDir()
  const overrides = {
    listeners: 'PLAINTEXT://127.0.0.1:0',
    'log.dirs': directory.path,
    'odradek.placement': 'inline',
    'inspector.listener': 'http://127.0.0.1:0',
    ...more
  }
  const { config } = loadBrokerConfig({ overrides })
  let inspector: Inspector | undefined
  const observer = (watched: Broker): Inspector => {
    inspector = new Inspector(watched, silentSink)
    return inspector
  }
  const broker = new Broker({ config, sink: silentSink, disk: { ...systemDisk, files }, observer })
  await broker.started
  endings.push(directory.remove, () => {
    broker.stop()
    return broker.closed
  })
  const get = async <T>(path: string): Promise<T> =>
    (await fetch(`${inspector?.address}${path}`)).json() as Promise<T>
  const floor = (): Promise<FloorPlan> => get('api/floor')
  const { bootstrapServers: bootstrap } = broker
  return {
    bootstrap,
    kafka: new Kafka({
      brokers: [bootstrap],
      clientId: 'billing',
      logLevel: logLevel.NOTHING,
      requestTimeout: 20_000
    }),
    floor,
    slowest: async api => (await get<RequestsAnswer>(`api/requests?api=${api}`)).rows[0]?.sentence ?? '',
    troubled: async by => {
      let seen: readonly string[] = []
      for (const end = performance.now() + 8000; performance.now() < end; ) {
        seen = (await floor()).troubles
        const found = seen.find(each => by.test(each))
        if (found !== undefined) return found
        await new Promise(resolve => setTimeout(resolve, 50))
      }
      throw new Error(`no trouble like ${by}, but ${seen.join(' ')}`)
    }
  }
}

/** Holds the thread, as a disk does that takes no more. */
const hold = (ms: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

async function producerOf({ kafka }: Sick) {
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 1 }] })
  await admin.disconnect()
  const producer = kafka.producer({ retry: { retries: 0 } })
  await producer.connect()
  endings.push(() => producer.disconnect())
  return producer
}

const send = (value: string | Buffer) => ({ topic: 'orders', messages: [{ value }] })

describe('a broker with a fault', { timeout: 25_000 }, () => {
  it('whose disk flushes slowly says so while it flushes, and why the request took its time', async () => {
    const slow = filesWith(file => ({
      syncAsync: async () => {
        await new Promise(resolve => setTimeout(resolve, 1800))
        await file.syncAsync()
      }
    }))
    const sick = await sickBroker({ 'log.flush.acks': 'true' }, slow)
    const sent = (await producerOf(sick)).send(send('x'))
    expect(await sick.troubled(/flush/)).toMatch(
      /^A flush of orders-0 to the disk has been running for 1(?:\.\d)? s\.$/
    )
    await sent
    expect(await sick.slowest('Produce')).toMatch(
      /the flush of orders-0 that covers it took (?:1\.[89]|2) s \(acks\)/
    )
  })

  it('whose disk writes slowly says of a request that the append took the time', async () => {
    let isSlow = false
    const slow = filesWith(file => ({
      write: (bytes, position) => {
        if (isSlow) hold(400)
        file.write(bytes, position)
      }
    }))
    const sick = await sickBroker({}, slow)
    const producer = await producerOf(sick)
    isSlow = true
    await producer.send(send('x'))
    isSlow = false
    expect(await sick.slowest('Produce')).toMatch(
      /^Spent 4\d\d ms in a handler on Produce on topic orders: 4\d\d ms of it until its records were in the page cache of orders-0\./
    )
  })

  it('with one handler that does not keep up says that the request queue is full, and who took its last place', async () => {
    let isSlow = false
    const slow = filesWith(file => ({
      write: (bytes, position) => {
        if (isSlow) hold(60)
        file.write(bytes, position)
      }
    }))
    const sick = await sickBroker({ 'num.io.threads': '1', 'queued.max.requests': '2' }, slow)
    const first = await producerOf(sick)
    const others = Array.from({ length: 9 }, () => sick.kafka.producer({ retry: { retries: 0 } }))
    for (const each of others) {
      await each.connect()
      endings.push(() => each.disconnect())
      await each.send(send('x'))
    }
    isSlow = true
    let isOver = false
    const load = Promise.all(
      [first, ...others].map(async each => {
        while (!isOver) await each.send(send('x'))
      })
    )
    expect(await sick.troubled(/request queue is full/)).toMatch(
      /^The request queue is full: [12]\/2(?:\.|, and \d requests? more that were read wait for room\.)$/
    )
    isOver = true
    await load
    expect(await sick.slowest('Produce')).toMatch(/it (?:was full|took the last free place), \d\/2 before it/)
  })

  it('whose client does not read names the client', async () => {
    const sick = await sickBroker({})
    const producer = await producerOf(sick)
    for (let part = 0; part < 12; part++) await producer.send(send(Buffer.alloc(900_000, part)))
    const { socket, ask } = await deafClient(sick.bootstrap)
    socket.pause()
    ask()
    expect(await sick.troubled(/nobody takes/)).toMatch(
      /^1 connection with an answer that nobody takes: deaf has read nothing for 1(?:\.\d)? s\.$/
    )
    socket.resume()
    await sick.floor()
  })

  it('with more connections than it may have says that the Acceptor is blocked', async () => {
    const sick = await sickBroker({ 'max.connections': '2' })
    const [host = '', port = ''] = sick.bootstrap.split(':')
    for (let each = 0; each < 6; each++) {
      const socket = net.connect({ host, port: Number(port) })
      socket.on('error', () => {})
      endings.push(() => socket.destroy())
    }
    expect(await sick.troubled(/Acceptor/)).toMatch(
      /^Acceptor PLAINTEXT takes no connections, it is blocked\.waitingFor/
    )
    const { stations } = await sick.floor()
    expect(stations[0]?.cards[0]).toMatchObject({ trouble: 'trouble', word: 'blocked' })
  })
})

/** Asks for ten megabytes, as client `deaf`. */
async function deafClient(bootstrap: string): Promise<{ socket: net.Socket; ask(): void }> {
  const [host = '', port = ''] = bootstrap.split(':')
  const socket = net.connect({ host, port: Number(port) })
  await new Promise(resolve => socket.once('connect', resolve))
  endings.push(() => socket.destroy())
  const text = (value: string): Buffer => {
    const bytes = Buffer.from(value)
    const size = Buffer.alloc(2)
    size.writeInt16BE(bytes.length)
    return Buffer.concat([size, bytes])
  }
  const ints = (...values: number[]): Buffer => {
    const bytes = Buffer.alloc(values.length * 4)
    for (const [index, value] of values.entries()) bytes.writeInt32BE(value, index * 4)
    return bytes
  }
  const head = Buffer.from([0, 1, 0, 4, 0, 0, 0, 7])
  const body = [
    ints(-1, 100, 1, 50_000_000),
    Buffer.from([0]),
    ints(1),
    text('orders'),
    ints(1, 0),
    Buffer.alloc(8),
    ints(50_000_000)
  ]
  const frame = Buffer.concat([head, text('deaf'), ...body])
  return { socket, ask: () => void socket.write(Buffer.concat([ints(frame.length), frame])) }
}

// Goal: bad input costs its sender the connection and nobody else anything. Method: damaged frames, garbage, oversize sizes
// and half-open slow connections against a broker process, while a well-behaved client is served all the time.
// BAD_FRAMES=1000000 runs as many damaged frames as the release check.
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apis } from '../../src/actors/apis/index.js'
import { codecOf } from '../../src/protocol/codec.js'
import type { InputOf, MessageSchema } from '../../src/protocol/schema.js'
import { apiVersions, append, batchOf, createTopic } from '../broker/support.js'
import { frameOf, WireClient } from '../support/wire-client.js'
import { type BrokerProcess, startBrokerProcess } from './broker-process.js'

const frames = Number(process.env.BAD_FRAMES ?? 20_000)
const directory = mkdtempSync(join(tmpdir(), 'odradek-bad-'))
let broker: BrokerProcess

beforeAll(async () => {
  broker = await startBrokerProcess(join(directory, 'data'), {
    'socket.request.max.bytes': '1000000'
  })
  const client = await WireClient.connect(broker.bootstrap)
  await createTopic(client, 'victim')
  client.close()
}, 20_000)

afterAll(async () => {
  broker.child.kill('SIGTERM')
  expect(await broker.exited).toBe(0)
  rmSync(directory, { recursive: true, force: true })
})

/** A small generator, so that a failing run can be repeated from its seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function templates(): Buffer[] {
  const made: Buffer[] = []
  for (const { request, versions } of apis) {
    for (let version = versions[0]; version <= versions[1]; version++) {
      made.push(frameOf(request, version, 7, {} as InputOf<MessageSchema>))
      codecOf(request, version)
    }
  }
  const produce = apis.find(({ key }) => key === 0)
  const body = {
    acks: 1,
    timeoutMs: 100,
    topicData: [{ name: 'victim', partitionData: [{ index: 0, records: batchOf(['a', 'bb', 'ccc']) }] }]
  }
  if (produce !== undefined) made.push(frameOf(produce.request, 9, 7, body as InputOf<MessageSchema>))
  return made
}

function damaged(template: Buffer, random: () => number): Buffer {
  const bytes = Buffer.from(template)
  // Key and version stay mostly whole, else nothing behind the header would be reached.
  for (let n = 1 + Math.floor(random() * 4); n > 0; n--) {
    const at =
      random() < 0.9
        ? Math.min(bytes.length - 1, 8 + Math.floor(random() * bytes.length))
        : Math.floor(random() * 4)
    bytes[at] = Math.floor(random() * 256)
  }
  return random() < 0.2 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes
}

/** Sends damaged frames; reconnects whenever the broker closed the connection. Returns how many were sent. */
async function hammer(count: number, seed: number): Promise<number> {
  const random = randomFrom(seed)
  const all = templates()
  const [host = '', port = ''] = broker.bootstrap.split(':')
  let sent = 0
  while (sent < count) {
    await new Promise<void>((resolve, reject) => {
      const socket = net.connect({ host, port: Number(port) })
      const next = (): void => {
        for (let n = 0; n < 50 && sent < count && socket.writable; n++) {
          const frame = damaged(all[Math.floor(random() * all.length)] ?? Buffer.alloc(0), random)
          const size = Buffer.alloc(4)
          size.writeInt32BE(frame.length)
          socket.write(Buffer.concat([size, frame]))
          sent++
        }
        if (sent >= count) socket.end()
      }
      socket.once('connect', next)
      socket.on('data', next)
      socket.on('error', error =>
        'code' in error && error.code === 'ECONNREFUSED' ? reject(error) : resolve()
      )
      socket.on('close', () => resolve())
      socket.setTimeout(2000, () => socket.destroy())
    })
  }
  return sent
}

/** A client that is served throughout: resolves with the slowest answer in ms. */
async function wellBehaved(until: Promise<unknown>): Promise<number> {
  const client = await WireClient.connect(broker.bootstrap)
  let slowest = 0
  let over = false
  void until.finally(() => {
    over = true
  })
  for (let i = 0; !over || i < 10; i++) {
    const from = performance.now()
    await append(client, 'victim', 0, [`good ${i}`])
    slowest = Math.max(slowest, performance.now() - from)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  client.close()
  return slowest
}

describe('a broker under bad input', () => {
  test(`serves others through ${frames} damaged frames, and its memory stays bounded`, {
    timeout: 60_000 + frames
  }, async () => {
    await hammer(2000, 1)
    const before = broker.rssMegabytes()
    const work = Promise.all([2, 3, 4, 5].map(seed => hammer(Math.ceil(frames / 4), seed)))
    const slowest = await wellBehaved(work)
    expect((await work).reduce((sum, sent) => sum + sent, 0)).toBeGreaterThanOrEqual(frames)
    expect(slowest).toBeLessThan(2000)
    expect(broker.rssMegabytes() - before).toBeLessThan(150)
  })

  test('serves others while 200 connections send half a frame and wait', async () => {
    const [host = '', port = ''] = broker.bootstrap.split(':')
    const before = broker.rssMegabytes()
    const half = Buffer.concat([Buffer.from([0, 9, 0, 0]), Buffer.alloc(50_000)])
    const sockets = Array.from({ length: 200 }, () => {
      const socket = net.connect({ host, port: Number(port) })
      socket.on('error', () => {})
      socket.write(half)
      return socket
    })
    const slowest = await wellBehaved(new Promise(resolve => setTimeout(resolve, 1000)))
    expect(slowest).toBeLessThan(1000)
    expect(broker.rssMegabytes() - before).toBeLessThan(300)
    for (const socket of sockets) socket.destroy()
  })

  test.each([
    ['a size over socket.request.max.bytes', Buffer.from('7fffffff', 'hex')],
    ['a negative size', Buffer.from('ffffffff', 'hex')],
    ['an empty frame', Buffer.from('00000000', 'hex')],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['a TLS hello', Buffer.from('16030100b5010000b10303', 'hex')]
  ])('closes the connection that sends %s', async (_, bytes) => {
    const [host = '', port = ''] = broker.bootstrap.split(':')
    const closed = new Promise<void>(resolve => {
      const socket = net.connect({ host, port: Number(port) })
      socket.on('error', () => {})
      socket.on('close', () => resolve())
      socket.write(Buffer.concat([bytes, Buffer.alloc(64)]))
    })
    await closed
    const client = await WireClient.connect(broker.bootstrap)
    expect(
      (await client.request(apiVersions, 3, { clientSoftwareName: 'a', clientSoftwareVersion: '1' }))
        .errorCode
    ).toBe(0)
    client.close()
  })
})

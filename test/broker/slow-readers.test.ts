// Goal: readers who are slow, or gone, get or leave their own records although memory of answered fetches is used again at
// once. Method: large answers that are held back in their sockets while other connections fetch other records, then compared.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { codecOf } from '../../src/protocol/codec.js'
import { fetchRequest, fetchResponse } from '../../src/protocol/messages/fetch.js'
import { ProtocolError } from '../../src/protocol/protocol-error.js'
import { BatchCursor } from '../../src/protocol/records/batch.js'
import { frameOf, WireClient } from '../support/wire-client.js'
import { append, createTopic } from './support.js'

const { startBroker }: typeof import('../../src/index.js') = await import(
  new URL('../../dist/index.js', import.meta.url).href
)

const partitions = 3
const running: Awaited<ReturnType<typeof startBroker>>[] = []
afterEach(async () => {
  for (const broker of running.splice(0)) await broker.close()
})

/** Of each partition 1 MB: 16 records whose text says where they are. */
async function filled(placement: string) {
  const broker = await startBroker({ overrides: { 'odradek.placement': placement } })
  running.push(broker)
  const client = await WireClient.connect(broker.bootstrapServers)
  const texts = new Map<string, string>()
  for (const topic of ['a', 'b']) {
    await createTopic(client, topic, partitions)
    for (let partition = 0; partition < partitions; partition++) {
      for (let offset = 0; offset < 16; offset++) {
        const text = `${topic}-${partition}-${offset}`.padEnd(16, ' ') + randomBytes(32_000).toString('hex')
        texts.set(`${topic}-${partition}-${offset}`, text)
        await append(client, topic, partition, [text], 1)
      }
    }
  }
  return { broker, client, texts }
}

const ask = (topic: string) => ({
  replicaId: -1,
  maxWaitMs: 100,
  minBytes: 1,
  maxBytes: 50_000_000,
  sessionEpoch: -1,
  topics: [
    {
      topic,
      partitions: Array.from({ length: partitions }, (_, partition) => ({
        partition,
        fetchOffset: 0n,
        partitionMaxBytes: 1_100_000
      }))
    }
  ]
})

function expectRecords(frame: Buffer, topic: string, texts: ReadonlyMap<string, string>): void {
  const decoded = codecOf(fetchResponse, 11).decode(frame, 4)
  if (decoded instanceof ProtocolError) throw new Error(decoded.reason)
  const [answer] = decoded.value.responses
  expect(answer?.topic).toBe(topic)
  for (const { partitionIndex, records } of answer?.partitions ?? []) {
    const cursor = new BatchCursor(records ?? Buffer.alloc(0))
    let offset = 0
    while (cursor.next()) {
      expect(cursor.checksumHolds).toBe(true)
      expect(cursor.view().includes(texts.get(`${topic}-${partitionIndex}-${offset}`) ?? 'nothing')).toBe(
        true
      )
      offset++
    }
    expect(offset).toBe(16)
  }
}

test.each(['inline', 'networkOnMain', 'perCore'])(
  '%s: slow readers get their own records',
  async placement => {
    const { broker, client, texts } = await filled(placement)
    const slow = await Promise.all(
      Array.from({ length: 3 }, () => WireClient.connect(broker.bootstrapServers))
    )
    const gone = await WireClient.connect(broker.bootstrapServers)
    const frame = (topic: string) => frameOf(fetchRequest, 11, 7, ask(topic), 'slow')
    for (const { socket } of [...slow, gone]) socket.pause()
    const answers = slow.map(reader => reader.raw(frame('a')))
    gone.raw(frame('b')).catch(() => {})
    // Until their answers have been read from the files, and stand in their sockets.
    for (let i = 0; i < 5; i++) expectRecords(await client.raw(frame('b')), 'b', texts)
    gone.socket.destroy()
    await once(gone.socket, 'close')
    for (let i = 0; i < 20; i++) expectRecords(await client.raw(frame('b')), 'b', texts)
    for (const { socket } of slow) socket.resume()
    for (const answer of answers) expectRecords(await answer, 'a', texts)
    for (const { socket } of slow) socket.destroy()
    client.socket.destroy()
  }
)

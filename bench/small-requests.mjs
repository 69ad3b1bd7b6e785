// A load of small requests, one in flight a connection, and figures of many short rounds: for benchmarks of a share of a percent.
import { once } from 'node:events'
import net from 'node:net'

const built = name => import(new URL(`../dist/${name}.js`, import.meta.url).href)

/** Creates the topic; a request to produce one record of 100 bytes, acks=1. */
export async function prepare(bootstrap) {
  const { codecOf } = await built('protocol/codec')
  const { produceRequest } = await built('protocol/messages/produce')
  const { createTopicsRequest } = await built('protocol/messages/create-topics')
  const { buildBatch } = await built('protocol/records/build-batch')
  const framed = (key, version, schema, body) => {
    const header = Buffer.alloc(15)
    header.writeInt16BE(key, 4)
    header.writeInt16BE(version, 6)
    header.writeInt16BE(4, 12)
    const id = Buffer.from('load')
    const isFlexible = (key === 0 && version >= 9) || (key === 19 && version >= 5)
    const parts = [header.subarray(0, 14), id, Buffer.alloc(isFlexible ? 1 : 0)]
    const whole = Buffer.concat([...parts, ...codecOf(schema, version).encode(body)])
    whole.writeInt32BE(whole.length - 4, 0)
    return whole
  }
  const topic = { name: 'load', numPartitions: 1, replicationFactor: 1 }
  const creation = framed(19, 5, createTopicsRequest, { topics: [topic], timeoutMs: 10_000 })
  const socket = connect(bootstrap)
  socket.write(creation)
  await once(socket, 'data')
  socket.destroy()
  const record = { offset: 0, timestamp: 0n, key: null, value: Buffer.alloc(100, 'x'), headers: [] }
  const partition = { index: 0, records: buildBatch([record]) }
  const topicData = [{ name: 'load', partitionData: [partition] }]
  return framed(0, 9, produceRequest, { acks: 1, timeoutMs: 10_000, topicData })
}

function connect(bootstrap) {
  const [host, port] = bootstrap.split(':')
  return net.connect({ host, port: Number(port), noDelay: true })
}

/** One request in flight a connection. */
export async function startLoad(bootstrap, frame, connections) {
  let done = 0
  let over = false
  const sockets = Array.from({ length: connections }, () => connect(bootstrap))
  await Promise.all(sockets.map(socket => once(socket, 'connect')))
  for (const socket of sockets) {
    // Answers are small: each one is one chunk.
    socket.on('data', () => {
      done++
      if (!over) socket.write(frame)
    })
    socket.write(frame)
  }
  return {
    done: () => done,
    stop() {
      over = true
      for (const socket of sockets) socket.destroy()
    }
  }
}

const sorted = values => [...values].sort((a, b) => a - b)
/** `share` 0 .. 1 of the way through the sorted values. */
export const at = (values, share) =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))]

/** Median, quartiles, and what 95 % of resampled medians lie in. */
export function spread(ratios) {
  const medians = []
  for (let i = 0; i < 2000; i++)
    medians.push(
      at(
        ratios.map(() => ratios[Math.floor(Math.random() * ratios.length)]),
        0.5
      )
    )
  return {
    median: at(ratios, 0.5),
    quartiles: [at(ratios, 0.25), at(ratios, 0.75)],
    within: [at(medians, 0.025), at(medians, 0.975)]
  }
}

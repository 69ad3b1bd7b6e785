// Sends frames from a thread of its own and counts what comes back: its work does not delay whoever measures others.
import { Worker } from 'node:worker_threads'

const code = `
const { parentPort, workerData } = require('node:worker_threads')
const net = require('node:net')
const [host, port] = workerData.split(':')
const socket = net.connect({ host, port: Number(port) }, () => parentPort.postMessage('connected'))
let head = Buffer.alloc(0), received = 0
socket.on('data', chunk => {
  received += chunk.length
  if (head.length < 256) head = Buffer.concat([head, chunk.subarray(0, 256)])
  if (received < 4 || received < 4 + head.readInt32BE(0)) return
  parentPort.postMessage({ bytes: received, head })
  head = Buffer.alloc(0)
  received = 0
})
parentPort.on('message', frame => {
  const size = Buffer.alloc(4)
  size.writeInt32BE(frame.length)
  socket.write(Buffer.concat([size, frame]))
})
`

export interface BusyPeer {
  /** One frame (header and body) at a time; resolves with the size of the answer and its first bytes after the size. */
  send(frame: Buffer): Promise<{ readonly bytes: number; readonly head: Buffer }>
  close(): Promise<unknown>
}

export async function busyPeer(bootstrap: string): Promise<BusyPeer> {
  const worker = new Worker(code, { eval: true, workerData: bootstrap })
  const next = <T>(): Promise<T> => new Promise(resolve => worker.once('message', resolve))
  await next()
  return {
    async send(frame) {
      const answer = next<{ bytes: number; head: Uint8Array }>()
      worker.postMessage(frame)
      const { bytes, head } = await answer
      return { bytes, head: Buffer.from(head).subarray(4) }
    },
    close: () => worker.terminate()
  }
}

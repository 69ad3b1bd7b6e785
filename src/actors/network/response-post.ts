// Responses on their way to a Processor of another thread. Small ones travel in the message itself, which is shared
// memory; large ones by reference to shared memory, where they are copied to once if they do not lie there already.
import type { Mesh, ThreadId } from '../runtime/mesh.js'
import type { Response } from './request.js'
import { type StageStamps, type StampsLetter, stampsLetter, stampsOf } from './stage-stamps.js'

/** Up to here a copy into the message is cheaper than a SharedArrayBuffer on a port. */
const inMessageBytes = 32 * 1024

const actor = 'network.responses'

/** Which of the shared memories, where in it, how long. */
type Piece = readonly [memory: number, offset: number, bytes: number]
type Payload =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'pieces'; readonly pieces: readonly Piece[] }
  | Exclude<Response, { kind: 'send' }>
type Letter = readonly [processorId: number, connectionNumber: number, payload: Payload, stamps: StampsLetter]

export type DeliverResponse = (
  processorId: number,
  connectionNumber: number,
  response: Response,
  stamps: StageStamps
) => void

export function receiveResponses(mesh: Mesh, deliver: DeliverResponse): void {
  mesh.register(actor, (message, _, shared) => {
    const [processorId, connectionNumber, payload, stamps] = message as Letter
    deliver(processorId, connectionNumber, responseOf(payload, shared), stampsOf(stamps))
  })
}

export const stopReceivingResponses = (mesh: Mesh): void => mesh.unregister(actor)

export interface Addressee {
  readonly thread: ThreadId
  readonly processorId: number
  readonly connectionNumber: number
}

export function postResponse(mesh: Mesh, to: Addressee, response: Response, stamps: StageStamps): void {
  const shared: SharedArrayBuffer[] = []
  const payload = response.kind === 'send' ? payloadOf(response.chunks, shared) : response
  const letter: Letter = [to.processorId, to.connectionNumber, payload, stampsLetter(stamps)]
  mesh.send(to.thread, actor, letter, shared)
  // What went along by reference is memory that nobody uses again.
  if (response.kind === 'send') response.taken?.()
}

function payloadOf(chunks: readonly Buffer[], shared: SharedArrayBuffer[]): Payload {
  let total = 0
  for (const chunk of chunks) total += chunk.length
  const [only] = chunks
  if (total <= inMessageBytes) {
    return { kind: 'bytes', bytes: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks) }
  }
  let toCopy = 0
  for (const { buffer, length } of chunks) if (!(buffer instanceof SharedArrayBuffer)) toCopy += length
  const memory = new SharedArrayBuffer(toCopy)
  const copies = Buffer.from(memory)
  if (toCopy > 0) shared.push(memory)
  let copied = 0
  const pieces = chunks.map((chunk): Piece => {
    if (!(chunk.buffer instanceof SharedArrayBuffer)) {
      copies.set(chunk, copied)
      copied += chunk.length
      return [0, copied - chunk.length, chunk.length]
    }
    const known = shared.indexOf(chunk.buffer)
    const at = known >= 0 ? known : shared.push(chunk.buffer) - 1
    return [at, chunk.byteOffset, chunk.length]
  })
  return { kind: 'pieces', pieces }
}

function responseOf(payload: Payload, shared: readonly SharedArrayBuffer[]): Response {
  switch (payload.kind) {
    case 'bytes': {
      const { buffer, byteOffset, byteLength } = payload.bytes
      return { kind: 'send', chunks: [Buffer.from(buffer, byteOffset, byteLength)] }
    }
    case 'pieces':
      return {
        kind: 'send',
        chunks: payload.pieces.map(([memory, offset, bytes]) =>
          Buffer.from(shared[memory] ?? new ArrayBuffer(0), offset, bytes)
        )
      }
    default:
      return payload
  }
}

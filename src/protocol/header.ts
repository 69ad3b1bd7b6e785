// The headers in front of every request and response. The broker reads the client id and nothing else of what may follow,
// so this is written by hand: one object a request, no schema walk.
import { apiKey } from './api-keys.js'
import { ProtocolError } from './protocol-error.js'
import { Malformed, Reader } from './reader.js'

export interface RequestHeader {
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  /** Where the body begins in the frame. */
  readonly bodyOffset: number
}

const reader = new Reader()
const ignoreTag = (): boolean => false
const controlledShutdown = 7
const apiVersions = 18

const isFlexible = (key: number, version: number): boolean => {
  const first = apiKey(key)?.firstFlexible
  return first !== undefined && version >= first
}

/**
 * Reads the header of a frame (without its size prefix). The header's version follows from key and version of the request,
 * also when that version is not served: an ApiVersions request from the future must still be understood this far.
 */
export function readRequestHeader(frame: Buffer): RequestHeader | ProtocolError {
  reader.reset(frame, 0)
  try {
    const key = reader.int16()
    const apiVersion = reader.int16()
    if (apiKey(key) === undefined) return new ProtocolError(`unknown api key ${key}`)
    if (apiVersion < 0) return new ProtocolError(`api key ${key} with version ${apiVersion}`)
    const correlationId = reader.int32()
    if (key === controlledShutdown && apiVersion === 0) {
      return { apiKey: key, apiVersion, correlationId, clientId: null, bodyOffset: reader.position }
    }
    const length = reader.length(2, true)
    const clientId = length < 0 ? null : reader.string(length)
    if (isFlexible(key, apiVersion)) reader.tags(ignoreTag)
    return { apiKey: key, apiVersion, correlationId, clientId, bodyOffset: reader.position }
  } catch (error) {
    if (error instanceof Malformed) return new ProtocolError(`request header: ${error.reason}`)
    throw error
  }
}

/** Size prefix and header of a response in front of its body's chunks; the first chunk is new, the others are the body's. */
export function encodeResponse(
  key: number,
  version: number,
  correlationId: number,
  body: readonly Buffer[]
): Buffer[] {
  // ApiVersions is answered with header v0 in every version: the client does not know yet what we speak.
  const headerBytes = isFlexible(key, version) && key !== apiVersions ? 5 : 4
  let size = headerBytes
  for (const chunk of body) size += chunk.length
  const first = body[0]
  const joined = first !== undefined && first.length <= 4096 ? first.length : 0
  const head = Buffer.allocUnsafe(4 + headerBytes + joined)
  head.writeInt32BE(size, 0)
  head.writeInt32BE(correlationId, 4)
  if (headerBytes === 5) head[8] = 0
  if (joined > 0 && first !== undefined) head.set(first, 4 + headerBytes)
  return joined > 0 ? [head, ...body.slice(1)] : [head, ...body]
}

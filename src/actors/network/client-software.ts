// What a client says of itself in ApiVersions (KIP-511): remembered for the requests that follow, not for that one.
import { codecOf } from '../../protocol/codec.js'
import type { RequestHeader } from '../../protocol/header.js'
import { apiVersionsRequest } from '../../protocol/messages/api-versions.js'
import { ProtocolError } from '../../protocol/protocol-error.js'
import { type ConnectionContext, contextOf } from './connection-context.js'

const apiVersions = 18
const firstWithSoftware = 3
const lastKnown = 4
const plausible = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

/** The context for the next request. */
export function withSoftware(
  context: ConnectionContext,
  header: RequestHeader,
  frame: Buffer
): ConnectionContext {
  const { apiKey, apiVersion } = header
  if (apiKey !== apiVersions || apiVersion < firstWithSoftware || apiVersion > lastKnown) return context
  const decoded = codecOf(apiVersionsRequest, apiVersion).decode(frame, header.bodyOffset)
  if (decoded instanceof ProtocolError) return context
  const { clientSoftwareName: softwareName, clientSoftwareVersion: softwareVersion } = decoded.value
  if (!plausible.test(softwareName) || !plausible.test(softwareVersion)) return context
  return contextOf({ ...context.info, softwareName, softwareVersion }, context.version + 1)
}

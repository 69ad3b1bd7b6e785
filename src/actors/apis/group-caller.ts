// What the coordinator of a group is told of the client that asks.
import type { GroupCaller } from '../groups/group.js'
import type { RequestContext } from './api.js'

export function callerOf({ apiVersion, clientId, connection }: RequestContext): GroupCaller {
  return { apiVersion, clientId: clientId ?? '', clientHost: `/${connection.clientHost}` }
}

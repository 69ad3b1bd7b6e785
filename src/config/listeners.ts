// `listeners` and `advertised.listeners`: NAME://host:port lists, and the checks that Kafka makes on them.

export interface Listener {
  /** Upper case, as Kafka normalises it. */
  readonly name: string
  /** Empty: all interfaces. Brackets of an IPv6 address are gone. */
  readonly host: string
  /** 0: a free port. */
  readonly port: number
  /** The only one that can be served. */
  readonly protocol: 'PLAINTEXT'
}

export interface Endpoint {
  readonly name: string
  readonly host: string
  readonly port: number
}

/** A sentence is why it is refused. */
export function parseEndpoints(text: string): Endpoint[] | string {
  const endpoints: Endpoint[] = []
  for (const entry of text.trim().split(/\s*,\s*/)) {
    if (entry === '') continue
    const match = /^(.*):\/\/\[?([0-9a-zA-Z\-%._:]*)\]?:(-?\d{1,9})$/.exec(entry)
    const [, name = '', host = '', port = ''] = match ?? []
    if (match === null || name === '') return `'${entry}' is not NAME://host:port`
    if (Number(port) < 0 || Number(port) > 65535) return `'${entry}': a port is a number from 0 to 65535`
    endpoints.push({ name: name.toUpperCase(), host, port: Number(port) })
  }
  return endpoints
}

export type ProtocolMap = ReadonlyMap<string, string>

/** listener.security.protocol.map: NAME:PROTOCOL, comma separated. A sentence is why it is refused. */
export function parseProtocolMap(text: string): ProtocolMap | string {
  const map = new Map<string, string>()
  for (const entry of text.trim().split(/\s*,\s*/)) {
    if (entry === '') continue
    const at = entry.lastIndexOf(':')
    if (at <= 0) return `'${entry}' is not NAME:PROTOCOL`
    const protocol = entry.slice(at + 1).trim()
    if (!securityProtocols.includes(protocol)) {
      return `'${entry}': the protocol is one of ${securityProtocols.join(', ')}`
    }
    const name = entry.slice(0, at).trim().toUpperCase()
    if (map.has(name)) return `'${name}' is there twice`
    map.set(name, protocol)
  }
  return map
}

const securityProtocols: readonly string[] = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']

/** Names once; ports once, except 0 and a pair of one IPv4 and one IPv6 host. A sentence is why it is refused. */
export function checkUnique(endpoints: readonly Endpoint[]): string | undefined {
  const names = endpoints.map(endpoint => endpoint.name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) return `the listener name ${twice} is there twice`
  for (const [port, sharing] of groupByPort(endpoints)) {
    if (port !== 0 && sharing.length > 1 && !isDualStack(sharing)) return `the port ${port} is there twice`
  }
  return undefined
}

function groupByPort(endpoints: readonly Endpoint[]): Map<number, Endpoint[]> {
  const groups = new Map<number, Endpoint[]>()
  for (const endpoint of endpoints) {
    const group = groups.get(endpoint.port) ?? []
    group.push(endpoint)
    groups.set(endpoint.port, group)
  }
  return groups
}

function isDualStack(endpoints: readonly Endpoint[]): boolean {
  const isV4 = (host: string) => /^\d+\.\d+\.\d+\.\d+$/.test(host)
  const [first, second, third] = endpoints
  if (first === undefined || second === undefined || third !== undefined) return false
  return (isV4(first.host) && second.host.includes(':')) || (first.host.includes(':') && isV4(second.host))
}

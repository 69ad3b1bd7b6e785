// Who may ask the inspector, by the names in the request: no foreign page shall reach it through somebody's browser, neither
// by a name that its owner lets point here (DNS rebinding) nor by a WebSocket, which browsers open to any host.
import { isIP } from 'node:net'
import { hostname } from 'node:os'

const loopback = /^(127(?:\.\d{1,3}){3}|localhost|\[::1\])$/

/**
 * `header`: of the request, Host; `host`: what the inspector listens on. A page of somebody else's reaches us only by a name
 * that its owner controls: never by an address, nor by ours. Who listens for other machines has asked for being scraped,
 * by whatever name.
 */
export function mayAsk(header: string, host: string): 'yes' | 'program' | 'no' {
  const name = header.replace(/:\d+$/, '').toLowerCase()
  if (loopback.test(name)) return 'yes'
  const bracketed = host.includes(':') ? `[${host}]` : host
  if (loopback.test(bracketed.toLowerCase())) return 'no'
  const isAddress = isIP(name.replace(/^\[|\]$/g, '')) !== 0
  return isAddress || name === host.toLowerCase() || name === hostname().toLowerCase() ? 'yes' : 'program'
}

/**
 * `origin`: undefined for programs that are no browser. A page may watch when it is ours, or when this machine serves it
 * itself, as tools for developers are.
 */
export function mayWatch(header: string, origin: string | undefined, host: string): boolean {
  if (mayAsk(header, host) !== 'yes') return false
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  const { protocol, host: from, hostname: name } = new URL(origin)
  if (protocol !== 'http:' && protocol !== 'https:') return false
  return from === header.toLowerCase() || loopback.test(name)
}

// The routes of the page over HTTP, with snapshots that a test chooses.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ThreadTrace } from '../../../src/actors/runtime/trace.js'
import { pageRoutes } from '../../../src/observe/page/routes.js'
import type { BrokerSnapshot, OffsetHistory } from '../../../src/observe/snapshot.js'
import { quiet } from './fixtures.js'

export interface PageServer {
  readonly url: string
  /** What the next look shows. */
  snapshot: BrokerSnapshot
  traces: readonly ThreadTrace[]
  history: OffsetHistory | undefined
  get(path: string): Promise<unknown>
  close(): void
}

const policy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:"

export async function pageServer(): Promise<PageServer> {
  const routes = pageRoutes({
    snapshot: async () => served.snapshot,
    trace: async () => served.traces,
    wallOffsetMs: () => 0
  })
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const route = routes[pathname]
    const answer =
      pathname === '/api/offset'
        ? { type: 'application/json', body: JSON.stringify(served.history) }
        : await route?.(searchParams)
    response.writeHead(answer === undefined ? 404 : 200, {
      'content-type': `${answer?.type ?? 'text/plain'}; charset=utf-8`,
      'content-security-policy': policy
    })
    response.end(answer?.body ?? 'no such page')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const served: PageServer = {
    url,
    snapshot: quiet,
    traces: [],
    history: undefined,
    get: async path => (await fetch(url + path)).json(),
    close() {
      server.closeAllConnections()
      server.close()
    }
  }
  return served
}

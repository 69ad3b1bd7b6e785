// The HTTP side of the inspector: GET only, a table of routes, and a check of the Host header, so that no foreign page can
// ask through somebody's browser (DNS rebinding). It remembers nothing.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { errorMessage } from '../errors.js'
import { mayAsk } from './who-may-ask.js'

export interface Answer {
  /** 200 when left out. */
  readonly status?: number
  /** As in content-type; `; charset=utf-8` is added where it names none. */
  readonly type: string
  readonly body: string
}

export type Route = (query: URLSearchParams) => Promise<Answer>

export interface InspectorRoutes {
  /** For programs: answered whatever name the broker is called by, where it listens for other machines too. */
  readonly open: Readonly<Record<string, Route>>
  /** For people and their browsers. */
  readonly page: Readonly<Record<string, Route>>
}

export interface InspectorServerOptions {
  readonly routes: InspectorRoutes
  /** What it listens on, as configured. */
  readonly host: string
  readonly onFailure: (path: string, error: unknown) => void
}

const policy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src 'self' data:"

/** Not yet listening. */
export function inspectorServer(options: InspectorServerOptions): Server {
  return createServer((request, response) => {
    answerTo(request, options).then(
      answer => write(request, response, answer),
      error => {
        options.onFailure(request.url ?? '', error)
        write(request, response, plain(500, `the answer failed: ${errorMessage(error)}`))
      }
    )
  })
}

function write({ method }: IncomingMessage, response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status ?? 200, {
    'content-type': type.includes('charset') ? type : `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store'
  })
  response.end(method === 'HEAD' ? undefined : body)
}

export const plain = (status: number, text: string): Answer => ({
  status,
  type: 'text/plain',
  body: `${text}\n`
})

const base = 'http://localhost'

async function answerTo(request: IncomingMessage, { routes, host }: InspectorServerOptions): Promise<Answer> {
  const { method, url: target = '/', headers } = request
  const known = mayAsk(headers.host ?? '', host)
  if (known === 'no') return plain(403, 'only from this machine, by its own name')
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'only GET')
  if (!URL.canParse(target, base)) return plain(404, 'no such page')
  const { pathname, searchParams } = new URL(target, base)
  const open = own(routes.open, pathname)
  if (open !== undefined) return open(searchParams)
  if (known === 'program') return plain(403, 'by this name only the paths for programs are answered')
  const page = own(routes.page, pathname)
  if (page !== undefined) return page(searchParams)
  const paths = [...Object.keys(routes.open), ...Object.keys(routes.page)]
  return plain(404, `no such page; there are ${paths.join(', ')}`)
}

const own = (routes: Readonly<Record<string, Route>>, path: string): Route | undefined =>
  Object.hasOwn(routes, path) ? routes[path] : undefined

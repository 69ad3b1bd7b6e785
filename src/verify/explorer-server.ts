// Serves one model on this machine only: the page (explorer-page.ts) and the JSON that it asks for. The whole state is in
// the address, so the server remembers nothing but what was searched for.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Change } from './counterexample.js'
import type { Explorer, Finding, Situation, Way } from './explorer.js'
import { explorerPage } from './explorer-page.js'
import type { Action } from './model.js'
import { sequenceSvg } from './sequence-drawing.js'

/** The answer to `/api/at?path=1.0.3`. */
export interface AtAnswer {
  readonly model: string
  readonly about: string
  readonly path: string
  readonly state: Readonly<Record<string, string>>
  readonly changed: readonly Change[]
  /** The way here, each with the path that ends with it. */
  readonly steps: readonly StepAnswer[]
  /** What may happen now, each with the path that it leads to. */
  readonly next: ReadonlyArray<StepAnswer & { readonly changes: readonly Change[] }>
  readonly properties: Situation['properties']
  readonly sometimes: Situation['sometimes']
  readonly rest: Situation['rest']
  readonly exception?: string
  readonly goals: Explorer['goals']
  /** The way as SVG. */
  readonly drawing: string
}

export interface StepAnswer extends Action {
  readonly path: string
}

/** The answer to `/api/way?to=sometimes.0`. */
export interface WayAnswer {
  readonly kind: Finding['kind']
  readonly path?: string
  readonly states?: number
}

/** Not yet listening. Answers only requests that name this machine, so that no foreign page can ask through a browser. */
export function explorerServer(explorer: Explorer): Server {
  const findings = new Map<string, Finding>()
  return createServer((request, response) => {
    const { status, type, body } = answerTo(request, explorer, findings)
    response.writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'content-length': Buffer.byteLength(body),
      'content-security-policy': policy,
      'cache-control': 'no-store'
    })
    response.end(body)
  })
}

const policy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:"

const base = 'http://localhost'

interface Answer {
  readonly status: number
  readonly type: 'text/plain' | 'text/html' | 'application/json'
  readonly body: string
}

function answerTo(request: IncomingMessage, explorer: Explorer, findings: Map<string, Finding>): Answer {
  const { method } = request
  if (!isLocal(request)) return plain(403, 'only from this machine')
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'only GET')
  const target = request.url ?? '/'
  if (!URL.canParse(target, base)) return plain(404, 'no such page')
  const url = new URL(target, base)
  if (url.pathname === '/') return { status: 200, type: 'text/html', body: explorerPage(explorer.name) }
  if (url.pathname === '/api/at') return atAnswer(explorer, url.searchParams.get('path') ?? '')
  if (url.pathname !== '/api/way') return plain(404, 'there is /, /api/at?path= and /api/way?to=')
  const goal = url.searchParams.get('to') ?? ''
  const finding = findings.get(goal) ?? explorer.find(goal)
  if (finding.kind !== 'unknown') findings.set(goal, finding)
  return json(finding.kind === 'unknown' ? 404 : 200, wayAnswer(finding))
}

const plain = (status: number, text: string): Answer => ({ status, type: 'text/plain', body: `${text}\n` })
const json = (status: number, value: unknown): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value)
})

function atAnswer(explorer: Explorer, path: string): Answer {
  const way = parsePath(path)
  if (way === undefined)
    return json(404, { error: `'${path}' is not a path: numbers with dots between, as in 1.0.3` })
  const here = explorer.at(way)
  const story = explorer.story(way)
  if (here === undefined || story === undefined)
    return json(404, { error: `no way ${path}: one of its steps does not exist` })
  const { taken, next, ...rest } = here
  const answer: AtAnswer = {
    model: explorer.name,
    about: explorer.about,
    path: formatPath(way),
    ...rest,
    steps: taken.map((action, index) => ({ ...action, path: formatPath(way.slice(0, index + 1)) })),
    next: next.map(({ action, changes }, index) => ({
      ...action,
      path: formatPath([...way, index]),
      changes
    })),
    goals: explorer.goals,
    drawing: sequenceSvg(story)
  }
  return json(200, answer)
}

function wayAnswer(finding: Finding): WayAnswer {
  if (finding.kind === 'found') return { kind: 'found', path: formatPath(finding.way) }
  return finding
}

/** `1.0.3`; the empty path is the first state. */
export function parsePath(path: string): Way | undefined {
  if (path === '') return []
  return /^\d{1,6}(\.\d{1,6})*$/.test(path) ? path.split('.').map(Number) : undefined
}

export const formatPath = (way: Way): string => way.join('.')

function isLocal({ headers }: IncomingMessage): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(headers.host ?? '')
}

// The page of the inspector and what it asks for. Everything is computed from a snapshot or a trace when it is asked for: with
// nobody looking nothing is done.
import type { ThreadTrace } from '../../actors/runtime/trace.js'
import type { BrokerSnapshot } from '../snapshot.js'
import { actorAnswer, actorRows, type Moment } from './actors-view.js'
import { floorPlan } from './floor-plan.js'
import { inspectorPage } from './inspector-page.js'
import { connectionRows, partitionRows, topicRows } from './lists-view.js'
import { machineAnswer, recordedWay, waysOfPackage } from './model-view.js'
import { recordingOf } from './recording.js'
import { Recordings } from './recordings.js'
import { requestDetails, requestsAnswer } from './requests-view.js'
import { number } from './rows.js'

export interface PageSource {
  snapshot(): Promise<BrokerSnapshot>
  trace(): Promise<readonly ThreadTrace[]>
  /** Wall clock minus the clock of the trace, ms. */
  wallOffsetMs(): number
}

export interface PageAnswer {
  readonly type: 'text/html' | 'application/json'
  readonly body: string
}

export type PageRoute = (query: URLSearchParams) => Promise<PageAnswer>

/** By path. What is so now comes with the broker's summary; an answer with `error` says in words what is not there. */
export function pageRoutes(source: PageSource): Record<string, PageRoute> {
  const recordings = new Recordings()
  const look = shared(() => source.snapshot())
  const now =
    (answer: (snapshot: BrokerSnapshot, query: URLSearchParams) => object): PageRoute =>
    async query => {
      const snapshot = await look()
      return json({ broker: snapshot.broker, ...answer(snapshot, query) })
    }
  const then = async (query: URLSearchParams): Promise<Moment | undefined> => {
    if (!query.has('recording')) return { snapshot: await look() }
    const recording = recordings.get(number(query, 'recording', 0))
    const atMs = Number(query.get('at') ?? recording?.toMs)
    return recording === undefined || !Number.isFinite(atMs) ? undefined : { recording, atMs }
  }
  return {
    '/': async () => ({ type: 'text/html', body: inspectorPage() }),
    '/api/floor': now(snapshot => floorPlan(snapshot)),
    '/api/requests': now(requestsAnswer),
    '/api/request': now(
      (snapshot, query) =>
        requestDetails(snapshot, query.get('id') ?? '') ?? absent('This request is not remembered any more.')
    ),
    '/api/connections': now(connectionRows),
    '/api/topics': now(topicRows),
    '/api/partitions': now(partitionRows),
    '/api/recording': async () => {
      const taken = recordingOf(await source.trace(), source.wallOffsetMs())
      const { fromMs, toMs, missing, overwritten } = taken
      return json({ recording: recordings.keep(taken), fromMs, toMs, missing, overwritten })
    },
    '/api/actors': async query => {
      const moment = await then(query)
      return json(moment === undefined ? gone : actorRows(moment, query))
    },
    '/api/actor': async query => {
      const moment = await then(query)
      if (moment === undefined) return json(gone)
      const { machines } = await import('../../verify/machines.js')
      const key = { thread: number(query, 'thread', 0), name: query.get('name') ?? '' }
      // Numbers of the tap begin with 1; who has none is the last of that name.
      const which = number(query, 'number', 0)
      const one = which > 0 ? { ...key, number: which } : key
      return json(actorAnswer(moment, one, machines) ?? absent('There is no such actor at this time.'))
    },
    '/api/steps': async query => {
      const recording = recordings.get(number(query, 'recording', 0))
      return json(recording === undefined ? gone : recordedWay(recording, query))
    },
    ...modelRoutes
  }
}

const modelRoutes: Record<string, PageRoute> = {
  '/api/machines': async () => {
    const { machines } = await import('../../verify/machines.js')
    return json({ machines: [...machines.keys()].sort() })
  },
  '/api/machine': async query => {
    const { machines } = await import('../../verify/machines.js')
    const [id, state] = [query.get('id') ?? '', query.get('state') ?? '']
    return json(machineAnswer(machines, id, state) ?? absent('There is no such machine.'))
  },
  '/api/ways': async () => json({ ways: [...(await waysOfPackage()).keys()] }),
  '/api/way': async query =>
    json((await waysOfPackage()).get(query.get('id') ?? '') ?? absent('No such way comes with this package.'))
}

const absent = (error: string): { readonly error: string } => ({ error })
const gone = absent('This recording is not kept any more: take a new one.')
const json = (value: unknown): PageAnswer => ({ type: 'application/json', body: JSON.stringify(value) })

/** Who asks while an answer is on its way gets the same one. */
function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined
  return () => {
    asked ??= ask().finally(() => {
      asked = undefined
    })
    return asked
  }
}

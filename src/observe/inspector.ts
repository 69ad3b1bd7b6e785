// The observer of a broker: listens while the broker lives, and gathers what it is asked for. With nobody asking it does
// nothing but watch the main thread's event loop.
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Broker } from '../actors/broker/broker.js'
import type { Observer } from '../actors/broker/parts.js'
import { systemClock } from '../actors/runtime/clock.js'
import { type Logger, type LogSink, loggerFor } from '../actors/runtime/log.js'
import { LoopDelayMeter } from '../actors/runtime/loop-delay.js'
import type { ThreadTrace } from '../actors/runtime/trace.js'
import { type InspectorListener, inspectorListenerOf } from '../config/inspector-listener.js'
import { errorMessage, StartupError } from '../errors.js'
import { BrokerMetrics } from './broker-metrics.js'
import { gatherFigures, gatherLooks } from './gather.js'
import { type Answer, inspectorServer, plain } from './inspector-server.js'
import { isRuleSet, ruleSets, underRules } from './metric-rules.js'
import { historyQuestion, offsetHistory } from './offset-history.js'
import { groupRoutes } from './page/groups-view.js'
import { pageRoutes } from './page/routes.js'
import { prometheusText, prometheusType } from './prometheus-text.js'
import type { BrokerSnapshot } from './snapshot.js'
import { Snapshots, wallOffsetMs } from './snapshot-of.js'
import { StatelySocket } from './stately/stately-socket.js'

/** Made for every broker whose `inspector.listener` is not empty. */
export class Inspector implements Observer {
  readonly #broker: Broker
  readonly #sink: LogSink
  readonly #logger: Logger
  readonly #listener: InspectorListener | undefined
  readonly #loopDelay = new LoopDelayMeter(systemClock.monotonicMs())
  readonly #snapshots: Snapshots
  readonly #metrics: BrokerMetrics
  #server: Server | undefined
  #stately: StatelySocket | undefined

  constructor(broker: Broker, sink: LogSink) {
    this.#broker = broker
    this.#sink = sink
    this.#logger = loggerFor('odradek.inspector', sink)
    this.#listener = inspectorListenerOf(broker.config.get('inspector.listener'))
    this.#snapshots = new Snapshots(broker)
    this.#metrics = new BrokerMetrics(broker)
  }

  /** `http://127.0.0.1:9404/`; undefined while it does not listen. */
  get address(): string | undefined {
    const bound = this.#server?.address() as AddressInfo | string | null | undefined
    if (bound === undefined || bound === null || typeof bound === 'string') return undefined
    const host = this.#listener?.host ?? bound.address
    return `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}/`
  }

  /** Rejects with StartupError when the address cannot be had, if it was chosen; the default one is done without. */
  async start(): Promise<void> {
    const listener = this.#listener
    if (listener === undefined) return
    const server = inspectorServer({
      routes: { open: this.#openRoutes(), page: this.#pageRoutes() },
      host: listener.host,
      onFailure: (path, error) => this.#logger.error(`${path} could not be answered`, error)
    })
    try {
      server.listen({ host: listener.host, port: listener.port })
      await once(server, 'listening')
    } catch (error) {
      const reason = `inspector.listener: cannot listen on ${listener.host}:${listener.port}: ${errorMessage(error)}`
      if (this.#broker.config.source('inspector.listener') === 'static') throw new StartupError(reason)
      this.#logger.warn(`${reason}; going on without the inspector`)
      return
    }
    this.#server = server
    this.#stately = this.#offerStately(server, listener.host)
    server.on('error', error => this.#logger.error('the inspector has trouble with its port', error))
    // A line that programs can find: without the time in front of it.
    if (this.#sink.level === 'info' || this.#sink.level === 'debug')
      this.#sink.write(`inspector ${this.address}`, 'info')
  }

  async stop(): Promise<void> {
    this.#loopDelay.stop()
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    server.close()
    server.closeAllConnections()
    this.#stately?.close()
    await once(server, 'close')
  }

  async snapshot(): Promise<BrokerSnapshot> {
    return this.#snapshots.of(await gatherLooks(this.#broker, this.#loopDelay))
  }

  trace(): Promise<readonly ThreadTrace[]> {
    return this.#broker.trace()
  }

  #offerStately(server: Server, host: string): StatelySocket {
    return new StatelySocket(server, {
      source: {
        actors: async () => (await this.snapshot()).actors,
        trace: since => this.#broker.trace(since)
      },
      host,
      isRecording: this.#broker.config.get('odradek.trace') !== 'off',
      wallOffsetMs,
      onFailure: error => this.#logger.error('who watches actors could not be told', error)
    })
  }

  #openRoutes() {
    return {
      '/metrics': async (query: URLSearchParams): Promise<Answer> => {
        const rules = query.get('rules') ?? 'usual'
        if (!isRuleSet(rules)) return plain(400, `rules is one of ${ruleSets.join(', ')}`)
        const families = this.#metrics.of(await gatherFigures(this.#broker, this.#loopDelay))
        return { type: prometheusType, body: prometheusText(underRules(families, rules)) }
      },
      '/health': async (): Promise<Answer> => this.#health()
    }
  }

  #pageRoutes() {
    return {
      ...pageRoutes({
        snapshot: () => this.snapshot(),
        trace: () => this.#broker.trace(),
        wallOffsetMs
      }),
      ...groupRoutes({
        snapshot: () => this.snapshot(),
        groups: async () => (await this.#broker.parts.threads?.groupLooks()) ?? [],
        group: async groupId => this.#broker.parts.threads?.groupDetails(groupId)
      }),
      '/api/snapshot': async (): Promise<Answer> => json(await this.snapshot()),
      '/api/offset': async (query: URLSearchParams): Promise<Answer> => {
        const question = historyQuestion(query)
        if (typeof question === 'string') return plain(400, question)
        const told = await offsetHistory(this.#broker, question, () => this.snapshot())
        return typeof told === 'string' ? plain(404, told) : json(told)
      }
    }
  }

  #health(): Answer {
    const { state, clusterId, uptimeMs, parts } = this.#broker
    const listeners = parts.listeners.map(({ name, host, port }) => ({ name, host, port }))
    const health = {
      status: state === 'running' ? 'running' : 'not running',
      state,
      clusterId,
      uptimeMs,
      listeners
    }
    return { ...json(health), status: state === 'running' ? 200 : 503 }
  }
}

const json = (value: unknown): Answer => ({ type: 'application/json', body: JSON.stringify(value) })

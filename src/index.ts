// The public API: a broker in this process.

import { threadPlan } from './actors/broker/thread-plan.js'
import { consoleSink, type LogSink, loggerFor, silentSink } from './actors/runtime/log.js'
import type { ThreadTrace } from './actors/runtime/trace.js'
import { loadBrokerConfig } from './config/broker-config.js'
import { inspectorListenerOf } from './config/inspector-listener.js'
import { readPropertiesFile } from './config/properties-file.js'
import type { Inspector } from './observe/inspector.js'

export type { LogSink } from './actors/runtime/log.js'
export type { ThreadTrace, TracedActor, TracedStep, TraceEntry } from './actors/runtime/trace.js'
export { StartupError } from './errors.js'
export type { BrokerSnapshot, RequestRecord } from './observe/snapshot.js'

export interface BrokerOptions {
  /** Kafka's properties by name; win over `file`. */
  readonly overrides?: Readonly<Record<string, string>>
  /** Path of a server.properties. */
  readonly file?: string
  /**
   * What an embedded broker begins with when no file is named: a port of its own, a temporary directory that is removed at
   * the end, everything on the calling thread, no inspector. Set `false` for the defaults of the command line.
   */
  readonly embedded?: boolean
  /** Stops the broker in order, also one that still starts: it ends after the step it is at, and the start rejects. */
  readonly signal?: AbortSignal
  /** Where log lines go; an embedded broker is silent. */
  readonly log?: LogSink
}

export interface RunningBroker {
  /** host:port of every listener, comma-joined: what clients are given. */
  readonly bootstrapServers: string
  readonly clusterId: string
  /** Where the inspector, /metrics and /health are: `http://127.0.0.1:9404/`; undefined: nowhere. */
  readonly inspector: string | undefined
  /** Ends the broker as a dead worker does: cause logged, listeners closed, no clean-shutdown marker. */
  fail(cause: unknown): void
  /**
   * What its actors did, by thread: the newest steps of each, as much as `odradek.trace` keeps. Also after the end, and
   * then with the steps of the stop; a thread that died says so.
   */
  trace(): Promise<readonly ThreadTrace[]>
  /** Orderly stop; resolves when nothing of the broker is left. */
  close(): Promise<void>
  /** Resolves after close(); rejects with the cause when the broker ends by itself. */
  readonly closed: Promise<void>
}

export type Broker = RunningBroker

/** Starts a broker; resolves when every listener accepts. Rejects with StartupError for what the caller can repair. */
export async function startBroker(options: BrokerOptions = {}): Promise<RunningBroker> {
  const embedded = options.embedded ?? options.file === undefined
  const overrides: Record<string, string> = { ...options.overrides }
  const remove = embedded ? await prepareEmbedded(overrides) : undefined
  const sink = options.log ?? (embedded ? silentSink : consoleSink())
  try {
    return await launch(options, overrides, sink, remove)
  } catch (error) {
    remove?.()
    throw error
  }
}

async function prepareEmbedded(overrides: Record<string, string>): Promise<(() => void) | undefined> {
  overrides.listeners ??= 'PLAINTEXT://127.0.0.1:0'
  overrides['odradek.placement'] ??= 'inline'
  overrides['inspector.listener'] ??= ''
  if (overrides['log.dirs'] !== undefined || overrides['log.dir'] !== undefined) return undefined
  const { temporaryLogDir } = await import('./storage/temporary-log-dir.js')
  const directory = temporaryLogDir()
  overrides['log.dirs'] = directory.path
  return directory.remove
}

async function launch(
  { file, signal }: BrokerOptions,
  overrides: Readonly<Record<string, string>>,
  sink: LogSink,
  remove: (() => void) | undefined
): Promise<RunningBroker> {
  const named = file === undefined ? {} : { file, properties: readPropertiesFile(file) }
  const { config, warnings } = loadBrokerConfig({ ...named, overrides })
  const logger = loggerFor('odradek.config', sink)
  for (const warning of warnings) logger.warn(warning)
  // Workers read their code while this thread reads its own.
  const { workers } = threadPlan(config)
  const pool =
    workers === 0 ? undefined : (await import('./actors/broker/worker-pool.js')).openWorkerPool(workers)
  const { Broker } = await import('./actors/broker/broker.js')
  const isWatched = inspectorListenerOf(config.get('inspector.listener')) !== undefined
  const inspecting = isWatched ? await import('./observe/inspector.js') : undefined
  let inspector: Inspector | undefined
  const observer = (watched: InstanceType<typeof Broker>): Inspector | undefined => {
    inspector = inspecting && new inspecting.Inspector(watched, sink)
    return inspector
  }
  const broker = new Broker({ config, sink, pool, observer })
  signal?.addEventListener('abort', () => broker.stop())
  if (signal?.aborted === true) broker.stop()
  await broker.started
  const closed = broker.closed.finally(() => remove?.())
  closed.catch(() => {})
  return {
    bootstrapServers: broker.bootstrapServers,
    clusterId: broker.clusterId,
    inspector: inspector?.address,
    closed,
    fail: cause => broker.fail(cause),
    trace: () => broker.trace(),
    close() {
      broker.stop()
      return closed
    }
  }
}

// Of Acceptors, Processors and their connections: Kafka's network metrics, and of its socket server's sensors those that are
// counted here. The rates are over the time since an earlier scrape, half a minute at most.
import type { Broker } from '../actors/broker/broker.js'
import type { ThreadFigures } from '../actors/broker/thread-look.js'
import type { ProcessorLook } from '../actors/network/network-look.js'
import type { PerSecond } from './past-counts.js'
import type { Families } from './prometheus-text.js'

/** What `perSecond` has to know of them. */
export function processorCounts(processors: readonly ProcessorLook[]): [name: string, count: number][] {
  return processors.flatMap(({ id, busyMs, opened, connections }): [string, number][] => [
    [`busy.${id}`, busyMs],
    [`opened.${id}`, opened],
    [`closed.${id}`, opened - connections]
  ])
}

export function addProcessors(
  families: Families,
  processors: readonly ProcessorLook[],
  perSecond: PerSecond,
  uptimeMs: number
): void {
  let sum = 0
  for (const { id, busyMs } of processors) {
    const busy = perSecond(`busy.${id}`) ?? (busyMs / Math.max(1, uptimeMs)) * 1000
    const idle = Math.min(1, Math.max(0, 1 - busy / 1000))
    sum += idle
    families.gauge('kafka_network_processor_idlepercent', 'Share of time out of turns, 0 to 1.', idle, {
      networkProcessor: id
    })
  }
  families.gauge(
    'kafka_network_socketserver_networkprocessoravgidlepercent',
    'Mean over the Processors.',
    processors.length === 0 ? 1 : sum / processors.length
  )
}

const sensor = 'kafka_server_socketservermetrics'

export function addSensors(
  families: Families,
  threads: readonly ThreadFigures[],
  perSecond: PerSecond
): void {
  for (const { id, listener, connections, opened } of threads.flatMap(({ processors }) => processors)) {
    const labels = { listener, networkProcessor: id }
    families.gauge(`${sensor}_connection_count`, 'Open connections.', connections, labels)
    families.counter(`${sensor}_connection_creation_total`, 'Connections ever.', opened, labels)
    families.counter(`${sensor}_connection_close_total`, 'Closed ones.', opened - connections, labels)
    // Where there was no scrape before nothing is known of a rate.
    for (const [name, count, help] of [
      ['connection_creation_rate', `opened.${id}`, 'New connections a second.'],
      ['connection_close_rate', `closed.${id}`, 'Closed connections a second.']
    ] as const) {
      const rate = perSecond(count)
      if (rate !== null) families.gauge(`${sensor}_${name}`, help, rate, labels)
    }
  }
  for (const { listener, processor, name, version, connections } of threads.flatMap(each => each.software)) {
    families.gauge(
      `${sensor}_connections`,
      'Open connections by what the client says that it is.',
      connections,
      {
        clientSoftwareName: name,
        clientSoftwareVersion: version,
        listener,
        networkProcessor: processor
      }
    )
  }
}

export function addAcceptors(families: Families, { parts: { network } }: Broker): void {
  for (const { name } of network?.bound ?? []) {
    const labels = { listener: name }
    const isBlocked = network?.acceptorState(name)?.startsWith('blocked') === true ? 1 : 0
    families.counter(
      'kafka_network_acceptor_acceptorblockedpercent_count',
      'Nanoseconds that it waited for Processors to take a connection: rate() / 1e9 is the share.',
      Math.round((network?.acceptorWaitedMs(name) ?? 0) * 1e6),
      labels
    )
    families.gauge('odradek_connections', 'Open connections.', network?.quotas.ofListener(name) ?? 0, labels)
    families.gauge('odradek_acceptor_blocked', '1 = it accepts nothing.', isBlocked, labels)
  }
}

// What a person looks up first: connections, topics, and the partitions of a topic. Filtered by words, a window at a time.
import type { BrokerSnapshot, ConnectionSnapshot, LogSnapshot, TopicSnapshot } from '../snapshot.js'
import { matcher, type Rows, windowOf } from './rows.js'

/** `/api/connections?q=`: busy ones first, by how long their request lasts; then by how long they were quiet. */
export function connectionRows(
  { connections }: BrokerSnapshot,
  query: URLSearchParams
): Rows<ConnectionSnapshot> {
  const wanted = matcher(query.get('q'))
  const lasting = ({ inFlight }: ConnectionSnapshot): number => inFlight?.sinceMs ?? -1
  return windowOf(
    connections
      .filter(each => wanted(...textsOf(each)))
      .sort((a, b) => lasting(b) - lasting(a) || b.idleMs - a.idleMs),
    query
  )
}

const textsOf = (each: ConnectionSnapshot): (string | undefined)[] => [
  each.id,
  each.clientId,
  each.softwareName,
  each.principal,
  each.state,
  each.mute,
  each.exchange,
  each.inFlight?.api,
  each.listener
]

/** `/api/topics?q=` */
export function topicRows({ topics }: BrokerSnapshot, query: URLSearchParams): Rows<TopicSnapshot> {
  const wanted = matcher(query.get('q'))
  return windowOf(
    topics.filter(({ name, id }) => wanted(name, id)).sort((a, b) => a.name.localeCompare(b.name)),
    query
  )
}

/** `/api/partitions?topic=&q=`: of one topic, or of all. */
export function partitionRows({ logs }: BrokerSnapshot, query: URLSearchParams): Rows<LogSnapshot> {
  const wanted = matcher(query.get('q'))
  const topic = query.get('topic') ?? ''
  return windowOf(
    logs
      .filter(
        log =>
          (topic === '' || log.topic === topic) &&
          wanted(`${log.topic}-${log.partition}`, log.state, log.logDir)
      )
      .sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition),
    query
  )
}

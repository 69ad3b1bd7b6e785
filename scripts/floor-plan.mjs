// The floor plan: actors and the queues between them. Capacities are read off a broker that is started for this.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const load = (dist, file) => import(pathToFileURL(join(dist, file)).href)

export async function drawFloorPlan(dist) {
  const { Broker } = await load(dist, 'actors/broker/broker.js')
  const { silentSink } = await load(dist, 'actors/runtime/log.js')
  const { mailboxes } = await load(dist, 'actors/runtime/mailbox.js')
  const { loadBrokerConfig } = await load(dist, 'config/broker-config.js')
  const directory = mkdtempSync(join(tmpdir(), 'odradek-floor-plan-'))
  // From the modules, not the joined build: the list of mailboxes is the one of this instance.
  const overrides = {
    listeners: 'PLAINTEXT://127.0.0.1:0',
    'log.dirs': directory,
    'odradek.placement': 'inline'
  }
  const broker = new Broker({ config: loadBrokerConfig({ overrides }).config, sink: silentSink })
  await broker.started
  const found = mailboxes().map(({ name, capacity, unboundedBecause }) => ({
    name,
    capacity,
    unboundedBecause
  }))
  broker.stop()
  await broker.closed
  rmSync(directory, { recursive: true })
  const { config } = loadBrokerConfig({ properties: {} })
  const processors = config.get('num.network.threads')
  const loops = config.get('num.io.threads')
  const rows = byKind(found)
  const capacityOf = name => rows.find(row => row.name === name)?.capacity ?? '?'
  const picture = `\`\`\`mermaid
flowchart LR
  client([client]) -->|connects| acceptor["Acceptor<br/>one a listener"]
  acceptor -->|"round robin, newConnections (${capacityOf('processor.n.newConnections')})"| processor["Processor<br/>${processors} a listener"]
  client <-->|bytes| processor
  processor -->|"requestQueue (${capacityOf('requestQueue')}), one for all"| handler["KafkaRequestHandler<br/>${loops} loops"]
  handler --> apis["KafkaApis<br/>one file an API"]
  apis --> replicas["Partitions and purgatory"]
  replicas --> log[("PartitionLog<br/>page cache, later fsync")]
  apis -->|"controller events (${capacityOf('controller events')})"| controller["Controller"]
  controller --> tree[("Metadata tree")]
  controller -->|"images, to every thread"| apis
  handler -->|"responses (${capacityOf('processor.n.responses')}), of the Processor that read the request"| processor
\`\`\``
  const table = rows.map(
    ({ name, capacity, unboundedBecause }) =>
      `| ${name} | ${capacity} | ${whenFull[name] ?? ''}${unboundedBecause ?? ''} |`
  )
  return [
    `Each box is an actor or a group of them; a queue has a name and a capacity, and its sender a state for "full". One
connection has one request in flight, so the unbounded queues are bounded by the number of connections.`,
    `${picture}

| actor | its life | where |
|---|---|---|
${lives.map(([actor, page, folder]) => `| ${actor} | [${page}](${page}.md) | \`src/${folder}\` |`).join('\n')}

| mailbox | capacity | when full, or why unbounded |
|---|---|---|
${table.join('\n')}

Read off a broker with Kafka's defaults. The capacity of \`requestQueue\` is \`queued.max.requests\`; with worker threads the
same queue is a ring in shared memory, and responses to another thread go through that thread's mesh first. Which
thread runs what is one table, \`src/actors/runtime/placement.ts\`.`
  ]
}

/** The boxes above, and the pages of their statecharts. */
export const lives = [
  ['Acceptor', 'acceptor', 'actors/network'],
  ['Processor', 'processor', 'actors/network'],
  ['a connection of a Processor', 'channel', 'actors/network'],
  ['its one request in flight', 'exchange', 'actors/network'],
  ['whether it is read', 'channel-mute', 'actors/network'],
  ['the request queue', 'request-channel', 'actors/network'],
  ['KafkaRequestHandler', 'handler', 'actors/handlers'],
  ['all handlers', 'handler-pool', 'actors/handlers'],
  ['a partition', 'replicas-partition', 'actors/replicas'],
  ['the purgatory', 'purgatory', 'actors/replicas'],
  ['the logs', 'log-manager', 'actors/broker'],
  ['a topic at the Controller', 'topic', 'actors/controller'],
  ['all of them together', 'broker', 'actors/broker']
]

const whenFull = {
  requestQueue: 'the Processor is `backpressured`: it stops reading, its answers keep flowing',
  'processor.n.newConnections': 'the Acceptor asks the next Processor; when all are full it is `blocked`'
}

function byKind(found) {
  const rows = new Map()
  for (const { name, capacity, unboundedBecause } of found) {
    const kind = name.replace(/\.\d+\./, '.n.')
    rows.set(kind, {
      name: kind,
      capacity: Number.isFinite(capacity) ? capacity : 'unbounded',
      unboundedBecause
    })
  }
  return [...rows.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

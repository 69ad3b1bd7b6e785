// Listeners, threads, sockets, connection limits: everything between a client and the request queue.
import { int, intMax, long, optionalString, string } from '../definition.js'
import { hostCounts } from '../text-checks.js'

export const networkDefinitions = {
  'advertised.listeners': optionalString({
    support: 'honoured',
    doc: 'What clients are told to connect to, per listener name; without it, the listeners themselves.'
  }),
  'connection.failed.authentication.delay.ms': int(100, { support: 'recognised', min: 0 }),
  'connections.max.idle.ms': long(600_000, {
    support: 'honoured',
    doc: 'A connection idle for longer is closed; negative: never.'
  }),
  'control.plane.listener.name': optionalString({
    support: 'recognised',
    doc: 'A listener of its own for requests of the controller.'
  }),
  'inter.broker.listener.name': optionalString({
    support: 'honoured',
    doc: 'The listener that other brokers use; exempt from the broker-wide connection limit.'
  }),
  'listener.security.protocol.map': string(
    'SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT',
    {
      support: 'honoured',
      doc: 'The security protocol of each listener name. Only PLAINTEXT can be served.'
    }
  ),
  listeners: string('PLAINTEXT://:9092', {
    support: 'honoured',
    doc: 'Where to listen: NAME://host:port, comma separated. An empty host means all interfaces, port 0 a free port.'
  }),
  'max.connection.creation.rate': int(intMax, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 0,
    doc: 'New connections a second to the broker; with listener.name.<name>. in front, to one listener.'
  }),
  'max.connections': int(intMax, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 0,
    doc: 'Connections at the same time to the whole broker; with listener.name.<name>. in front, to one listener.'
  }),
  'max.connections.per.ip': int(intMax, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 0,
    doc: 'Connections at the same time from one address.'
  }),
  'max.connections.per.ip.overrides': string('', {
    support: 'honoured',
    update: 'cluster-wide',
    check: hostCounts,
    doc: 'Other limits for single hosts: host:count, comma separated.'
  }),
  'num.io.threads': int(8, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 1,
    doc: 'Request handlers. They share the worker threads (odradek.workers).'
  }),
  'num.network.threads': int(3, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 1,
    doc: 'Processors a listener: each reads requests and writes responses for its share of the connections.'
  }),
  'queued.max.request.bytes': long(-1, {
    support: 'honoured',
    doc: 'Bytes of requests in memory; -1: bounded by the size of the request arena.'
  }),
  'queued.max.requests': int(500, {
    support: 'honoured',
    min: 1,
    doc: 'Requests that may wait for a handler; when it is reached, Processors stop reading.'
  }),
  'socket.connection.setup.timeout.max.ms': long(30_000, { support: 'recognised' }),
  'socket.connection.setup.timeout.ms': long(10_000, { support: 'recognised' }),
  'socket.listen.backlog.size': int(50, {
    support: 'honoured',
    min: 1,
    doc: 'Connections that the operating system may hold before they are accepted.'
  }),
  'socket.receive.buffer.bytes': int(102_400, {
    support: 'honoured',
    doc: "SO_RCVBUF of accepted sockets; -1: the operating system's choice."
  }),
  'socket.request.max.bytes': int(104_857_600, {
    support: 'honoured',
    min: 1,
    doc: 'The largest request; a larger one closes the connection.'
  }),
  'socket.send.buffer.bytes': int(102_400, {
    support: 'honoured',
    doc: "SO_SNDBUF of accepted sockets; -1: the operating system's choice."
  })
}

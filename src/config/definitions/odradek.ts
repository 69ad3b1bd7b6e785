// Our own properties, which Kafka does not have: durability of acknowledgements, where the actors run, who may look at them.
import { boolean, int, string } from '../definition.js'
import { inspectorListenerReason } from '../inspector-listener.js'

export const odradekDefinitions = {
  'inspector.listener': string('http://127.0.0.1:9404', {
    support: 'honoured',
    check: inspectorListenerReason,
    doc: 'Where the inspector, /metrics and /health are served; port 0 takes a free one, an empty value serves nothing. Without this line a port in use costs only a warning. An embedded broker (startBroker) serves nothing unless it is set.'
  }),
  'log.flush.acks': boolean(false, {
    support: 'honoured',
    update: 'cluster-wide',
    doc: 'Whether an acknowledgement waits until the records are on the disk (group commit), not only in the page cache.'
  }),
  'odradek.placement': string('perCore', {
    support: 'honoured',
    oneOf: ['perCore', 'networkOnMain', 'inline'],
    doc: 'Where the actors run: perCore (connections, handlers and logs on worker threads), networkOnMain (connections on the main thread), inline (everything on one thread).'
  }),
  'odradek.slow.request.ms': int(1000, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 0,
    doc: 'Requests that take longer get a line in the log with all their stages (docs/metrics.md); 0 = none. What a fetch waits for records, or a member for the others of its group, does not count.'
  }),
  'odradek.trace': string('lifecycle', {
    support: 'honoured',
    update: 'cluster-wide',
    oneOf: ['off', 'lifecycle', 'all'],
    doc: 'What each thread keeps of the last steps of its actors: nothing, those of lifecycles (4,096), or those of connections and requests too (65,536 more).'
  }),
  'odradek.workers': int(0, {
    support: 'honoured',
    min: 0,
    max: 64,
    doc: 'Worker threads; 0 chooses by the machine. Without meaning when the placement is inline.'
  })
}

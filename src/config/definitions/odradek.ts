// Our own properties, which Kafka does not have: durability of acknowledgements, and where the actors run.
import { boolean, int, string } from '../definition.js'

export const odradekDefinitions = {
  'log.flush.acks': boolean(false, {
    support: 'honoured',
    doc: 'Whether an acknowledgement waits until the records are on the disk (group commit), not only in the page cache.'
  }),
  'odradek.placement': string('perCore', {
    support: 'honoured',
    oneOf: ['perCore', 'networkOnMain', 'inline'],
    doc: 'Where the actors run: perCore (connections, handlers and logs on worker threads), networkOnMain (connections on the main thread), inline (everything on one thread).'
  }),
  'odradek.trace': string('lifecycle', {
    support: 'honoured',
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

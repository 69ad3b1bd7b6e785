// Transactions, their state topic, and producer ids.
import { boolean, int, short } from '../definition.js'

export const transactionsDefinitions = {
  'producer.id.expiration.check.interval.ms': int(600_000, {
    support: 'recognised',
    min: 1,
    internal: true,
    doc: 'How often idle producers are looked for.'
  }),
  'producer.id.expiration.ms': int(86_400_000, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 1,
    doc: 'A partition forgets an idle idempotent producer after this time.'
  }),
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': int(10_000, {
    support: 'recognised',
    min: 1
  }),
  'transaction.max.timeout.ms': int(900_000, { support: 'recognised', min: 1 }),
  'transaction.partition.verification.enable': boolean(true, {
    support: 'recognised',
    update: 'cluster-wide'
  }),
  'transaction.remove.expired.transaction.cleanup.interval.ms': int(3_600_000, {
    support: 'recognised',
    min: 1
  }),
  'transaction.state.log.load.buffer.size': int(5_242_880, { support: 'recognised', min: 1 }),
  'transaction.state.log.min.isr': int(2, { support: 'honoured', min: 1 }),
  'transaction.state.log.num.partitions': int(50, {
    support: 'honoured',
    min: 1,
    doc: 'Partitions of __transaction_state.'
  }),
  'transaction.state.log.replication.factor': short(3, {
    support: 'honoured',
    min: 1,
    doc: 'Replicas of __transaction_state.'
  }),
  'transaction.state.log.segment.bytes': int(104_857_600, { support: 'honoured', min: 1 }),
  'transactional.id.expiration.ms': int(604_800_000, { support: 'recognised', min: 1 })
}

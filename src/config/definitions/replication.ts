// Replicas, leaders and elections. With one broker there is nothing to replicate: most are only recognised.
import { boolean, int, long, optionalInt, optionalString } from '../definition.js'

export const replicationDefinitions = {
  'alter.log.dirs.replication.quota.window.num': int(11, { support: 'recognised', min: 1 }),
  'alter.log.dirs.replication.quota.window.size.seconds': int(1, { support: 'recognised', min: 1 }),
  'auto.leader.rebalance.enable': boolean(true, { support: 'recognised' }),
  'default.replication.factor': int(1, {
    support: 'honoured',
    doc: 'Replicas of a topic whose creator does not say.'
  }),
  'leader.imbalance.check.interval.seconds': long(300, { support: 'recognised', min: 1 }),
  'leader.imbalance.per.broker.percentage': int(10, { support: 'recognised' }),
  'min.insync.replicas': int(1, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 1,
    doc: 'Replicas that must be in sync for a write with acks=all.'
  }),
  'num.replica.alter.log.dirs.threads': optionalInt({ support: 'recognised' }),
  'num.replica.fetchers': int(1, { support: 'recognised', update: 'cluster-wide' }),
  'replica.fetch.backoff.ms': int(1_000, { support: 'recognised', min: 0 }),
  'replica.fetch.max.bytes': int(1_048_576, { support: 'recognised', min: 0 }),
  'replica.fetch.min.bytes': int(1, { support: 'recognised' }),
  'replica.fetch.response.max.bytes': int(10_485_760, { support: 'recognised', min: 0 }),
  'replica.fetch.wait.max.ms': int(500, { support: 'recognised' }),
  'replica.high.watermark.checkpoint.interval.ms': long(5_000, {
    support: 'honoured',
    doc: 'How often high watermarks are written down.'
  }),
  'replica.lag.time.max.ms': long(30_000, { support: 'recognised' }),
  'replica.selector.class': optionalString({ support: 'recognised' }),
  'replica.socket.receive.buffer.bytes': int(65_536, { support: 'recognised' }),
  'replica.socket.timeout.ms': int(30_000, { support: 'recognised' }),
  'replication.quota.window.num': int(11, { support: 'recognised', min: 1 }),
  'replication.quota.window.size.seconds': int(1, { support: 'recognised', min: 1 }),
  'unclean.leader.election.enable': boolean(false, { support: 'recognised', update: 'cluster-wide' }),
  'unclean.leader.election.interval.ms': long(300_000, { support: 'recognised', min: 1, internal: true })
}

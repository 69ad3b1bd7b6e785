// What is kept and for how long: retention and compaction.
import { boolean, double, int, list, long, longMax, optionalInt, optionalLong } from '../definition.js'

export const retentionDefinitions = {
  'log.cleaner.backoff.ms': long(15_000, { support: 'recognised', update: 'cluster-wide', min: 0 }),
  'log.cleaner.dedupe.buffer.size': long(134_217_728, { support: 'recognised', update: 'cluster-wide' }),
  'log.cleaner.delete.retention.ms': long(86_400_000, {
    support: 'recognised',
    update: 'cluster-wide',
    min: 0
  }),
  'log.cleaner.enable': boolean(true, { support: 'recognised' }),
  'log.cleaner.io.buffer.load.factor': double(0.9, { support: 'recognised', update: 'cluster-wide' }),
  'log.cleaner.io.buffer.size': int(524_288, { support: 'recognised', update: 'cluster-wide', min: 0 }),
  'log.cleaner.io.max.bytes.per.second': double(Number.MAX_VALUE, {
    support: 'recognised',
    update: 'cluster-wide'
  }),
  'log.cleaner.max.compaction.lag.ms': long(longMax, {
    support: 'recognised',
    update: 'cluster-wide',
    min: 1
  }),
  'log.cleaner.min.cleanable.ratio': double(0.5, {
    support: 'recognised',
    update: 'cluster-wide',
    min: 0,
    max: 1
  }),
  'log.cleaner.min.compaction.lag.ms': long(0, { support: 'recognised', update: 'cluster-wide', min: 0 }),
  'log.cleaner.threads': int(1, { support: 'recognised', update: 'cluster-wide', min: 0 }),
  'log.cleanup.policy': list(['delete'], {
    support: 'recognised',
    update: 'cluster-wide',
    oneOf: ['compact', 'delete']
  }),
  'log.local.retention.bytes': long(-2, { support: 'recognised', update: 'cluster-wide', min: -2 }),
  'log.local.retention.ms': long(-2, { support: 'recognised', update: 'cluster-wide', min: -2 }),
  'log.retention.bytes': long(-1, { support: 'recognised', update: 'cluster-wide' }),
  'log.retention.check.interval.ms': long(300_000, { support: 'recognised', min: 1 }),
  'log.retention.hours': int(168, { support: 'recognised' }),
  'log.retention.minutes': optionalInt({ support: 'recognised' }),
  'log.retention.ms': optionalLong({ support: 'recognised', update: 'cluster-wide' })
}

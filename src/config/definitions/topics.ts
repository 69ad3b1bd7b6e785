// Topics and partitions, and what requests about them may ask for.
import { boolean, int } from '../definition.js'

export const topicsDefinitions = {
  'auto.create.topics.enable': boolean(true, {
    support: 'honoured',
    doc: 'Whether a client asking for an unknown topic creates it.'
  }),
  'delete.records.purgatory.purge.interval.requests': int(1, { support: 'recognised' }),
  'delete.topic.enable': boolean(true, { support: 'honoured', doc: 'Whether topics may be deleted.' }),
  'fetch.max.bytes': int(57_671_680, {
    support: 'honoured',
    min: 1_024,
    doc: 'The most that one Fetch answers with.'
  }),
  'fetch.purgatory.purge.interval.requests': int(1_000, { support: 'recognised' }),
  'max.incremental.fetch.session.cache.slots': int(1_000, {
    support: 'honoured',
    min: 0,
    doc: 'Incremental fetch sessions that are kept.'
  }),
  'max.request.partition.size.limit': int(2_000, { support: 'honoured', min: 1 }),
  'num.partitions': int(1, {
    support: 'honoured',
    min: 1,
    doc: 'Partitions of a topic whose creator does not say.'
  }),
  'producer.purgatory.purge.interval.requests': int(1_000, { support: 'recognised' }),
  'request.timeout.ms': int(30_000, { support: 'recognised' })
}

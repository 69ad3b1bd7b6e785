// Tiered storage.
import { boolean, double, int, long, longMax, optionalString, string } from '../definition.js'

export const remoteStorageDefinitions = {
  'remote.fetch.max.wait.ms': int(500, { support: 'recognised', update: 'cluster-wide', min: 1 }),
  'remote.log.index.file.cache.total.size.bytes': long(1_073_741_824, {
    support: 'recognised',
    update: 'cluster-wide',
    min: 1
  }),
  'remote.log.manager.copier.thread.pool.size': int(-1, { support: 'recognised', min: 1, also: [-1] }),
  'remote.log.manager.copy.max.bytes.per.second': long(longMax, {
    support: 'recognised',
    update: 'cluster-wide',
    min: 1
  }),
  'remote.log.manager.copy.quota.window.num': int(11, { support: 'recognised', min: 1 }),
  'remote.log.manager.copy.quota.window.size.seconds': int(1, { support: 'recognised', min: 1 }),
  'remote.log.manager.expiration.thread.pool.size': int(-1, { support: 'recognised', min: 1, also: [-1] }),
  'remote.log.manager.fetch.max.bytes.per.second': long(longMax, {
    support: 'recognised',
    update: 'cluster-wide',
    min: 1
  }),
  'remote.log.manager.fetch.quota.window.num': int(11, { support: 'recognised', min: 1 }),
  'remote.log.manager.fetch.quota.window.size.seconds': int(1, { support: 'recognised', min: 1 }),
  'remote.log.manager.task.interval.ms': long(30_000, { support: 'recognised', min: 1 }),
  'remote.log.manager.task.retry.backoff.max.ms': long(30_000, {
    support: 'recognised',
    min: 1,
    internal: true
  }),
  'remote.log.manager.task.retry.backoff.ms': long(500, { support: 'recognised', min: 1, internal: true }),
  'remote.log.manager.task.retry.jitter': double(0.2, {
    support: 'recognised',
    min: 0,
    max: 0.5,
    internal: true
  }),
  'remote.log.manager.thread.pool.size': int(10, { support: 'recognised', min: 1 }),
  'remote.log.metadata.custom.metadata.max.bytes': int(128, { support: 'recognised', min: 0 }),
  'remote.log.metadata.manager.class.name': string(
    'org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager',
    { support: 'recognised', nonEmpty: true }
  ),
  'remote.log.metadata.manager.class.path': optionalString({ support: 'recognised' }),
  'remote.log.metadata.manager.impl.prefix': string('rlmm.config.', {
    support: 'recognised',
    nonEmpty: true
  }),
  'remote.log.metadata.manager.listener.name': optionalString({ support: 'recognised', nonEmpty: true }),
  'remote.log.reader.max.pending.tasks': int(100, { support: 'recognised', min: 1 }),
  'remote.log.reader.threads': int(10, { support: 'recognised', min: 1 }),
  'remote.log.storage.manager.class.name': optionalString({ support: 'recognised', nonEmpty: true }),
  'remote.log.storage.manager.class.path': optionalString({ support: 'recognised' }),
  'remote.log.storage.manager.impl.prefix': string('rsm.config.', { support: 'recognised', nonEmpty: true }),
  'remote.log.storage.system.enable': boolean(false, { support: 'recognised' })
}

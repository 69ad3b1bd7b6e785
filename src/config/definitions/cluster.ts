// Who this broker is, and the settings of a controller quorum or a ZooKeeper ensemble.
import { boolean, int, list, long, longMax, optionalInt, optionalString, string } from '../definition.js'
import { bootstrapServers, quorumVoters, releaseVersion } from '../text-checks.js'

export const clusterDefinitions = {
  'broker.heartbeat.interval.ms': int(2_000, { support: 'recognised' }),
  'broker.id': int(-1, {
    support: 'honoured',
    doc: 'The number of this broker; -1 draws one above reserved.broker.max.id. The same as node.id.'
  }),
  'broker.id.generation.enable': boolean(true, {
    support: 'honoured',
    doc: 'Whether a broker without a number draws one.'
  }),
  'broker.rack': optionalString({
    support: 'honoured',
    doc: 'The rack that clients are told for this broker.'
  }),
  'broker.session.timeout.ms': int(9_000, { support: 'recognised' }),
  'controlled.shutdown.enable': boolean(true, { support: 'recognised' }),
  'controlled.shutdown.max.retries': int(3, { support: 'recognised' }),
  'controlled.shutdown.retry.backoff.ms': long(5_000, { support: 'recognised' }),
  'controller.listener.names': optionalString({
    support: 'recognised',
    doc: 'Listeners of a KRaft controller; they are left out.'
  }),
  'controller.quorum.append.linger.ms': int(25, { support: 'recognised' }),
  'controller.quorum.bootstrap.servers': list([], { support: 'recognised', check: bootstrapServers }),
  'controller.quorum.election.backoff.max.ms': int(1_000, { support: 'recognised' }),
  'controller.quorum.election.timeout.ms': int(1_000, { support: 'recognised' }),
  'controller.quorum.fetch.timeout.ms': int(2_000, { support: 'recognised' }),
  'controller.quorum.request.timeout.ms': int(2_000, { support: 'recognised' }),
  'controller.quorum.retry.backoff.ms': int(20, { support: 'recognised' }),
  'controller.quorum.voters': list([], { support: 'recognised', check: quorumVoters }),
  'controller.quota.window.num': int(11, { support: 'recognised', min: 1 }),
  'controller.quota.window.size.seconds': int(1, { support: 'recognised', min: 1 }),
  'controller.socket.timeout.ms': int(30_000, { support: 'recognised' }),
  'early.start.listeners': optionalString({ support: 'recognised' }),
  'eligible.leader.replicas.enable': boolean(false, { support: 'recognised' }),
  'initial.broker.registration.timeout.ms': int(60_000, { support: 'recognised' }),
  'inter.broker.protocol.version': string('3.9-IV0', { support: 'recognised', check: releaseVersion }),
  'metadata.log.dir': optionalString({ support: 'recognised' }),
  'metadata.log.max.record.bytes.between.snapshots': long(20_971_520, { support: 'recognised', min: 1 }),
  'metadata.log.max.snapshot.interval.ms': long(3_600_000, { support: 'recognised', min: 0 }),
  'metadata.log.segment.bytes': int(1_073_741_824, { support: 'recognised', min: 12 }),
  'metadata.log.segment.min.bytes': int(8_388_608, { support: 'recognised', min: 12, internal: true }),
  'metadata.log.segment.ms': long(604_800_000, { support: 'recognised' }),
  'metadata.max.idle.interval.ms': int(500, { support: 'recognised', min: 0 }),
  'metadata.max.retention.bytes': long(104_857_600, { support: 'recognised' }),
  'metadata.max.retention.ms': long(604_800_000, { support: 'recognised' }),
  'node.id': int(-1, { support: 'honoured', doc: 'The same as broker.id.' }),
  'process.roles': list([], {
    support: 'recognised',
    oneOf: ['broker', 'controller'],
    doc: 'Roles in a KRaft cluster. The embedded metadata tree is used instead.'
  }),
  'reserved.broker.max.id': int(1_000, {
    support: 'honoured',
    min: 0,
    doc: 'The largest number that broker.id may have while numbers may be drawn.'
  }),
  'server.max.startup.time.ms': long(longMax, { support: 'recognised', min: 0, internal: true }),
  'unstable.api.versions.enable': boolean(false, { support: 'recognised', internal: true }),
  'unstable.feature.versions.enable': boolean(false, { support: 'recognised', internal: true }),
  'zookeeper.clientCnxnSocket': optionalString({ support: 'recognised' }),
  'zookeeper.connect': optionalString({
    support: 'recognised',
    doc: 'A ZooKeeper ensemble. The embedded metadata tree is used instead.'
  }),
  'zookeeper.connection.timeout.ms': optionalInt({ support: 'recognised' }),
  'zookeeper.max.in.flight.requests': int(10, { support: 'recognised', min: 1 }),
  'zookeeper.metadata.migration.enable': boolean(false, { support: 'recognised' }),
  'zookeeper.metadata.migration.min.batch.size': int(200, { support: 'recognised', min: 1, internal: true }),
  'zookeeper.session.timeout.ms': int(18_000, { support: 'recognised' })
}

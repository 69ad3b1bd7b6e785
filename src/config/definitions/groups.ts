// Consumer groups and their offsets topic.
import { boolean, int, intMax, list, long, short, string } from '../definition.js'

export const groupsDefinitions = {
  'group.consumer.assignors': list(['uniform', 'range'], {
    support: 'honoured',
    oneOf: [
      'uniform',
      'range',
      'org.apache.kafka.coordinator.group.assignor.UniformAssignor',
      'org.apache.kafka.coordinator.group.assignor.RangeAssignor'
    ],
    doc: "Server-side assignors, the first is the default: uniform, range, or Kafka's class names of them."
  }),
  'group.consumer.heartbeat.interval.ms': int(5_000, {
    support: 'honoured',
    min: 1,
    doc: 'How often members of consumer groups (KIP-848) send heartbeats.'
  }),
  'group.consumer.max.heartbeat.interval.ms': int(15_000, { support: 'honoured', min: 1 }),
  'group.consumer.max.session.timeout.ms': int(60_000, { support: 'honoured', min: 1 }),
  'group.consumer.max.size': int(intMax, {
    support: 'honoured',
    min: 1,
    doc: 'Members of a consumer group (KIP-848) at most.'
  }),
  'group.consumer.migration.policy': string('bidirectional', {
    support: 'honoured',
    oneOf: ['bidirectional', 'upgrade', 'downgrade', 'disabled'],
    internal: true,
    doc: 'Which groups with members change their kind when members of the other protocol come or are left alone.'
  }),
  'group.consumer.min.heartbeat.interval.ms': int(5_000, { support: 'honoured', min: 1 }),
  'group.consumer.min.session.timeout.ms': int(45_000, { support: 'honoured', min: 1 }),
  'group.consumer.session.timeout.ms': int(45_000, {
    support: 'honoured',
    min: 1,
    doc: 'After this long without a heartbeat a member of a consumer group (KIP-848) is removed.'
  }),
  'group.coordinator.append.linger.ms': int(10, { support: 'recognised', min: 0 }),
  'group.coordinator.new.enable': boolean(false, { support: 'recognised', internal: true }),
  'group.coordinator.rebalance.protocols': list(['classic', 'consumer'], {
    support: 'honoured',
    doc: 'Group protocols that are served; classic always is.',
    oneOf: ['consumer', 'classic', 'share', 'unknown']
  }),
  'group.coordinator.threads': int(1, { support: 'recognised', min: 1 }),
  'group.initial.rebalance.delay.ms': int(3_000, {
    support: 'honoured',
    doc: 'How long the first members of a group are waited for together, so that they need one rebalance.'
  }),
  'group.max.session.timeout.ms': int(1_800_000, {
    support: 'honoured',
    doc: 'The longest session timeout that a member of a classic group may ask for.'
  }),
  'group.max.size': int(intMax, {
    support: 'honoured',
    min: 1,
    doc: 'Members of a classic group at most.'
  }),
  'group.min.session.timeout.ms': int(6_000, {
    support: 'honoured',
    doc: 'The shortest session timeout that a member of a classic group may ask for.'
  }),
  'group.share.delivery.count.limit': int(5, { support: 'recognised', min: 2, max: 10 }),
  'group.share.enable': boolean(false, { support: 'recognised', internal: true }),
  'group.share.heartbeat.interval.ms': int(5_000, { support: 'recognised', min: 1 }),
  'group.share.max.groups': short(10, { support: 'recognised', min: 1, max: 100 }),
  'group.share.max.heartbeat.interval.ms': int(15_000, { support: 'recognised', min: 1 }),
  'group.share.max.record.lock.duration.ms': int(60_000, {
    support: 'recognised',
    min: 30_000,
    max: 3_600_000
  }),
  'group.share.max.session.timeout.ms': int(60_000, { support: 'recognised', min: 1 }),
  'group.share.max.size': short(200, { support: 'recognised', min: 10, max: 1_000 }),
  'group.share.min.heartbeat.interval.ms': int(5_000, { support: 'recognised', min: 1 }),
  'group.share.min.record.lock.duration.ms': int(15_000, { support: 'recognised', min: 1_000, max: 30_000 }),
  'group.share.min.session.timeout.ms': int(45_000, { support: 'recognised', min: 1 }),
  'group.share.partition.max.record.locks': int(200, { support: 'recognised', min: 100, max: 10_000 }),
  'group.share.record.lock.duration.ms': int(30_000, { support: 'recognised', min: 1_000, max: 60_000 }),
  'group.share.session.timeout.ms': int(45_000, { support: 'recognised', min: 1 }),
  'offset.metadata.max.bytes': int(4_096, {
    support: 'honoured',
    doc: 'Characters of metadata that a committed offset may have.'
  }),
  'offsets.commit.required.acks': short(-1, { support: 'recognised' }),
  'offsets.commit.timeout.ms': int(5_000, {
    support: 'honoured',
    min: 1,
    doc: 'How long a commit waits for the disk (log.flush.acks).'
  }),
  'offsets.load.buffer.size': int(5_242_880, {
    support: 'honoured',
    min: 1,
    doc: 'Bytes that are read at once while groups and offsets are loaded.'
  }),
  'offsets.retention.check.interval.ms': long(600_000, {
    support: 'honoured',
    min: 1,
    doc: 'How often expired offsets are looked for.'
  }),
  'offsets.retention.minutes': int(10_080, {
    support: 'honoured',
    min: 1,
    doc: 'How long offsets are kept after their group became empty, or after the commit where nobody subscribes.'
  }),
  'offsets.topic.compression.codec': int(0, { support: 'recognised' }),
  'offsets.topic.num.partitions': int(50, {
    support: 'honoured',
    min: 1,
    doc: 'Partitions of __consumer_offsets.'
  }),
  'offsets.topic.replication.factor': short(3, {
    support: 'honoured',
    min: 1,
    doc: 'Replicas of __consumer_offsets; no more than there are live brokers.'
  }),
  'offsets.topic.segment.bytes': int(104_857_600, { support: 'honoured', min: 1 })
}

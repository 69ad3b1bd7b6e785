// The properties of consumer groups (KIP-848), read once.
import type { BrokerConfig } from '../../../config/broker-config.js'
import { type AssignorName, isAssignorName } from './assignors.js'

/** As Kafka 3.9 names them. */
const classNames: Readonly<Record<string, AssignorName>> = {
  'org.apache.kafka.coordinator.group.assignor.UniformAssignor': 'uniform',
  'org.apache.kafka.coordinator.group.assignor.RangeAssignor': 'range'
}

export function consumerSettings(config: BrokerConfig) {
  return {
    isServed: config.get('group.coordinator.rebalance.protocols').includes('consumer'),
    sessionTimeoutMs: config.get('group.consumer.session.timeout.ms'),
    heartbeatIntervalMs: config.get('group.consumer.heartbeat.interval.ms'),
    maxSize: config.get('group.consumer.max.size'),
    migrationPolicy: config.get('group.consumer.migration.policy'),
    /** Never empty; the first is used when no member asks for one. */
    assignors: assignorsNamed(config.get('group.consumer.assignors'))
  }
}

function assignorsNamed(names: readonly string[]): readonly AssignorName[] {
  const known = names.map(name => classNames[name] ?? name).filter(isAssignorName)
  return known.length > 0 ? known : ['uniform']
}

// The properties of consumer groups (KIP-848), read once; and what single groups have in their place.
import type { BrokerConfig } from '../../../config/broker-config.js'
import { type GroupConfigName, ownValue } from '../../../config/group-config.js'
import type { GroupHome } from '../group.js'
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

export function sessionTimeoutMs(home: GroupHome, groupId: string): number {
  return own(home, groupId, 'consumer.session.timeout.ms') ?? home.settings.consumer.sessionTimeoutMs
}

export function heartbeatIntervalMs(home: GroupHome, groupId: string): number {
  return own(home, groupId, 'consumer.heartbeat.interval.ms') ?? home.settings.consumer.heartbeatIntervalMs
}

function own(home: GroupHome, groupId: string, name: GroupConfigName): number | undefined {
  const overrides = home.metadata().groupConfigs.get(groupId)
  return overrides === undefined ? undefined : ownValue(overrides, name)
}

function assignorsNamed(names: readonly string[]): readonly AssignorName[] {
  const known = names.map(name => classNames[name] ?? name).filter(isAssignorName)
  return known.length > 0 ? known : ['uniform']
}

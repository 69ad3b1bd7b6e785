// What a consumer group works with: its own overrides, else what the broker says. Checks and sentences are those of Kafka 4.0.
import type { BrokerConfig } from './broker-config.js'
import type { Definition } from './definition.js'
import { groupDefinitions, groupInheritsFrom } from './definitions/group-overrides.js'
import { parseValue } from './values.js'

export type GroupConfigName = keyof typeof groupDefinitions

/** What is stored for a group: texts by name, checked by `groupConfigFault` before. */
export type GroupOverrides = Readonly<Record<string, string>>

export function isGroupConfig(name: string): name is GroupConfigName {
  return Object.hasOwn(groupDefinitions, name)
}

export const groupDefinition = (name: GroupConfigName): Definition<number> => groupDefinitions[name]

export const groupConfigNames: readonly GroupConfigName[] =
  Object.keys(groupDefinitions).filter(isGroupConfig)

/** Milliseconds. */
export function groupValue(broker: BrokerConfig, overrides: GroupOverrides, name: GroupConfigName): number {
  return ownValue(overrides, name) ?? broker.get(groupInheritsFrom[name].name)
}

/** Undefined: the group has none, or one that another version of Kafka stored and we refuse. */
export function ownValue(overrides: GroupOverrides, name: GroupConfigName): number | undefined {
  const text = Object.hasOwn(overrides, name) ? overrides[name] : undefined
  if (text === undefined) return undefined
  const parsed = parseValue(groupDefinition(name), text)
  return parsed.ok && typeof parsed.value === 'number' ? parsed.value : undefined
}

/** Why a group may not have exactly these, the whole sentence for a client; undefined: it may. */
export function groupConfigFault(broker: BrokerConfig, overrides: GroupOverrides): string | undefined {
  for (const [name, text] of Object.entries(overrides)) {
    if (!isGroupConfig(name)) return `Unknown group config name: ${name}`
    const parsed = parseValue(groupDefinition(name), text)
    if (!parsed.ok) return `Invalid value ${text} for configuration ${name}: ${parsed.reason}`
  }
  for (const name of groupConfigNames) {
    const value = groupValue(broker, overrides, name)
    const { least, most } = groupInheritsFrom[name]
    if (value < broker.get(least)) return `${name} must be greater than or equal to ${least}`
    if (value > broker.get(most)) return `${name} must be less than or equal to ${most}`
  }
  const sessionMs = groupValue(broker, overrides, 'consumer.session.timeout.ms')
  const heartbeatMs = groupValue(broker, overrides, 'consumer.heartbeat.interval.ms')
  return sessionMs <= heartbeatMs
    ? 'consumer.session.timeout.ms must be greater than consumer.heartbeat.interval.ms'
    : undefined
}

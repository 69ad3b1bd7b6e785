// What DescribeConfigs prints of topics, groups, this broker and all brokers: value texts as Java's, sources, synonyms in
// their order.
import type { BrokerConfig, ConfigOrigin } from './broker-config.js'
import type { ConfigType, Definition } from './definition.js'
import { inheritsFrom } from './definitions/topic-overrides.js'
import { type BrokerConfigName, brokerDefinition, brokerDefinitions, isBrokerConfig } from './definitions.js'
import { dynamicOnlyDefinition, isDynamic } from './dynamic-layer.js'
import {
  type GroupConfigName,
  type GroupOverrides,
  groupConfigNames,
  groupDefinition,
  groupValue,
  isGroupConfig
} from './group-config.js'
import { baseName } from './settings.js'
import {
  effectiveValue,
  isTopicConfig,
  type TopicConfigName,
  type TopicOverrides,
  topicConfigNames,
  topicDefinition
} from './topic-config.js'
import { printValue } from './values.js'

/** DescribeConfigs v1+ `configSource`, for what exists here. */
export const configSource = {
  topic: 1,
  dynamicBroker: 2,
  dynamicDefault: 3,
  static: 4,
  default: 5,
  logger: 6,
  group: 8
} as const satisfies Record<ConfigOrigin | 'topic' | 'logger' | 'group', number>

export type ConfigSource = (typeof configSource)[keyof typeof configSource]

/** DescribeConfigs v3+ `configType`. */
export const configTypeId: Readonly<Record<ConfigType | 'unknown', number>> = {
  unknown: 0,
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9
}

export interface ConfigSynonym {
  readonly name: string
  /** null when sensitive. */
  readonly value: string | null
  readonly source: ConfigSource
}

export interface DescribedConfig {
  readonly name: string
  /** null when there is none or when it is sensitive. */
  readonly value: string | null
  readonly readOnly: boolean
  /** v0 only; Kafka 3.9 always says false. */
  readonly isDefault: false
  readonly configSource: ConfigSource
  readonly isSensitive: boolean
  /** In the order of precedence; show them only when they are asked for (v1+). */
  readonly synonyms: readonly ConfigSynonym[]
  /** v3+ */
  readonly configType: number
  /** v3+, only when asked for. */
  readonly documentation: string | null
}

/** `names`: null or empty describes all; unknown names are left out. */
export function describeTopic(
  broker: BrokerConfig,
  overrides: TopicOverrides,
  names: readonly string[] | null = null
): DescribedConfig[] {
  return chosen(names, topicConfigNames)
    .filter(isTopicConfig)
    .map(name => describeTopicConfig(broker, overrides, name))
}

export function describeGroup(
  broker: BrokerConfig,
  overrides: GroupOverrides,
  names: readonly string[] | null = null
): DescribedConfig[] {
  return chosen(names, groupConfigNames)
    .filter(isGroupConfig)
    .map(name => describeGroupConfig(broker, overrides, name))
}

export function describeBroker(
  broker: BrokerConfig,
  names: readonly string[] | null = null
): DescribedConfig[] {
  const all = [...shownNames, ...broker.perListener.keys(), ...broker.unknown.keys()]
  return chosen(names, all).map(name => describeBrokerConfig(broker, name))
}

/** Only what is stored for all brokers, as it is stored. */
export function describeClusterDefault(
  broker: BrokerConfig,
  names: readonly string[] | null = null
): DescribedConfig[] {
  return chosen(names, Object.keys(broker.dynamic.clusterDefault)).flatMap(name => {
    const level = broker.levelsOf(name).find(({ origin }) => origin === 'dynamicDefault')
    if (level === undefined) return []
    const source = configSource.dynamicDefault
    const synonyms = brokerSynonyms(broker, name).filter(synonym => synonym.source === source)
    return [entry(definitionOf(name), { name, value: level.text, synonyms, readOnly: !isDynamic(name) })]
  })
}

const shownNames = Object.keys(brokerDefinitions)
  .filter(isBrokerConfig)
  .filter(name => brokerDefinition(name).internal !== true)

function chosen(names: readonly string[] | null, all: readonly string[]): readonly string[] {
  if (names === null || names.length === 0) return all
  const known = new Set(all)
  return [...new Set(names)].filter(name => known.has(name))
}

function describeTopicConfig(
  broker: BrokerConfig,
  overrides: TopicOverrides,
  name: TopicConfigName
): DescribedConfig {
  const { text } = effectiveValue(broker, overrides, name)
  const own: ConfigSynonym[] = Object.hasOwn(overrides, name)
    ? [{ name, value: text, source: configSource.topic }]
    : []
  const [inherited] = inheritsFrom[name]
  const synonyms = [...own, ...(inherited === undefined ? [] : brokerSynonyms(broker, inherited.name))]
  return entry(topicDefinition(name), { name, value: text, synonyms, readOnly: false })
}

/** Kafka tells nothing of where the broker's value comes from. */
function describeGroupConfig(
  broker: BrokerConfig,
  overrides: GroupOverrides,
  name: GroupConfigName
): DescribedConfig {
  const value = String(groupValue(broker, overrides, name))
  const source = Object.hasOwn(overrides, name) ? configSource.group : configSource.default
  const synonyms: ConfigSynonym[] = [{ name, value, source }]
  return entry(groupDefinition(name), { name, value, synonyms, readOnly: false })
}

function describeBrokerConfig(broker: BrokerConfig, name: string): DescribedConfig {
  const value = isBrokerConfig(name)
    ? broker.text(name)
    : (broker.perListener.get(name)?.text ?? broker.unknown.get(name) ?? null)
  const synonyms = brokerSynonyms(broker, name)
  return entry(definitionOf(name), { name, value, synonyms, readOnly: !isDynamic(name) })
}

/** Undefined: nobody knows, and so nobody knows whether it is a secret. */
function definitionOf(name: string): Definition | undefined {
  const base = baseName(name)
  return isBrokerConfig(base) ? brokerDefinition(base) : dynamicOnlyDefinition(name)
}

/** Names that stand for one value in different units, first wins (config precedence of Kafka). */
const aliases: readonly (readonly BrokerConfigName[])[] = [
  ['log.roll.ms', 'log.roll.hours'],
  ['log.roll.jitter.ms', 'log.roll.jitter.hours'],
  ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours']
]

/** The interval of the scheduler stands in for the other one, and not the other way round. */
function namesOf(name: string): readonly string[] {
  if (name === 'log.flush.interval.ms') return [name, 'log.flush.scheduler.interval.ms']
  const base = baseName(name)
  return base === name ? (aliases.find(names => names.some(alias => alias === name)) ?? [name]) : [name, base]
}

/**
 * All texts of the name and its aliases, level by level, then the built-in defaults that are a value; what stands before the
 * first one of the name itself does not count.
 */
function brokerSynonyms(broker: BrokerConfig, name: string): ConfigSynonym[] {
  const names = namesOf(name)
  const isSecret = isSensitive(definitionOf(name))
  const all: ConfigSynonym[] = []
  for (const origin of ['dynamicBroker', 'dynamicDefault', 'static'] as const) {
    for (const each of names) {
      const level = broker.levelsOf(each).find(text => text.origin === origin)
      if (level === undefined) continue
      all.push({ name: each, value: isSecret ? null : level.text, source: configSource[origin] })
    }
  }
  for (const each of names) {
    if (!isBrokerConfig(each)) continue
    const { type, fallback } = brokerDefinition(each)
    const value = printValue(type, fallback)
    if (value !== null) all.push({ name: each, value, source: configSource.default })
  }
  const from = all.findIndex(synonym => synonym.name === name)
  return from < 0 ? [] : all.slice(from)
}

const isSensitive = (definition: Definition | undefined): boolean =>
  definition === undefined || definition.type === 'password'

function entry(
  definition: Definition | undefined,
  given: { name: string; value: string | null; synonyms: readonly ConfigSynonym[]; readOnly: boolean }
): DescribedConfig {
  return {
    name: given.name,
    value: isSensitive(definition) ? null : given.value,
    readOnly: given.readOnly,
    isDefault: false,
    configSource: given.synonyms[0]?.source ?? configSource.default,
    isSensitive: isSensitive(definition),
    synonyms: given.synonyms,
    configType: configTypeId[definition?.type ?? 'unknown'],
    documentation: documentationOf(definition)
  }
}

function documentationOf(definition: Definition | undefined): string | null {
  if (definition?.doc !== undefined) return definition.doc
  if (definition?.support === 'recognised') return 'Checked and described; it has no effect yet.'
  if (definition?.support !== 'protects') return null
  return 'It protects, and cannot be honoured yet: with it the broker does not start.'
}

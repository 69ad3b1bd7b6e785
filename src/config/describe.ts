// What DescribeConfigs prints of topics and of this broker: value texts as Java's, sources, synonyms in their order.
import type { BrokerConfig } from './broker-config.js'
import type { ConfigType, Definition } from './definition.js'
import { inheritsFrom } from './definitions/topic-overrides.js'
import { type BrokerConfigName, brokerDefinition, brokerDefinitions, isBrokerConfig } from './definitions.js'
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
export const configSource = { topic: 1, staticBroker: 4, default: 5 } as const

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

export function describeBroker(
  broker: BrokerConfig,
  names: readonly string[] | null = null
): DescribedConfig[] {
  const all = [...shownNames, ...broker.perListener.keys(), ...broker.unknown.keys()]
  return chosen(names, all).flatMap(name => describeBrokerConfig(broker, name) ?? [])
}

const shownNames = Object.keys(brokerDefinitions)
  .filter(isBrokerConfig)
  .filter(name => brokerDefinition(name).internal !== true)

function chosen(names: readonly string[] | null, all: readonly string[]): readonly string[] {
  return names === null || names.length === 0 ? all : [...new Set(names)].filter(name => all.includes(name))
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
  const synonyms = [
    ...own,
    ...brokerSynonyms(
      broker,
      inheritsFrom[name].map(inherited => inherited.name)
    )
  ]
  return entry(topicDefinition(name), { name, value: text, synonyms, readOnly: false })
}

function describeBrokerConfig(broker: BrokerConfig, name: string): DescribedConfig | undefined {
  if (isBrokerConfig(name)) {
    const definition = brokerDefinition(name)
    const all = brokerSynonyms(broker, aliases.find(names => names.includes(name)) ?? [name])
    const from = all.findIndex(synonym => synonym.name === name)
    const synonyms = from < 0 ? [] : all.slice(from)
    return entry(definition, {
      name,
      value: broker.text(name),
      synonyms,
      readOnly: (definition.update ?? 'read-only') === 'read-only'
    })
  }
  return describePerListener(broker, name) ?? describeUnknown(broker, name)
}

function describePerListener(broker: BrokerConfig, name: string): DescribedConfig | undefined {
  const setting = broker.perListener.get(name)
  const base = name.replace(/^listener\.name\.[^.]+\./, '')
  if (setting === undefined || !isBrokerConfig(base)) return undefined
  const own: ConfigSynonym = { name, value: setting.text, source: configSource.staticBroker }
  const synonyms = [own, ...brokerSynonyms(broker, [base])]
  return entry(brokerDefinition(base), { name, value: setting.text, synonyms, readOnly: false })
}

/** Nobody knows whether it is a secret: the value is not shown. */
function describeUnknown(broker: BrokerConfig, name: string): DescribedConfig | undefined {
  if (!broker.unknown.has(name)) return undefined
  return {
    name,
    value: null,
    readOnly: true,
    isDefault: false,
    configSource: configSource.staticBroker,
    isSensitive: true,
    synonyms: [{ name, value: null, source: configSource.staticBroker }],
    configType: configTypeId.unknown,
    documentation: null
  }
}

/** Names that stand for one value in different units, first wins (config precedence of Kafka). */
const aliases: readonly (readonly BrokerConfigName[])[] = [
  ['log.roll.ms', 'log.roll.hours'],
  ['log.roll.jitter.ms', 'log.roll.jitter.hours'],
  ['log.flush.interval.ms', 'log.flush.scheduler.interval.ms'],
  ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours']
]

/** All that is set, in the order of names, then all built-in defaults that are a value. */
function brokerSynonyms(broker: BrokerConfig, names: readonly BrokerConfigName[]): ConfigSynonym[] {
  const hidden = (name: BrokerConfigName) => brokerDefinition(name).type === 'password'
  const given = names
    .filter(name => broker.source(name) === 'static')
    .map(name => ({
      name,
      value: hidden(name) ? null : broker.text(name),
      source: configSource.staticBroker
    }))
  const builtIn = names.flatMap(name => {
    const { type, fallback } = brokerDefinition(name)
    const value = printValue(type, fallback)
    return value === null ? [] : [{ name, value, source: configSource.default }]
  })
  return [...given, ...builtIn]
}

function entry(
  definition: Definition,
  given: { name: string; value: string | null; synonyms: readonly ConfigSynonym[]; readOnly: boolean }
): DescribedConfig {
  const isSensitive = definition.type === 'password'
  return {
    name: given.name,
    value: isSensitive ? null : given.value,
    readOnly: given.readOnly,
    isDefault: false,
    configSource: given.synonyms[0]?.source ?? configSource.default,
    isSensitive,
    synonyms: given.synonyms,
    configType: configTypeId[definition.type],
    documentation: definition.doc ?? null
  }
}

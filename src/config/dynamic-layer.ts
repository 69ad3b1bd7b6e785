// What brokers were told while they ran, as the metadata tree keeps it: which names may stand there, and what they say.
// Refusals are worded as Kafka's.
import type { Definition } from './definition.js'
import { dynamicOnlyDefinitions } from './definitions/dynamic-only.js'
import { type BrokerConfigName, brokerDefinition, isBrokerConfig } from './definitions.js'
import { protectsByName } from './notices.js'
import { baseName, isPerListener, type Setting } from './settings.js'
import { parseValue } from './values.js'

/** Whom it is for: one broker by its id, or all of them. */
export type BrokerEntity = 'broker' | 'clusterDefault'

export type ConfigTexts = Readonly<Record<string, string>>

/** As stored; what is for the broker goes before what is for all. */
export type DynamicConfigs = Readonly<Record<BrokerEntity, ConfigTexts>>

export const noDynamicConfigs: DynamicConfigs = { broker: {}, clusterDefault: {} }

/** One level of precedence, parsed. */
export interface Layer {
  readonly known: ReadonlyMap<BrokerConfigName, Setting>
  /** By full name: listener.name.<name>.<property>. */
  readonly perListener: ReadonlyMap<string, Setting>
  readonly unknown: ReadonlyMap<string, string>
}

export const emptyLayer: Layer = { known: new Map(), perListener: new Map(), unknown: new Map() }

/** Properties that this broker lets change while it runs; a prefix of a listener is part of the name. */
export function isDynamic(name: string): boolean {
  if (!isBrokerConfig(name)) return false
  const { update = 'read-only', support } = brokerDefinition(name)
  return update !== 'read-only' && support !== 'protects'
}

export function dynamicOnlyDefinition(name: string): Definition | undefined {
  return Object.entries(dynamicOnlyDefinitions).find(([known]) => known === name)?.[1]
}

type Rule = 'readOnly' | 'security' | 'protects' | 'value' | 'notForAll'

interface Fault {
  readonly rule: Rule
  /** What is wrong with the value; of the other rules it follows from the rule. */
  readonly reason: string
}

const sentences: Readonly<Record<Exclude<Rule, 'value'>, string>> = {
  readOnly: 'Cannot update these configs dynamically',
  security: 'These security configs can be dynamically updated only per-listener using the listener prefix',
  protects: 'These configs protect, and this broker cannot honour them yet',
  notForAll: 'Cannot update these configs at default cluster level, broker id must be specified'
}

/** Kafka looks for all faults of one kind before the next. */
const rules: readonly Rule[] = ['readOnly', 'security', 'protects', 'value', 'notForAll']

/** Why they may not be stored for that entity; undefined: they may. */
export function dynamicFault(entity: BrokerEntity, texts: ConfigTexts): string | undefined {
  const faults = Object.entries(texts).flatMap(([name, text]) => {
    const fault = faultOf(entity, name, text)
    return fault === undefined ? [] : [{ name, ...fault }]
  })
  for (const rule of rules) {
    const found = faults.filter(fault => fault.rule === rule)
    if (found.length === 0) continue
    if (rule === 'value') return found[0]?.reason
    return `${sentences[rule]}: Set(${found.map(({ name }) => name).join(', ')})`
  }
  return undefined
}

function faultOf(entity: BrokerEntity, name: string, text: string): Fault | undefined {
  const fault = (rule: Rule, reason = ''): Fault => ({ rule, reason })
  const base = baseName(name)
  if (isBrokerConfig(base) && brokerDefinition(base).support === 'protects') {
    const { update = 'read-only' } = brokerDefinition(base)
    if (base !== name) return fault(entity === 'broker' ? 'protects' : 'notForAll')
    return fault(update === 'read-only' ? 'readOnly' : 'security')
  }
  if (isBrokerConfig(name) && !isDynamic(name)) return fault('readOnly')
  if (protectsByName(base)) return fault('protects')
  const definition = isBrokerConfig(base) ? brokerDefinition(base) : dynamicOnlyDefinition(name)
  const parsed = definition === undefined ? undefined : parseValue(definition, text)
  if (parsed?.ok === false)
    return fault('value', `Invalid value ${text} for configuration ${base}: ${parsed.reason}`)
  if (entity === 'clusterDefault' && base !== name && !isPerListener(base)) return fault('notForAll')
  return undefined
}

/** What of it can be used: another version of Kafka may have stored what is refused here, and that counts as not set. */
export function readLayer(
  entity: BrokerEntity,
  texts: ConfigTexts
): { readonly layer: Layer; readonly ignored: readonly string[] } {
  const known = new Map<BrokerConfigName, Setting>()
  const perListener = new Map<string, Setting>()
  const unknown = new Map<string, string>()
  const ignored: string[] = []
  for (const [name, text] of Object.entries(texts)) {
    const fault = dynamicFault(entity, { [name]: text })
    if (fault !== undefined) {
      ignored.push(`${name} is stored for ${entity === 'broker' ? 'this broker' : 'all brokers'}: ${fault}`)
      continue
    }
    const base = baseName(name)
    const parsed = isBrokerConfig(base) ? parseValue(brokerDefinition(base), text) : undefined
    if (parsed?.ok !== true || (base !== name && !isPerListener(base))) unknown.set(name, text.trim())
    else if (isBrokerConfig(name)) known.set(name, { value: parsed.value, text: parsed.text })
    else perListener.set(name, { value: parsed.value, text: parsed.text })
  }
  return { layer: { known, perListener, unknown }, ignored }
}

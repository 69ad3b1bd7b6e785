// The configuration of one broker: every property by name with its type, and what follows from several of them.
// Plain input goes in; a worker thread rebuilds the same configuration from `inputs`. What was set while the broker runs
// lies over it and is replaced in place, so that `get` stays one look-up for whoever holds the configuration.
import { resolve } from 'node:path'
import { required } from '../errors.js'
import { checkAcross } from './checks.js'
import { type ConfigValue, intMax } from './definition.js'
import { type BrokerConfigName, type BrokerConfigValue, brokerDefinition } from './definitions.js'
import { type DynamicConfigs, emptyLayer, type Layer, noDynamicConfigs, readLayer } from './dynamic-layer.js'
import { resolveIdentity } from './identity.js'
import { type ListenerPlan, resolveListeners } from './listener-plan.js'
import type { Listener } from './listeners.js'
import { readSettings, type Setting, type Settings } from './settings.js'
import { printValue } from './values.js'

export interface BrokerConfigInput {
  /** The file that `properties` came from, as the operator named it; without one, `standaloneDefaults` apply. */
  readonly file?: string
  readonly properties?: Readonly<Record<string, string>>
  /** Win over `properties`. */
  readonly overrides?: Readonly<Record<string, string>>
}

/**
 * What differs from Kafka's defaults when no file is named: only this machine can connect, data stays under the
 * current directory, and internal topics have the replicas that one broker can hold.
 */
export const standaloneDefaults: Readonly<Record<string, string>> = {
  listeners: 'PLAINTEXT://localhost:9092',
  'log.dirs': './odradek-data',
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1'
}

/** Where a value comes from, highest first. */
export type ConfigOrigin = 'dynamicBroker' | 'dynamicDefault' | 'static' | 'default'

/** A text that some level gives to a name. */
export interface LevelText {
  readonly origin: Exclude<ConfigOrigin, 'default'>
  readonly text: string
}

/** What a dynamic value takes out of the levels below it: the same setting in a coarser unit. */
const coarserUnits: Partial<Record<BrokerConfigName, readonly BrokerConfigName[]>> = {
  'log.retention.ms': ['log.retention.minutes', 'log.retention.hours'],
  'log.roll.ms': ['log.roll.hours'],
  'log.roll.jitter.ms': ['log.roll.jitter.hours']
}

/** Properties that `listener.name.<name in lower case>.` in front gives to one listener. */
export type PerListenerName = 'max.connections' | 'max.connection.creation.rate' | 'num.network.threads'

export class BrokerConfig {
  /** Plain data: `loadBrokerConfig(config.inputs)` is this configuration again, on any thread. */
  readonly inputs: BrokerConfigInput
  /** Where to listen; the listeners of a KRaft controller are left out. */
  readonly listeners: readonly Listener[]
  /** Port 0: the port that the listener of that name got. An empty host never occurs. */
  readonly advertisedListeners: readonly Listener[]
  readonly interBrokerListenerName: string
  readonly controlPlaneListenerName: string | undefined
  /** -1: to be drawn, above reserved.broker.max.id. */
  readonly brokerId: number
  /** Absolute, at least one, no two equal. */
  readonly logDirs: readonly string[]
  readonly #settings: Settings
  readonly #plan: ListenerPlan
  #dynamic: DynamicConfigs = noDynamicConfigs
  #layers: Readonly<Record<LevelText['origin'], Layer>>
  /** All levels in one. */
  #effective: Layer
  #connectionsByHost: ReadonlyMap<string, number>

  constructor(inputs: BrokerConfigInput, settings: Settings, plan: ListenerPlan) {
    this.inputs = inputs
    this.#settings = settings
    this.#plan = plan
    this.#layers = { dynamicBroker: emptyLayer, dynamicDefault: emptyLayer, static: settings }
    this.#effective = settings
    this.listeners = plan.listeners
    this.advertisedListeners = plan.advertised
    this.interBrokerListenerName = plan.interBroker
    this.controlPlaneListenerName = plan.controlPlane
    this.brokerId = this.get('broker.id')
    this.logDirs = logDirsOf(this.get('log.dirs') ?? this.get('log.dir'))
    this.#connectionsByHost = connectionsByHostOf(this.get('max.connections.per.ip.overrides'))
  }

  /** max.connections.per.ip.overrides: connections by host or address. */
  get connectionsByHost(): ReadonlyMap<string, number> {
    return this.#connectionsByHost
  }

  /** Typed by name: `get('num.io.threads')` is a number, `get('broker.rack')` a string or undefined. */
  get<K extends BrokerConfigName>(name: K): BrokerConfigValue<K> {
    const setting = this.#effective.known.get(name)
    const value: ConfigValue = setting === undefined ? brokerDefinition(name).fallback : setting.value
    // The parser of a definition gives values of the definition's type.
    return value as BrokerConfigValue<K>
  }

  /** 'static': the file, an override or a standalone default sets it; 'default': nobody does. */
  source(name: BrokerConfigName): ConfigOrigin {
    if (!this.#effective.known.has(name)) return 'default'
    return this.levelsOf(name)[0]?.origin ?? 'default'
  }

  /** As Java prints it; null when there is no value. */
  text(name: BrokerConfigName): string | null {
    const setting = this.#effective.known.get(name)
    if (setting !== undefined) return setting.text
    const { type, fallback } = brokerDefinition(name)
    return printValue(type, fallback)
  }

  /** What each level says of exactly this name, known to us or not, highest first. */
  levelsOf(name: string): readonly LevelText[] {
    return origins.flatMap((origin): LevelText[] => {
      const { known, perListener, unknown } = this.#layers[origin]
      const text =
        known.get(name as BrokerConfigName)?.text ?? perListener.get(name)?.text ?? unknown.get(name)
      return text === undefined ? [] : [{ origin, text }]
    })
  }

  /**
   * The value for one listener: its own, else for num.network.threads the general one. The general max.connections
   * and max.connection.creation.rate cap the whole broker and say nothing of a listener, which has no limit then.
   */
  forListener(listener: string, name: PerListenerName): number {
    const own = this.#effective.perListener.get(`listener.name.${listener.toLowerCase()}.${name}`)
    if (own !== undefined) return Number(own.value)
    return name === 'num.network.threads' ? this.get(name) : intMax
  }

  /** Properties that nobody here knows, as text: DescribeConfigs shows them, plug-ins would read them. */
  get unknown(): ReadonlyMap<string, string> {
    return this.#effective.unknown
  }

  get perListener(): ReadonlyMap<string, Setting> {
    return this.#effective.perListener
  }

  /** What was adopted last. */
  get dynamic(): DynamicConfigs {
    return this.#dynamic
  }

  /** From now on these lie over what the start was given, in place of those before. Gives why some are left out. */
  adopt(dynamic: DynamicConfigs): readonly string[] {
    const ofBroker = readLayer('broker', dynamic.broker)
    const ofAll = readLayer('clusterDefault', dynamic.clusterDefault)
    this.#dynamic = dynamic
    this.#layers = { dynamicBroker: ofBroker.layer, dynamicDefault: ofAll.layer, static: this.#settings }
    this.#effective = over(over(this.#settings, ofAll.layer), ofBroker.layer)
    this.#connectionsByHost = connectionsByHostOf(this.get('max.connections.per.ip.overrides'))
    return [...ofBroker.ignored, ...ofAll.ignored]
  }

  /** What it would be with these; this one stays as it is. */
  with(dynamic: DynamicConfigs): BrokerConfig {
    const other = new BrokerConfig(this.inputs, this.#settings, this.#plan)
    other.adopt(dynamic)
    return other
  }
}

const origins = ['dynamicBroker', 'dynamicDefault', 'static'] as const

function over(below: Layer, above: Layer): Layer {
  const known = new Map(below.known)
  for (const name of above.known.keys()) for (const coarser of coarserUnits[name] ?? []) known.delete(coarser)
  for (const [name, setting] of above.known) known.set(name, setting)
  return {
    known,
    perListener: new Map([...below.perListener, ...above.perListener]),
    unknown: new Map([...below.unknown, ...above.unknown])
  }
}

/** Throws StartupError: one line with file, key and reason. */
export function loadBrokerConfig(inputs: BrokerConfigInput): { config: BrokerConfig; warnings: string[] } {
  const settings = readSettings(inputs, inputs.file === undefined ? standaloneDefaults : {})
  const warnings = [...settings.warnings]
  resolveIdentity(settings)
  const plan = resolveListeners(settings, warnings)
  const config = new BrokerConfig(inputs, settings, plan)
  checkAcross(config, settings)
  return { config, warnings }
}

function logDirsOf(text: string): readonly string[] {
  const named = text.split(',').map(dir => dir.trim())
  return [...new Set(named.filter(dir => dir !== '').map(dir => resolve(dir)))]
}

function connectionsByHostOf(text: string): ReadonlyMap<string, number> {
  const entries = text.split(',').filter(entry => entry.trim() !== '')
  return new Map(
    entries.map(entry => {
      const at = entry.lastIndexOf(':')
      const count = required(entry.slice(at + 1), 'checked when it was read')
      return [entry.slice(0, at).trim(), Number(count)] as const
    })
  )
}

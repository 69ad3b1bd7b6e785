// The configuration of one broker: every property by name with its type, and what follows from several of them.
// Plain input goes in; a worker thread rebuilds the same configuration from `inputs`.
import { resolve } from 'node:path'
import { required } from '../errors.js'
import { checkAcross } from './checks.js'
import { type ConfigValue, intMax } from './definition.js'
import { type BrokerConfigName, type BrokerConfigValue, brokerDefinition } from './definitions.js'
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
  /** max.connections.per.ip.overrides: connections by host or address. */
  readonly connectionsByHost: ReadonlyMap<string, number>
  readonly #settings: Settings

  constructor(inputs: BrokerConfigInput, settings: Settings, plan: ListenerPlan) {
    this.inputs = inputs
    this.#settings = settings
    this.listeners = plan.listeners
    this.advertisedListeners = plan.advertised
    this.interBrokerListenerName = plan.interBroker
    this.controlPlaneListenerName = plan.controlPlane
    this.brokerId = this.get('broker.id')
    this.logDirs = logDirsOf(this.get('log.dirs') ?? this.get('log.dir'))
    this.connectionsByHost = connectionsByHostOf(this.get('max.connections.per.ip.overrides'))
  }

  /** Typed by name: `get('num.io.threads')` is a number, `get('broker.rack')` a string or undefined. */
  get<K extends BrokerConfigName>(name: K): BrokerConfigValue<K> {
    const setting = this.#settings.known.get(name)
    const value: ConfigValue = setting === undefined ? brokerDefinition(name).fallback : setting.value
    // The parser of a definition gives values of the definition's type.
    return value as BrokerConfigValue<K>
  }

  /** 'static': the file, an override or a standalone default sets it; 'default': nobody does. */
  source(name: BrokerConfigName): 'static' | 'default' {
    return this.#settings.known.has(name) ? 'static' : 'default'
  }

  /** As Java prints it; null when there is no value. */
  text(name: BrokerConfigName): string | null {
    const setting = this.#settings.known.get(name)
    if (setting !== undefined) return setting.text
    const { type, fallback } = brokerDefinition(name)
    return printValue(type, fallback)
  }

  /**
   * The value for one listener: its own, else for num.network.threads the general one. The general max.connections
   * and max.connection.creation.rate cap the whole broker and say nothing of a listener, which has no limit then.
   */
  forListener(listener: string, name: PerListenerName): number {
    const own = this.#settings.perListener.get(`listener.name.${listener.toLowerCase()}.${name}`)
    if (own !== undefined) return Number(own.value)
    return name === 'num.network.threads' ? this.get(name) : intMax
  }

  /** Properties that nobody here knows, as text: DescribeConfigs shows them, plug-ins would read them. */
  get unknown(): ReadonlyMap<string, string> {
    return this.#settings.unknown
  }

  get perListener(): ReadonlyMap<string, Setting> {
    return this.#settings.perListener
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

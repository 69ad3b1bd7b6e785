// From the listener properties to what the network layer opens and what clients are told, with all of Kafka's checks.
import { hostname } from 'node:os'
import { type BrokerConfigName, brokerDefinition } from './definitions.js'
import {
  checkUnique,
  type Endpoint,
  type Listener,
  type ProtocolMap,
  parseEndpoints,
  parseProtocolMap
} from './listeners.js'
import { refuse, type Settings } from './settings.js'

export interface ListenerPlan {
  readonly listeners: readonly Listener[]
  readonly advertised: readonly Listener[]
  readonly interBroker: string
  readonly controlPlane: string | undefined
}

export function resolveListeners(settings: Settings, warnings: string[]): ListenerPlan {
  const protocols = protocolMapOf(settings)
  const ofController = controllerListeners(settings)
  const isOurs = ({ name }: Endpoint) => !ofController.includes(name)
  const endpoints = endpointsOf(settings, 'listeners')
  const listeners = endpoints
    .filter(isOurs)
    .map(endpoint => served(settings, 'listeners', { endpoint, protocols }))
  const left = endpoints.filter(endpoint => !isOurs(endpoint)).map(({ name }) => name)
  if (left.length > 0)
    warnings.push(`listeners: ${left.join(', ')} is for a KRaft controller and is not opened`)
  if (listeners.length === 0) refuse(settings, 'listeners', 'there is none for clients')

  const advertised = advertisedOf(settings, listeners)
    .filter(isOurs)
    .map(endpoint => served(settings, 'advertised.listeners', { endpoint, protocols }))
  checkAdvertised(settings, { advertised, listeners })
  const interBroker = interBrokerOf(settings)
  if (!advertised.some(({ name }) => name === interBroker)) {
    const key = settings.known.has('inter.broker.listener.name')
      ? 'inter.broker.listener.name'
      : 'advertised.listeners'
    refuse(settings, key, `the listener between brokers, ${interBroker}, must be advertised`)
  }
  return {
    listeners,
    advertised,
    interBroker,
    controlPlane: controlPlaneOf(settings, { advertised, interBroker })
  }
}

/** Controller listeners need no protocol here: an entry of the map for a name that is not served is not asked for. */
function protocolMapOf(settings: Settings): ProtocolMap {
  const map = parseProtocolMap(textOf(settings, 'listener.security.protocol.map') ?? '')
  return typeof map === 'string' ? refuse(settings, 'listener.security.protocol.map', map) : map
}

function controllerListeners(settings: Settings): readonly string[] {
  const roles = settings.known.get('process.roles')
  if (roles === undefined) return []
  if (!roles.text.split(',').includes('broker')) {
    refuse(settings, 'process.roles', `'${roles.text}': only a broker can be started`)
  }
  const names = textOf(settings, 'controller.listener.names') ?? ''
  return names.split(',').map(name => name.trim().toUpperCase())
}

function endpointsOf(settings: Settings, key: 'listeners' | 'advertised.listeners'): readonly Endpoint[] {
  const endpoints = parseEndpoints(textOf(settings, key) ?? '')
  if (typeof endpoints === 'string') refuse(settings, key, endpoints)
  const why = key === 'listeners' ? checkUnique(endpoints) : undefined
  return why === undefined ? endpoints : refuse(settings, key, why)
}

/** An empty host stands for the name of this machine, as in Kafka. */
function advertisedOf(settings: Settings, listeners: readonly Listener[]): readonly Endpoint[] {
  const named = settings.known.has('advertised.listeners')
    ? endpointsOf(settings, 'advertised.listeners')
    : listeners
  return named.map(endpoint => (endpoint.host === '' ? { ...endpoint, host: hostname() } : endpoint))
}

function served(
  settings: Settings,
  key: string,
  { endpoint, protocols }: { endpoint: Endpoint; protocols: ProtocolMap }
): Listener {
  const protocol = protocols.get(endpoint.name)
  if (protocol === undefined) {
    refuse(settings, key, `listener.security.protocol.map has no protocol for the listener ${endpoint.name}`)
  }
  if (protocol !== 'PLAINTEXT') {
    refuse(
      settings,
      key,
      `the listener ${endpoint.name} needs ${protocol}, which this broker cannot serve yet`
    )
  }
  return { ...endpoint, protocol }
}

function checkAdvertised(
  settings: Settings,
  { advertised, listeners }: { advertised: readonly Listener[]; listeners: readonly Listener[] }
): void {
  const key = settings.known.has('advertised.listeners') ? 'advertised.listeners' : 'listeners'
  const names = advertised.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) refuse(settings, key, `the listener name ${twice} is there twice`)
  for (const { name, host } of advertised) {
    if (host === '0.0.0.0')
      refuse(settings, key, 'clients cannot connect to 0.0.0.0; advertise a name or an address')
    if (!listeners.some(listener => listener.name === name))
      refuse(settings, key, `${name} is not in listeners`)
  }
}

function interBrokerOf(settings: Settings): string {
  const { known } = settings
  if (known.has('inter.broker.listener.name') && known.has('security.inter.broker.protocol')) {
    refuse(
      settings,
      'inter.broker.listener.name',
      'security.inter.broker.protocol is set too; set one of them'
    )
  }
  return (textOf(settings, 'inter.broker.listener.name') ?? 'PLAINTEXT').toUpperCase()
}

function controlPlaneOf(
  settings: Settings,
  { advertised, interBroker }: { advertised: readonly Listener[]; interBroker: string }
): string | undefined {
  const name = textOf(settings, 'control.plane.listener.name')?.toUpperCase()
  if (name === undefined) return undefined
  const key = 'control.plane.listener.name'
  if (!advertised.some(listener => listener.name === name))
    refuse(settings, key, `${name} must be advertised`)
  if (name === interBroker) refuse(settings, key, `${name} is the listener between brokers`)
  return name
}

function textOf(settings: Settings, name: BrokerConfigName): string | undefined {
  const setting = settings.known.get(name)
  if (setting !== undefined) return setting.text
  const { fallback } = brokerDefinition(name)
  return fallback === undefined ? undefined : String(fallback)
}

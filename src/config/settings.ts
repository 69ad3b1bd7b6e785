// What the operator set: texts sorted into known, per-listener and unknown properties, parsed, with what to warn about.
// What protects and cannot be honoured is refused here, before anything else is looked at.
import { StartupError } from '../errors.js'
import type { ConfigValue, Definition } from './definition.js'
import { type BrokerConfigName, brokerDefinition, isBrokerConfig } from './definitions.js'
import { protectsByName, removedProperties, specialWarnings } from './notices.js'
import { parseValue } from './values.js'

export interface Setting {
  readonly value: ConfigValue
  /** As Java prints it. */
  readonly text: string
}

export interface Settings {
  /** May get a mirrored value later (broker.id and node.id). */
  readonly known: Map<BrokerConfigName, Setting>
  /** By full name: listener.name.<name>.<property>. */
  readonly perListener: ReadonlyMap<string, Setting>
  readonly unknown: ReadonlyMap<string, string>
  readonly warnings: readonly string[]
  /** Where the operator wrote this key: `server.properties:` or `--override `. */
  where(name: string): string
}

interface Inputs {
  readonly file?: string
  readonly properties?: Readonly<Record<string, string>>
  readonly overrides?: Readonly<Record<string, string>>
}

export function refuse(settings: Pick<Settings, 'where'>, name: string, reason: string): never {
  throw new StartupError(`${settings.where(name)}${name}: ${reason}`)
}

export function readSettings(inputs: Inputs, defaults: Readonly<Record<string, string>>): Settings {
  const where = (name: string) => {
    if (Object.hasOwn(inputs.overrides ?? {}, name)) return '--override '
    return inputs.file === undefined ? '' : `${inputs.file}:`
  }
  const given = { ...inputs.properties, ...inputs.overrides }
  const known = new Map<BrokerConfigName, Setting>()
  const perListener = new Map<string, Setting>()
  const unknown = new Map<string, string>()
  const idle: string[] = []
  const warnings: string[] = []

  const parse = (name: string, definition: Definition, text: string): Setting => {
    const parsed = parseValue(definition, text)
    if (parsed.ok) return { value: parsed.value, text: parsed.text }
    const shown = definition.type === 'password' ? '[hidden]' : text.trim()
    throw new StartupError(`${where(name)}${name}: '${shown}': ${parsed.reason}`)
  }

  const sort = (name: string, text: string, isGiven: boolean): void => {
    const base = baseName(name)
    refuseWhatProtects(where, { name, base, text })
    if (base !== name) {
      if (isPerListener(base)) perListener.set(name, parse(name, brokerDefinition(base), text))
      else warnings.push(`${name}: a listener cannot have ${base} of its own; it has no effect`)
      return
    }
    if (!isBrokerConfig(name)) {
      unknown.set(name, text)
      warnings.push(removedProperties[name] ?? `${name}: unknown property; it has no effect`)
      return
    }
    const definition = brokerDefinition(name)
    known.set(name, parse(name, definition, text))
    if (!isGiven) return
    const special = specialWarnings[name]
    if (special !== undefined) warnings.push(special)
    else if (definition.support === 'recognised') idle.push(name)
  }

  for (const [name, text] of Object.entries(defaults)) {
    if (!Object.hasOwn(given, name) && !supersedes(given, name)) sort(name, text, false)
  }
  for (const [name, text] of Object.entries(given)) sort(name, text, true)
  if (idle.length > 0) warnings.push(`recognised, not honoured yet: ${idle.join(', ')}`)
  return { known, perListener, unknown, warnings, where }
}

/** A default must not hide what the operator wrote under the older name. */
function supersedes(given: Readonly<Record<string, string>>, name: string): boolean {
  return name === 'log.dirs' && Object.hasOwn(given, 'log.dir')
}

/** Without `listener.name.<name>.` and, before a SASL setting, without the mechanism. */
export function baseName(name: string): string {
  const match = /^listener\.name\.[^.]+\.(.+)$/.exec(name)
  const rest = match?.[1]
  if (rest === undefined) return name
  if (isBrokerConfig(rest)) return rest
  const withoutMechanism = rest.slice(rest.indexOf('.') + 1)
  return isBrokerConfig(withoutMechanism) ? withoutMechanism : rest
}

/** What `listener.name.<name in lower case>.` in front gives to one listener. */
export function isPerListener(name: string): name is 'max.connections' {
  return (
    name === 'max.connections' || name === 'max.connection.creation.rate' || name === 'num.network.threads'
  )
}

function refuseWhatProtects(
  where: (name: string) => string,
  { name, base, text }: { name: string; base: string; text: string }
): void {
  if (isBrokerConfig(base)) {
    const definition = brokerDefinition(base)
    if (definition.support !== 'protects' || definition.harmless?.includes(text.trim())) return
  } else if (!protectsByName(base)) return
  throw new StartupError(
    `${where(name)}${name}: this protects, and this broker cannot honour it yet; it does not start with it`
  )
}

// Configuration text to values and back, as Java's ConfigDef reads them and DescribeConfigs prints them.
import type { ConfigType, ConfigValue, Definition } from './definition.js'

export type Parsed =
  /** `text` is the value as Java prints it: exact also for integers beyond 2^53. */
  | { readonly ok: true; readonly value: ConfigValue; readonly text: string }
  | { readonly ok: false; readonly reason: string }

const refused = (reason: string): Parsed => ({ ok: false, reason })

/** Surrounding blanks do not count, as in Kafka. The reasons are worded as Kafka's. */
export function parseValue(definition: Definition, raw: string): Parsed {
  const text = raw.trim()
  const why = definition.check?.(text)
  if (why !== undefined) return refused(why)
  switch (definition.type) {
    case 'boolean':
      return parseBoolean(text)
    case 'int':
      return parseWhole(definition, text, { name: 'INT', bits: 32 })
    case 'short':
      return parseWhole(definition, text, { name: 'SHORT', bits: 16 })
    case 'long':
      return parseWhole(definition, text, { name: 'LONG', bits: 64 })
    case 'double':
      return parseDouble(definition, text)
    case 'list':
      return parseList(definition, text)
    default:
      return parseText(definition, text)
  }
}

function parseBoolean(text: string): Parsed {
  const lower = text.toLowerCase()
  if (lower !== 'true' && lower !== 'false') return refused('Expected value to be either true or false')
  return { ok: true, value: lower === 'true', text: lower }
}

function parseWhole(definition: Definition, text: string, kind: { name: string; bits: number }): Parsed {
  if (!/^[+-]?\d{1,20}$/.test(text)) return refused(`Not a number of type ${kind.name}`)
  const exact = BigInt(text.replace('+', ''))
  if (BigInt.asIntN(kind.bits, exact) !== exact) return refused(`Not a number of type ${kind.name}`)
  const value = Number(exact)
  const why = outOfRange(definition, value)
  return why === undefined ? { ok: true, value, text: String(exact) } : refused(why)
}

function parseDouble(definition: Definition, text: string): Parsed {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[fd]?$/i.test(text)) return refused('Not a number of type DOUBLE')
  const value = Number(text.replace(/[fd]$/i, ''))
  const why = outOfRange(definition, value)
  return why === undefined ? { ok: true, value, text: printDouble(value) } : refused(why)
}

function outOfRange({ min, max, also }: Definition, value: number): string | undefined {
  if (also?.includes(value)) return undefined
  if (min !== undefined && value < min) return `Value must be at least ${min}`
  if (max !== undefined && value > max) return `Value must be no more than ${max}`
  return undefined
}

function parseList({ oneOf }: Definition, text: string): Parsed {
  const value = text === '' ? [] : text.split(/\s*,\s*/)
  const odd = oneOf === undefined ? undefined : value.find(word => !oneOf.includes(word))
  if (odd !== undefined) return refused(`'${odd}': String must be one of: ${oneOf?.join(', ')}`)
  return { ok: true, value, text: value.join(',') }
}

function parseText({ oneOf, nonEmpty }: Definition, text: string): Parsed {
  if (oneOf !== undefined && !oneOf.includes(text))
    return refused(`String must be one of: ${oneOf.join(', ')}`)
  if (nonEmpty && text === '') return refused('String must be non-empty')
  return { ok: true, value: text, text }
}

/** What DescribeConfigs prints; null for a value that there is not. */
export function printValue(type: ConfigType, value: ConfigValue): string | null {
  if (value === undefined) return null
  if (typeof value === 'number') return type === 'double' ? printDouble(value) : printWhole(value)
  if (typeof value === 'object') return value.join(',')
  return String(value)
}

function printWhole(value: number): string {
  if (value >= 2 ** 63) return '9223372036854775807'
  return Number.isSafeInteger(value) ? String(value) : String(BigInt(value))
}

/** Double.toString: plain from 10^-3 to 10^7, else d.dddE±n. */
function printDouble(value: number): string {
  const size = Math.abs(value)
  const withPoint = (digits: string) => (digits.includes('.') ? digits : `${digits}.0`)
  if (size === 0 || (size >= 1e-3 && size < 1e7)) return withPoint(String(value))
  const [digits = '0', exponent = '0'] = value.toExponential().split('e')
  return `${withPoint(digits)}E${Number(exponent)}`
}

// Writes the source of a decoder: one function a struct, one expression a field.
import { type AnyField, type Fields, type FieldType, inVersions } from './schema.js'

interface Context {
  readonly version: number
  readonly functions: string[]
}

/** Source of a function body that returns `(reader) => value`. */
export function decoderSource(fields: Fields, version: number, flexible: boolean): string {
  const context: Context = { version, functions: [] }
  const root = structDecoder(fields, flexible, context)
  return `'use strict'\n${context.functions.join('\n')}\nreturn ${root}`
}

/** What a field holds when the version or the tagged section does not have it. */
export function defaultSource({ type, options }: AnyField): string {
  if (options.default !== undefined) {
    return typeof options.default === 'bigint' ? `${options.default}n` : JSON.stringify(options.default)
  }
  if (type.kind === 'array') return '[]'
  if (type.kind === 'struct') return freshStructSource(type.fields)
  switch (type.name) {
    case 'bool':
      return 'false'
    case 'string':
      return "''"
    case 'uuid':
      return "'AAAAAAAAAAAAAAAAAAAAAA'"
    case 'bytes':
    case 'records':
      return 'Buffer.alloc(0)'
    case 'int64':
      return '0n'
    default:
      return '0'
  }
}

function freshStructSource(fields: Fields): string {
  const all = Object.entries(fields).map(([name, field]) => `${name}: ${defaultSource(field)}`)
  return `({ ${all.join(', ')} })`
}

export const isTagged = (field: AnyField, version: number): boolean =>
  field.options.tagged !== undefined && inVersions(field.options.tagged, version)

const scalarBytes = {
  bool: 1,
  int8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  int64: 8,
  float64: 8,
  uuid: 16
} as const

/** The fewest bytes that a value of this type takes on the wire. */
function leastBytes(type: FieldType, { options }: AnyField, compact: boolean, version: number): number {
  if (type.kind === 'array') return compact ? 1 : 4
  if (type.kind === 'scalar') {
    if (type.name === 'string') return compact ? 1 : 2
    if (type.name === 'bytes' || type.name === 'records') return compact ? 1 : 4
    return scalarBytes[type.name]
  }
  if (options.nullable !== undefined && inVersions(options.nullable, version)) return 1
  let sum = compact ? 1 : 0
  for (const field of Object.values(type.fields)) {
    if (!inVersions(field.versions, version) || isTagged(field, version)) continue
    sum += leastBytes(field.type, field, compact && field.options.flexible !== 'none', version)
  }
  return sum
}

function structDecoder(fields: Fields, flexible: boolean, context: Context): string {
  const { version } = context
  const name = `struct${context.functions.length}`
  context.functions.push('')
  const at = context.functions.length - 1
  const lines: string[] = []
  const tagged: string[] = []
  for (const [key, field] of Object.entries(fields)) {
    const present = inVersions(field.versions, version)
    const compact = flexible && field.options.flexible !== 'none'
    if (present && isTagged(field, version)) {
      const value = expression(field.type, field, compact, true, context)
      tagged.push(`case ${field.options.tag}: value.${key} = ${value}; return true`)
    }
    const value =
      present && !isTagged(field, version)
        ? expression(field.type, field, compact, false, context)
        : defaultSource(field)
    lines.push(`${key}: ${value}`)
  }
  const tags =
    tagged.length === 0
      ? 'r.tags(no)'
      : `r.tags(tag => { switch (tag) { ${tagged.join('; ')}; default: return false } })`
  const section = flexible
    ? `const unknown = ${tags}; if (unknown !== undefined) value.unknownTaggedFields = unknown;`
    : ''
  context.functions[at] =
    `${at === 0 ? 'const no = () => false\n' : ''}function ${name}(r) { const value = { ${lines.join(', ')} }; ${section} return value }`
  return name
}

function expression(
  type: FieldType,
  field: AnyField,
  compact: boolean,
  tagged: boolean,
  context: Context
): string {
  const nullable = field.options.nullable !== undefined && inVersions(field.options.nullable, context.version)
  const wide = compact ? "'compact'" : 4
  if (type.kind === 'struct') {
    const inner = structDecoder(type.fields, compact, context)
    if (!nullable) return `${inner}(r)`
    return tagged ? `(r.uvarint() === 0 ? null : ${inner}(r))` : `(r.present(true) ? ${inner}(r) : null)`
  }
  if (type.kind === 'array') {
    const name = `array${context.functions.length}`
    context.functions.push('')
    const at = context.functions.length - 1
    const plain = { ...field, options: {} }
    const element = expression(type.element, plain, compact, false, context)
    const least = Math.max(1, leastBytes(type.element, plain, compact, context.version))
    context.functions[at] =
      `function ${name}(r) { const n = r.length(${wide}, ${nullable}); if (n < 0) return null; r.count(n, ${least}); ` +
      `const list = []; for (let i = 0; i < n; i++) list.push(${element}); return list }`
    return `${name}(r)`
  }
  switch (type.name) {
    case 'string': {
      const length = `r.length(${compact ? "'compact'" : 2}, ${nullable})`
      return nullable ? `(n => n < 0 ? null : r.string(n))(${length})` : `r.string(${length})`
    }
    case 'bytes':
    case 'records': {
      const length = `r.length(${wide}, ${nullable})`
      return nullable ? `(n => n < 0 ? null : r.bytes(n))(${length})` : `r.bytes(${length})`
    }
    default:
      return `r.${type.name}()`
  }
}

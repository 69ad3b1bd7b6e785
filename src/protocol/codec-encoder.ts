// Writes the source of an encoder: one function a struct, one statement a field. A field left out is its default.
import { defaultSource, isTagged } from './codec-decoder.js'
import { type AnyField, type Fields, type FieldType, inVersions } from './schema.js'

interface Context {
  readonly message: string
  readonly version: number
  readonly functions: string[]
}

/** Source of a function body that returns `(writer, value) => void`. */
export function encoderSource(message: string, fields: Fields, version: number, flexible: boolean): string {
  const context: Context = { message, version, functions: [] }
  const root = structEncoder(fields, flexible, context)
  return `'use strict'\n${context.functions.join('\n')}\nreturn ${root}`
}

function structEncoder(fields: Fields, flexible: boolean, context: Context): string {
  const { version, message } = context
  const name = `struct${context.functions.length}`
  context.functions.push('')
  const at = context.functions.length - 1
  const lines: string[] = []
  const tagged: string[] = []
  for (const [key, field] of Object.entries(fields)) {
    const compact = flexible && field.options.flexible !== 'none'
    if (!inVersions(field.versions, version)) {
      if (field.options.ignorable === true) continue
      const complaint = JSON.stringify(`${message} v${version} has no ${key}`)
      lines.push(
        `if (v.${key} !== undefined && !(${isDefault(field, `v.${key}`)})) throw new RangeError(${complaint})`
      )
    } else if (isTagged(field, version)) {
      const write = statement(field.type, field, compact, `v.${key}`, true, context)
      tagged.push(
        `if (v.${key} !== undefined && !(${isDefault(field, `v.${key}`)})) tags.push({ tag: ${field.options.tag}, write: w => { ${write} } })`
      )
    } else {
      const local = `f${lines.length}`
      const write = statement(field.type, field, compact, local, false, context)
      lines.push(
        `let ${local} = v.${key}; if (${local} === undefined) ${local} = ${defaultSource(field)}; ${write}`
      )
    }
  }
  if (flexible) {
    if (tagged.length > 0) lines.push('const tags = []', ...tagged, 'w.tags(tags, v.unknownTaggedFields)')
    else
      lines.push(
        'if (v.unknownTaggedFields === undefined) w.uvarint(0); else w.tags([], v.unknownTaggedFields)'
      )
  }
  context.functions[at] = `function ${name}(w, v) { ${lines.join('\n')} }`
  return name
}

function isDefault(field: AnyField, value: string): string {
  const { type, options } = field
  if (options.default === null) return `${value} === null`
  if (type.kind === 'array') return `${value} !== null && ${value}.length === 0`
  if (type.kind === 'struct') {
    const each = Object.entries(type.fields).map(
      ([key, inner]) => `(${value}.${key} === undefined || (${isDefault(inner, `${value}.${key}`)}))`
    )
    return `${value} !== null && ${each.length === 0 ? 'true' : each.join(' && ')}`
  }
  if (type.name === 'bytes' || type.name === 'records') return `${value} !== null && ${value}.length === 0`
  return `${value} === ${defaultSource(field)}`
}

function statement(
  type: FieldType,
  field: AnyField,
  compact: boolean,
  value: string,
  tagged: boolean,
  context: Context
): string {
  const nullable = field.options.nullable !== undefined && inVersions(field.options.nullable, context.version)
  const wide = compact ? "'compact'" : '4'
  const refuse = `throw new RangeError(${JSON.stringify(`${context.message} v${context.version}: null where none is allowed`)})`
  const orNull = (whenNull: string, write: string): string =>
    `if (${value} === null) ${nullable ? whenNull : refuse}; else { ${write} }`
  if (type.kind === 'struct') {
    const inner = `${structEncoder(type.fields, compact, context)}(w, ${value})`
    if (!nullable) return inner
    return tagged
      ? orNull('w.uvarint(0)', `w.uvarint(1); ${inner}`)
      : orNull('w.int8(-1)', `w.int8(1); ${inner}`)
  }
  if (type.kind === 'array') {
    const element = statement(type.element, { ...field, options: {} }, compact, 'e', false, context)
    return orNull(
      `w.length(${wide}, -1)`,
      `w.length(${wide}, ${value}.length); for (const e of ${value}) { ${element} }`
    )
  }
  switch (type.name) {
    case 'string': {
      const width = compact ? "'compact'" : '2'
      return orNull(`w.length(${width}, -1)`, `w.string(${width}, ${value})`)
    }
    case 'bytes':
    case 'records':
      return orNull(`w.length(${wide}, -1)`, `w.${type.name}(${wide}, ${value})`)
    default:
      return `w.${type.name}(${value})`
  }
}

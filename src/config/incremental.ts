// One step from what is stored for a topic or a broker to what is to be: set, delete, and elements of lists.
import type { Definition } from './definition.js'
import type { ConfigTexts } from './dynamic-layer.js'
import { printValue } from './values.js'

/** By their number on the wire. */
export const configOps = ['set', 'delete', 'append', 'subtract'] as const
export type ConfigOp = (typeof configOps)[number]

export interface ConfigStep {
  readonly name: string
  readonly op: ConfigOp
  /** Not looked at by delete. */
  readonly value: string
}

export type Stepped = { readonly texts: ConfigTexts } | { readonly fault: string }

/**
 * Lists begin with what is stored, else with the built-in default, not with what is inherited. `fault`: a list was asked for
 * where there is none (Kafka: INVALID_CONFIG).
 */
export function stepped(
  stored: ConfigTexts,
  steps: readonly ConfigStep[],
  definitionOf: (name: string) => Definition | undefined
): Stepped {
  const texts = new Map(Object.entries(stored))
  for (const { name, op, value } of steps) {
    if (op === 'delete') texts.delete(name)
    else if (op === 'set') texts.set(name, value)
    else {
      const definition = definitionOf(name)
      if (definition === undefined) return { fault: `Unknown config name: ${name}` }
      if (definition.type !== 'list')
        return { fault: `Config value ${op} is not allowed for config key: ${name}` }
      const before = elements(texts.get(name) ?? printValue('list', definition.fallback) ?? '')
      const given = new Set(elements(value))
      const after =
        op === 'append' ? new Set([...before, ...given]) : before.filter(element => !given.has(element))
      texts.set(name, [...after].join(','))
    }
  }
  return { texts: Object.fromEntries(texts) }
}

const elements = (text: string): string[] => (text.trim() === '' ? [] : text.trim().split(/\s*,\s*/))

// Patterns of topic names, in RE2's syntax as Kafka 4.0 has it. RE2 takes time linear in the name, whatever a client sends:
// JavaScript's own expressions can be made to hold the thread. The package is loaded when the first pattern comes.
import { createRequire } from 'node:module'
import type { RE2JS } from 're2js'
import { errorMessage } from '../../../errors.js'

const require = createRequire(import.meta.url)
const remembered = 100
const compiled = new Map<string, RE2JS | string>()

/** Whether it matches a whole name; text: why it cannot be read. */
export function compilePattern(regex: string): ((name: string) => boolean) | string {
  const pattern = compiled.get(regex) ?? compile(regex)
  return typeof pattern === 'string' ? pattern : name => pattern.matches(name)
}

function compile(regex: string): RE2JS | string {
  const pattern = tryCompile(regex)
  const [oldest] = compiled.keys()
  if (compiled.size >= remembered && oldest !== undefined) compiled.delete(oldest)
  compiled.set(regex, pattern)
  return pattern
}

function tryCompile(regex: string): RE2JS | string {
  const re2: typeof import('re2js') = require('re2js')
  try {
    return re2.RE2JS.compile(regex)
  } catch (error) {
    return errorMessage(error)
  }
}

// Goal: nothing is called honoured that no code reads. Method: each honoured name stands in some source file outside the
// tables, or is what an honoured topic property inherits from.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inheritsFrom } from '../../src/config/definitions/topic-overrides.js'
import { brokerDefinition, brokerDefinitions, isBrokerConfig } from '../../src/config/definitions.js'

const tables = ['definitions', 'describe.ts', 'notices.ts']

function sources(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap(entry => {
    if (dir.endsWith('config') && tables.includes(entry.name)) return []
    const path = join(dir, entry.name)
    return entry.isDirectory() ? sources(path) : [readFileSync(path, 'utf8')]
  })
}

test('every honoured property is read by the broker', () => {
  const all = sources(join(import.meta.dirname, '../../src')).join('\n')
  const inherited = new Set<string>(Object.values(inheritsFrom).flatMap(list => list.map(({ name }) => name)))
  const honoured = Object.keys(brokerDefinitions)
    .filter(isBrokerConfig)
    .filter(name => brokerDefinition(name).support === 'honoured')
  expect(honoured.filter(name => !inherited.has(name) && !all.includes(`'${name}'`))).toEqual([])
})

// Goal: the table of clients in docs/compatibility.md is what the newest runs came to, and leaves out no suite. Method: the
// committed page against the two files of results, and those against the list of suites.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const { table, readLines } = await import(join(root, 'test', 'clients', 'results.mjs'))
const { suites } = await import(join(root, 'test', 'clients', 'suites', 'index.mjs'))
const results = join(root, 'test', 'clients', 'results')

describe('the table of clients', () => {
  it('has a line for every suite', () => {
    const lines = readLines(join(results, 'suites.json')).map(({ suite }: { suite: string }) => suite)
    expect(lines.toSorted()).toEqual(suites.map(({ name }: { name: string }) => name).toSorted())
  })

  it('stands in docs/compatibility.md as the results give it', () => {
    expect(readFileSync(join(root, 'docs', 'compatibility.md'), 'utf8')).toContain(table())
  })

  it('explains everything that did not pass', () => {
    for (const name of ['suites.json', 'by-hand.json']) {
      for (const { client, failed, skipped, reasons } of readLines(join(results, name))) {
        const explained = reasons.reduce((sum: number, { count = 1 }: { count?: number }) => sum + count, 0)
        expect([client, explained]).toEqual([client, failed + skipped])
      }
    }
  })
})

// Goal: every invariant of the list is checked, or it is known why not yet. Method: the properties of all models by id, test
// files that name one, and for the rest a file that must not exist yet: when it comes, this list is stale and says so.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { models } from '../../src/verify/models/index.js'
import { type Invariant, invariants } from './invariants.js'

const root = join(import.meta.dirname, '../..')
const checkedBy = (id: string): string[] =>
  models.filter(({ properties }) => properties.some(property => property.id === id)).map(({ name }) => name)

const numbered = Object.entries(invariants)
const ofKind = <K extends Invariant['kind']>(kind: K): Array<[string, Extract<Invariant, { kind: K }>]> =>
  numbered.filter((entry): entry is [string, Extract<Invariant, { kind: K }>] => entry[1].kind === kind)

it('the list has I-01 to I-64, each once', () => {
  const ids = Array.from({ length: 64 }, (_, index) => `I-${String(index + 1).padStart(2, '0')}`)
  expect(numbered.map(([id]) => id)).toEqual(ids)
})

describe('checked by a model', () => {
  it.each(ofKind('model'))('%s is a property of the models that the list says', (id, { models: said }) => {
    expect(checkedBy(id).sort()).toEqual([...said].sort())
  })
})

describe('checked by tests', () => {
  it.each(ofKind('test'))('%s is named in the test that the list says', (id, { file }) => {
    expect(readFileSync(join(root, file), 'utf8')).toContain(id)
    expect(checkedBy(id)).toEqual([])
  })
})

describe('not yet', () => {
  it.each(ofKind('notYet'))(
    '%s is not checked, and what it is about does not exist',
    (id, { until, why }) => {
      expect(checkedBy(id)).toEqual([])
      expect(why.length).toBeGreaterThan(10)
      for (const path of until)
        expect(existsSync(join(root, path)), `${path} is there: check ${id}`).toBe(false)
    }
  )
})

it('docs/verification.md has the list as it is', () => {
  const documented = readFileSync(join(root, 'docs/verification.md'), 'utf8')
  const lines = numbered.map(([id, invariant]) => tableLine(id, invariant))
  expect(documented.split('\n').filter(line => /^\| I-/.test(line))).toEqual(lines)
})

function tableLine(id: string, invariant: Invariant): string {
  if (invariant.kind === 'test') return `| ${id} | ${invariant.says} | ${invariant.file} |`
  if (invariant.kind === 'notYet') return `| ${id} | not yet: ${invariant.why} | |`
  const [first] = invariant.models
  const says = models
    .find(({ name }) => name === first)
    ?.properties.filter(property => property.id === id)
    .map(property => property.says)
  const others = invariant.models.filter(name => !name.startsWith('network'))
  const where = others.length < invariant.models.length ? ['all four of the network', ...others] : others
  return `| ${id} | ${[...new Set(says)].join('; ')} | ${where.join(', ')} |`
}

it('no model has a number that the list does not give it', () => {
  const numbers = models
    .flatMap(({ properties }) => properties.map(({ id }) => id))
    .filter(id => /^I-/.test(id))
  expect(numbers.filter(id => invariants[id]?.kind !== 'model')).toEqual([])
})

// Goal: a person understands a counterexample without the code. Method: a model that is known by heart, broken in three
// ways; the page, the drawing and the message are compared with what one would write by hand.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { check } from '../../src/verify/check.js'
import { counterexamplePages, failureMessage, sequenceDiagram } from '../../src/verify/counterexample.js'
import type { Counterexample, Report } from '../../src/verify/model.js'
import { expectNoViolation } from '../model/expect-report.js'
import { expectMermaid } from '../support/mermaid.js'
import { pingModel } from './ping-model.js'

const folder = mkdtempSync(join(tmpdir(), 'odradek-counterexamples-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function wayOf({ violations }: Report): Counterexample {
  const way = violations[0]?.counterexample
  if (way === undefined) throw new Error('the broken model has a counterexample')
  return way
}

describe('a counterexample', () => {
  it('is a list of sentences, each with what it changed', () => {
    const [page] = counterexamplePages(check(pingModel('twice')))
    expect(page?.file).toBe('ping-one-answer.md')
    expect(page?.text).toContain('# one-answer does not hold in ping')
    expect(page?.text).toContain('What should hold: a ping has one answer.')
    expect(page?.text).toContain(`1. **Client** sends a ping; #1 → server *(environment)*
   - client: idle → waiting
   - server: free → busy
2. **Server** answers → client
   - client: waiting → idle
   - answers: 0 sent → 1 sent
3. **Server** answers → client
   - answers: 1 sent → 2 sent`)
  })

  it('is drawn with the parts that take part, from left to right, and their states', () => {
    expect(sequenceDiagram(wayOf(check(pingModel('twice'))))).toBe(`sequenceDiagram
  participant p0 as client
  participant p1 as server
  participant p2 as answers
  Note over p0: idle
  Note over p1: free
  Note over p2: 0 sent
  p0-->>p1: 1. sends a ping#59; #35;1
  Note over p0: waiting
  Note over p1: busy
  p1->>p0: 2. answers
  Note over p0: idle
  Note over p2: 1 sent
  p1->>p0: 3. answers
  Note over p2: 2 sent`)
  })

  it('marks the cycle that never comes to an end', () => {
    const report = check(pingModel('circles'))
    const way = wayOf(report)
    expect(report.violations.map(({ id }) => id)).toEqual(['answered'])
    expect(way.cycleFrom).toBe(1)
    const drawn = sequenceDiagram(way).split('\n')
    expect(drawn.indexOf('  loop again and again')).toBeGreaterThan(
      drawn.indexOf('  p0-->>p1: 1. sends a ping#59; #35;1')
    )
    expect(drawn.at(-1)).toBe('  end')
    expectMermaid(drawn.join('\n'), 'the drawing of a cycle')
    const [page] = counterexamplePages(report)
    expect(page?.text).toContain('**From here on the same again and again:**')
    expect(page?.text).toContain('… and once more from step 2.')
  })

  it('draws only the end of a very long way, from the state that it begins in', () => {
    const report = check(pingModel('twice'))
    const way = wayOf(report)
    const [first, second, third] = way.steps
    if (first === undefined || second === undefined || third === undefined) throw new Error('three steps')
    const steps = [...Array.from({ length: 100 }, () => first), second, third]
    const violations = [{ id: 'x', says: 'all is well', counterexample: { ...way, steps } }]
    const [page] = counterexamplePages({ ...report, violations })
    expect(page?.text).toContain('The last 60 steps.')
    expect(page?.text).toContain('Note over p0: waiting\n')
    expect(page?.text).not.toContain('->>p1: 42. ')
    expect(page?.text).toContain('->>p1: 43. ')
    expect(page?.text).toContain('\n42. **Client** sends')
  })

  it('breaks long texts into lines', () => {
    const long = 'one two three four five six seven eight nine ten eleven twelve'
    const way = { ...wayOf(check(pingModel('twice'))), initial: { client: long } }
    const note = sequenceDiagram(way)
      .split('\n')
      .find(line => line.includes('Note over p0'))
    expect(note).toBe('  Note over p0: one two three four five six seven<br/>eight nine ten eleven twelve')
  })
})

describe('a failure message', () => {
  it('names model, property, sentence, steps and page', () => {
    const report = check(pingModel('lost'))
    const violations = report.violations.filter(({ id }) => id === 'no-deadlock')
    expect(failureMessage({ ...report, violations }, 'somewhere')).toBe(`The model ping has 1 violation.

no-deadlock does not hold: something can always happen until all is over
  1. Client sends a ping; #1
  2. Server loses the ping
  Every step and a drawing: somewhere/ping-no-deadlock.md`)
  })

  it('shows the end of a long way', () => {
    const way = wayOf(check(pingModel('twice')))
    const [step] = way.steps
    if (step === undefined) throw new Error('a way has steps')
    const counterexample = { ...way, steps: Array.from({ length: 30 }, () => step) }
    const report = { ...check(pingModel()), violations: [{ id: 'x', says: 'all is well', counterexample }] }
    const lines = failureMessage(report, 'f').split('\n')
    expect(lines).toContain('  … 18 steps before')
    expect(lines).toContain('  30. Client sends a ping; #1')
    expect(lines).not.toContain('  18. Client sends a ping; #1')
  })

  it('is what a test of a model fails with, and the page is written', () => {
    expectNoViolation(check(pingModel()), folder)
    expect(() => expectNoViolation(check(pingModel('lost')), folder)).toThrow(/no-deadlock does not hold/)
    expect(readFileSync(join(folder, 'ping-no-deadlock.md'), 'utf8')).toContain(
      '```mermaid\nsequenceDiagram\n'
    )
  })
})

// Goal: the command checks what was named and says what it found, to people and to programs. Method: the command on models
// known by heart, with everything outside of it recorded; then the program itself, once.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCheck } from '../../src/verify/check-command.js'
import { modelEntry } from '../../src/verify/entry.js'
import { ProgressLine } from '../../src/verify/progress.js'
import { type Break, pingModel } from './ping-model.js'

const entry = (name: string, large?: Break) =>
  modelEntry(bound => ({ ...pingModel(bound === 'large' ? large : undefined), name }))
const models = [entry('right'), entry('wrong', 'twice'), entry('other')]

function run(...words: string[]) {
  let printed = ''
  let told = ''
  const pages: string[] = []
  const code = runCheck(words, {
    models,
    isTerminal: false,
    print: text => {
      printed += text
    },
    tell: text => {
      told += text
    },
    writePage: (folder, file) => pages.push(`${folder}/${file}`)
  })
  return { code, printed, told, pages }
}

describe('npm run check', () => {
  it('checks every model at its large bound when none is named', () => {
    const { code, printed, pages } = run()
    expect(code).toBe(1)
    const rows = printed.split('\n').map(line => line.split(/\s{2,}/)[0])
    expect(rows.slice(0, 4)).toEqual(['model', 'right', 'wrong', 'other'])
    expect(pages).toEqual(['counterexamples/wrong-one-answer.md'])
    expect(printed).toContain('one-answer does not hold: a ping has one answer')
    expect(printed).toContain('counterexamples/wrong-one-answer.md')
  })

  it('checks the named models in the order of the list', () => {
    const { code, printed } = run('other', 'right')
    expect(code).toBe(0)
    expect(printed).toMatch(/^model .*\nright +4 +3 +2 .* yes\nother .* yes\n$/)
  })

  it('takes the small bound where it is asked to', () => {
    expect(run('wrong', '--bound', 'small').code).toBe(0)
    expect(run('wrong', '--bound', 'large').code).toBe(1)
  })

  it('prints one object a line for programs, with the same fields for each model', () => {
    const { code, printed, told } = run('--json', '--into', 'elsewhere')
    const reports = printed
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect([code, told]).toEqual([1, ''])
    const fields = ['model', 'states', 'transitions', 'depth', 'complete', 'ms', 'violations']
    for (const report of reports) expect(Object.keys(report)).toEqual(fields)
    expect(reports.map(({ model, complete }) => [model, complete])).toEqual([
      ['right', true],
      ['wrong', true],
      ['other', true]
    ])
    expect(reports[1].violations).toEqual([
      {
        id: 'one-answer',
        says: 'a ping has one answer',
        counterexample: 'elsewhere/wrong-one-answer.md'
      }
    ])
  })

  it('walks at random, the same ways for the same seed', () => {
    const [first, again] = [1, 2].map(() =>
      run('wrong', '--walk', '--seed', '7', '--walks', '5', '--depth', '9')
    )
    expect(first?.code).toBe(1)
    const untimed = (text = '') => text.replace(/ [\d.]+ s +[\d,]*/g, '')
    expect(untimed(first?.printed)).toBe(untimed(again?.printed))
    expect(first?.printed).toContain('Random ways from seed 7')
  })

  it('lists the models', () => {
    const { code, printed } = run('--list')
    expect(code).toBe(0)
    expect(printed).toContain('wrong: one client, one server, one ping\n')
  })

  it.each([
    [['ring'], 'no model ring; there are right, wrong, other'],
    [['--bound', 'huge'], "--bound is small or large, not 'huge'"],
    [['--seed', '1.5'], '--seed is a whole number'],
    [['--fast'], "Unknown option '--fast'"]
  ])('refuses %j', (words, reason) => {
    const { code, told, printed } = run(...words)
    expect([code, printed]).toEqual([2, ''])
    expect(told.split('\n')[0]).toBe(`check: ${reason}`)
    expect(told).toContain('Usage: npm run check')
  })

  it('is a program that ends with the code of the command', () => {
    const program = join(import.meta.dirname, '../../dist/check.js')
    const { status, stderr } = spawnSync(process.execPath, [program, 'nothing-of-that-name'], {
      encoding: 'utf8'
    })
    expect(status).toBe(2)
    expect(stderr).toContain('no model nothing-of-that-name')
  })
})

describe('the progress line', () => {
  const progress = (ms: number) => ({ states: 1234567, transitions: 9, depth: 3, ms })
  const shown = (isTerminal: boolean, times: readonly number[]): string[] => {
    const written: string[] = []
    const line = new ProgressLine({ isTerminal, write: text => written.push(text) })
    for (const ms of times) line.show('m', progress(ms))
    line.clear()
    return written
  }

  it('overwrites itself on a terminal, and is gone in the end', () => {
    expect(shown(true, [1000, 2000])).toEqual([
      '\rm: 1,234,567 states, 9 transitions, depth 3, 1.0 s\x1b[K',
      '\rm: 1,234,567 states, 9 transitions, depth 3, 2.0 s\x1b[K',
      '\r\x1b[K'
    ])
  })

  it('is printed every five seconds elsewhere, from the start of each model', () => {
    const lines = shown(false, [1000, 5100, 6000, 10200, 1000, 5000])
    expect(lines.map(line => line.split(', ').at(-1))).toEqual(['5.1 s\n', '10.2 s\n', '5.0 s\n'])
  })
})

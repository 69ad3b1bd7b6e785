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
  modelEntry(bound => ({ ...pingModel(bound === 'small' ? undefined : large), name }))
const models = [entry('right'), entry('wrong', 'twice'), entry('other')]

async function run(...words: string[]) {
  let printed = ''
  let told = ''
  const pages: string[] = []
  const code = await runCheck(words, {
    models,
    jobs: 2,
    run: async ({ model, bound, walk }) => {
      const found = models.find(({ name }) => name === model)
      if (found === undefined) throw new Error(`no model ${model}`)
      // The first one is the last to end.
      for (let turn = models.indexOf(found); turn < 9; turn++) await Promise.resolve()
      return walk === undefined ? found.check(bound) : found.walk(bound, walk)
    },
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
  it('checks every model at its large bound when none is named', async () => {
    const { code, printed, pages } = await run()
    expect(code).toBe(1)
    const rows = printed.split('\n').map(line => line.split(/\s{2,}/)[0])
    expect(rows[0]).toBe('model')
    expect(rows.slice(1, 4).sort()).toEqual(['other', 'right', 'wrong'])
    expect(pages).toEqual(['counterexamples/wrong-one-answer.md', 'counterexamples/wrong-one-answer.json'])
    expect(printed).toContain('one-answer does not hold: a ping has one answer')
    expect(printed).toContain('counterexamples/wrong-one-answer.md')
  })

  it('checks the named models, and prints each as soon as it is done', async () => {
    const { code, printed } = await run('other', 'right')
    expect(code).toBe(0)
    expect(printed).toMatch(/^model .*\nother .* yes\nright +4 +3 +2 .* yes\n$/)
  })

  it('takes the small bound where it is asked to', async () => {
    expect((await run('wrong', '--bound', 'small')).code).toBe(0)
    expect((await run('wrong', '--bound', 'large')).code).toBe(1)
  })

  it('prints one object a line for programs, with the same fields for each model', async () => {
    const { code, printed, told } = await run('--json', '--into', 'elsewhere')
    const reports = printed
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
      .sort(
        (a, b) =>
          models.findIndex(({ name }) => name === a.model) - models.findIndex(({ name }) => name === b.model)
      )
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

  it('walks at random, the same ways for the same seed', async () => {
    const walk = () => run('wrong', '--walk', '--seed', '7', '--walks', '5', '--depth', '9')
    const [first, again] = [await walk(), await walk()]
    expect(first.code).toBe(1)
    const untimed = (text: string) => text.replace(/ [\d.]+ s +[\d,]* +/g, ' ')
    expect(untimed(first.printed)).toBe(untimed(again.printed))
    expect(first.printed).toContain('Random ways from seed 7')
  })

  it('lists the models', async () => {
    const { code, printed } = await run('--list')
    expect(code).toBe(0)
    expect(printed).toContain('wrong: one client, one server, one ping\n')
  })

  it.each([
    [['ring'], 'no model ring; there are right, wrong, other'],
    [['--bound', 'vast'], "--bound is small, large or huge, not 'vast'"],
    [['--bound', 'huge'], '--bound huge is too large for anything but --walk'],
    [['--seed', '1.5'], '--seed is a whole number'],
    [['--fast'], "Unknown option '--fast'"]
  ])('refuses %j', async (words, reason) => {
    const { code, told, printed } = await run(...words)
    expect([code, printed]).toEqual([2, ''])
    expect(told.split('\n')[0]).toBe(`check: ${reason}`)
    expect(told).toContain('Usage: npm run check')
  })

  it('is a program that ends with the code of the command', () => {
    const program = join(import.meta.dirname, '../../dist/check.js')
    const check = (...words: string[]) =>
      spawnSync(process.execPath, [program, ...words], { encoding: 'utf8' })
    expect(check('nothing-of-that-name')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no model nothing-of-that-name')
    })
    const { status, stdout } = check('broker', '--bound', 'small', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ model: 'broker', complete: true, violations: [] })
    expect(status).toBe(0)
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

  it('is printed every five seconds elsewhere', () => {
    const lines = shown(false, [1000, 5100, 6000, 10200])
    expect(lines.map(line => line.split(', ').at(-1))).toEqual(['5.1 s\n', '10.2 s\n'])
  })

  it('shows all models that run, until they are done', () => {
    const written: string[] = []
    const line = new ProgressLine({ isTerminal: true, write: text => written.push(text) })
    line.show('first', progress(1000))
    line.show('second', progress(1000))
    line.done('first')
    line.show('second', progress(2000))
    expect(written[1]).toMatch(/first: .* \| second: /)
    expect(written[3]).not.toContain('first')
  })
})

// Goal: the house rules of CONTRIBUTING.md hold. Method: the text of every source and test file against one table of
// rules, each with its replacement; the rules themselves are tried on small snippets. Exceptions are listed with a reason.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const filesBelow = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(folder, name))
    .sort()
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')
const sources = filesBelow('src')
const tests = filesBelow('test')

interface Rule {
  readonly name: string
  readonly pattern: RegExp
  readonly instead: string
  readonly applies: (file: string) => boolean
  /** Files that may, each with its reason. May only shrink. */
  readonly allowed?: Readonly<Record<string, string>>
}

const inSource = (file: string): boolean => file.startsWith('src/')
const isProgram = (file: string): boolean => /^src\/(main|golden|dump-log|check|explore)\.ts$/.test(file)

const rules: readonly Rule[] = [
  {
    name: 'any',
    pattern: /(?::|<|\bas)\s*any\b/,
    instead: 'unknown, or the type',
    applies: () => true
  },
  {
    name: 'a cast through unknown',
    pattern: /\bas unknown as\b/,
    instead: 'a type that fits, or a check at run time',
    applies: () => true,
    allowed: {
      'test/protocol/fuzz.test.ts': 'a vector is JSON; whether it has the shape is what the test finds out',
      'test/protocol/golden.test.ts': 'a vector is JSON; whether it has the shape is what the test finds out',
      'test/protocol/records/golden.test.ts':
        'a vector is JSON; whether it has the shape is what the test finds out'
    }
  },
  {
    name: 'a silenced compiler',
    pattern: /@ts-(?:ignore|nocheck|expect-error)/,
    instead: 'code that compiles',
    applies: () => true
  },
  {
    name: 'a wall clock',
    pattern: /\bDate\.now\(|\bnew Date\(\)/,
    instead: 'the clock that was passed in (runtime/clock.ts)',
    applies: inSource,
    allowed: {
      'src/actors/runtime/loop.ts': 'the seam itself'
    }
  },
  {
    name: 'randomness',
    pattern: /\bMath\.random\(/,
    instead: 'a source that was passed in',
    applies: inSource,
    allowed: {
      'src/actors/runtime/loop.ts': 'the seam itself'
    }
  },
  {
    name: 'a timer',
    pattern: /\bset(?:Timeout|Interval|Immediate)\(/,
    instead: 'the timers that were passed in (runtime/timers.ts)',
    applies: inSource,
    allowed: {
      'src/actors/runtime/loop.ts': 'the seam itself',
      'src/observe/page/script-frame.ts': 'text of a script that runs in a browser',
      'src/observe/page/script-model.ts': 'text of a script that runs in a browser'
    }
  },
  {
    name: 'the disk',
    pattern: /from 'node:fs(?:\/promises)?'/,
    instead: 'the seam to the disk (storage/files.ts)',
    applies: file => inSource(file) && !isProgram(file),
    allowed: {
      'src/storage/files.ts': 'the seam itself',
      'src/config/properties-file.ts': 'reads one file before there is a broker',
      'src/observe/page/package-file.ts': 'reads what comes with the package, not data'
    }
  },
  {
    name: 'a mark for later',
    pattern: /\b(?:FIXME|TODO|XXX|HACK)\b/,
    instead: 'doing it, or an issue',
    applies: file => file !== 'test/tidy.test.ts'
  }
]

const longAllowed: Readonly<Record<string, string>> = {}
const deadAllowed: Readonly<Record<string, string>> = {
  'src/verify/replay.ts': 'traces are replayed by whoever has them; here the conformance tests do',
  'src/verify/replay-coverage.ts': 'part of the replay',
  'src/verify/replay-joint.ts': 'part of the replay'
}

const breaks = ({ pattern, allowed }: Rule, file: string, text: string): boolean =>
  allowed?.[file] === undefined &&
  text.split('\n').some(line => !isComment(line, pattern) && pattern.test(line))

/** What a comment talks about is not done; marks for later and compiler switches live in comments. */
const isComment = (line: string, pattern: RegExp): boolean =>
  /^\s*(?:\/\/|\*|\/\*)/.test(line) && !/TODO|@ts/.test(pattern.source)

describe('the house rules', () => {
  it.each(rules)('keep $name out of the code', rule => {
    const broken = [...sources, ...tests].filter(
      file => rule.applies(file) && file !== 'test/tidy.test.ts' && breaks(rule, file, textOf(file))
    )
    expect(broken, `use ${rule.instead}`).toEqual([])
  })

  it.each(rules)('name no exception for $name that is not needed', ({ allowed = {}, pattern }) => {
    const needless = Object.keys(allowed).filter(file => !pattern.test(textOf(file)))
    expect(needless).toEqual([])
  })

  it('keep files at 400 lines, data excepted', () => {
    const isData = (file: string): boolean => /^src\/(?:protocol\/messages|config\/definitions)\//.test(file)
    const long = [...sources, ...tests].filter(file => !isData(file) && textOf(file).split('\n').length > 401)
    expect(
      long.filter(file => longAllowed[file] === undefined),
      'split it by concern'
    ).toEqual([])
    expect(
      Object.keys(longAllowed).filter(file => !long.includes(file)),
      'not long any more'
    ).toEqual([])
  })

  it('keep names that say nothing off files and folders', () => {
    const nothing = /^(?:utils?|helpers?|common|misc|shared|lib|core|managers?|base|types|constants)$/
    const named = [...sources, ...tests].filter(file =>
      file.split('/').some(part => nothing.test(part.replace(/(?:\.(?:machine|test))?\.ts$/, '')))
    )
    expect(named, 'name it after what it knows').toEqual([])
  })

  it('let every file of more than 40 lines begin with what it is, in five lines at most', () => {
    const heads = sources.map(file => {
      const lines = textOf(file)
        .replace(/^#!.*\n/, '')
        .split('\n')
      return {
        file,
        needed: lines.length > 40 ? 1 : 0,
        lines: lines.findIndex(line => !line.startsWith('//'))
      }
    })
    expect(heads.filter(({ lines, needed }) => lines < needed || lines > 5)).toEqual([])
  })

  it('let machines import nothing that does', () => {
    const allowed = /^(?:xstate|.*\/runtime\/effect\.js|.*\/errors\.js|.*boot-order\.js|\.\/effect\.js)$/
    const impure = sources
      .filter(file => file.endsWith('.machine.ts'))
      .flatMap(file =>
        importsOf(textOf(file))
          .filter(({ isType, from }) => !isType && !allowed.test(from))
          .map(({ from }) => `${file}: ${from}`)
      )
    expect(impure).toEqual([])
  })

  it('keep no source file that nothing reaches', () => {
    const roots = [
      'src/main.ts',
      'src/index.ts',
      'src/golden.ts',
      'src/dump-log.ts',
      'src/check.ts',
      'src/explore.ts',
      'src/simulate.ts'
    ]
    const reached = new Set<string>(roots)
    for (const file of reached) for (const other of targetsOf(file)) reached.add(other)
    const dead = sources.filter(file => !reached.has(file) && deadAllowed[file] === undefined)
    expect(dead, 'remove it, or use it').toEqual([])
    expect(
      Object.keys(deadAllowed).filter(file => reached.has(file)),
      'reached by now'
    ).toEqual([])
  })

  it('let tests be sentences', () => {
    const fragments = tests.flatMap(file =>
      [...textOf(file).matchAll(/^\s*(?:it|test)(?:\.\w+(?:\(.*\))?)?\(\s*(['"`])(.+?)\1,/gm)]
        .map(([, , title = '']) => title)
        .filter(title => !title.startsWith('%'))
        .filter(title => title.split(' ').length < 3 || /^should\b/i.test(title) || title.endsWith('.'))
        .map(title => `${file}: ${title}`)
    )
    expect(fragments, 'say what holds, in the present tense').toEqual([])
  })

  it.each([
    ['any', 'const x = (y: any) => y', 'const anything = 1 // any'],
    ['a cast through unknown', 'f(x as unknown as T)', 'f(x as T)'],
    ['a wall clock', 'const nowMs = Date.now()', '// Date.now() is not used'],
    ['randomness', 'Math.random()', 'randomBelow(3)'],
    ['a timer', 'setTimeout(run, 3)', 'timers.after(3, run)'],
    ['the disk', "import { readFileSync } from 'node:fs'", "import { join } from 'node:path'"],
    ['a mark for later', '// FIXME', '// fixed']
  ])('find %s where it is, and nowhere else', (name, bad, good) => {
    const rule = rules.find(each => each.name === name)
    expect(rule && [breaks(rule, 'src/a.ts', bad), breaks(rule, 'src/a.ts', good)]).toEqual([true, false])
  })
})

function importsOf(text: string): { isType: boolean; from: string }[] {
  return [...text.matchAll(/^(?:import|export)\s([^'"]*?from\s+)?'([^']+)'/gm)].map(
    ([, names = '', from = '']) => {
      const only = /^\{([^}]*)\}/.exec(names)?.[1]
      const isType =
        /^type\s/.test(names) || (only?.split(',').every(each => /^\s*(?:type\s.*)?$/.test(each)) ?? false)
      return { isType, from }
    }
  )
}

/** Files that this one imports, at once or later, or starts as a thread. */
function targetsOf(file: string): string[] {
  const text = textOf(file)
  const later = [...text.matchAll(/(?:import\(|new URL\(|\bfrom )\s*'(\.[^']+)'/g)].map(
    ([, from = '']) => from
  )
  return [...importsOf(text).map(({ from }) => from), ...later]
    .filter(from => from.startsWith('.'))
    .map(from => relative(root, join(root, dirname(file), from.replace(/\.js$/, '.ts'))))
    .filter(target => sources.includes(target))
}

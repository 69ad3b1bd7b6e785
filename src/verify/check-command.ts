// The command `check`: which models, how far, and how it is told. Files, streams and the list of models are passed in.
import { parseArgs } from 'node:util'
import { errorMessage } from '../errors.js'
import type { CheckProgress } from './check.js'
import type { CheckJob } from './check-worker.js'
import { counterexamplePages, failureMessage } from './counterexample.js'
import type { Bound, ModelEntry } from './entry.js'
import type { Report } from './model.js'
import { ProgressLine, tableHead, tableRow } from './progress.js'
import type { WalkOptions } from './walk.js'
import { wayFiles } from './way-file.js'

export const checkUsage = `Usage: npm run check -- [model]... [--bound small|large|huge] [--json] [--walk] [--into DIR] [--list]

  model...            those models; without a name all of them
  --bound BOUND       large (default), small: what npm test explores, or huge: for --walk, and its default
  --json              one object for each model, one a line: model, states, transitions, depth, complete, ms, violations
  --walk              random ways instead of every state, for a bound that is too large
    --seed N          the same seed is the same ways (1)
    --walks N         how many (1000)
    --depth N         steps of each at most (1000)
  --into DIR          where counterexamples are written (counterexamples)
  --list              names the models

Exit code: 0 nothing is wrong, 1 something is, 2 misused.`

export interface CheckSurroundings {
  readonly models: readonly ModelEntry[]
  /** Whether progress may overwrite its line. */
  readonly isTerminal: boolean
  print(text: string): void
  /** Progress and misuse. */
  tell(text: string): void
  /** How many models at once. */
  readonly jobs: number
  run(job: CheckJob, onProgress: (progress: CheckProgress) => void): Promise<Report>
  /** Makes the folder where it is missing. */
  writePage(folder: string, file: string, text: string): void
}

type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'list' }
  | { readonly kind: 'misused'; readonly reason: string }
  | ({ readonly kind: 'check' } & CheckWork)

interface CheckWork {
  readonly chosen: readonly ModelEntry[]
  readonly bound: Bound
  readonly isJson: boolean
  readonly walk: WalkOptions | undefined
  readonly folder: string
}

/** Returns the exit code. */
export async function runCheck(words: readonly string[], around: CheckSurroundings): Promise<number> {
  const command = parseCheck(words, around.models)
  if (command.kind === 'misused') {
    around.tell(`check: ${command.reason}\n${checkUsage}\n`)
    return 2
  }
  if (command.kind === 'help') around.print(`${checkUsage}\n`)
  else if (command.kind === 'list')
    for (const { name, about } of around.models) around.print(`${name}: ${about}\n`)
  else return checkAll(command, around)
  return 0
}

async function checkAll(work: CheckWork, around: CheckSurroundings): Promise<number> {
  const { chosen, bound, isJson, walk, folder } = work
  const names = chosen.map(({ name }) => name)
  const line = new ProgressLine({ isTerminal: around.isTerminal, write: text => around.tell(text) })
  if (!isJson) around.print(`${tableHead(names)}\n`)
  const reports: Report[] = []
  await severalAtOnce(chosen, around.jobs, async ({ name: model }) => {
    const job = walk === undefined ? { model, bound } : { model, bound, walk }
    const report = await around.run(job, progress => line.show(model, progress))
    line.done(model)
    for (const { file, text } of [...counterexamplePages(report), ...wayFiles(report)])
      around.writePage(folder, file, text)
    around.print(`${isJson ? jsonLine(report, folder) : tableRow(names, report)}\n`)
    reports.push(report)
  })
  const wrong = reports.filter(({ violations }) => violations.length > 0)
  if (!isJson) for (const report of wrong) around.print(`\n${failureMessage(report, folder)}\n`)
  if (!isJson && walk !== undefined)
    around.print(`\nRandom ways from seed ${walk.seed}: what they did not meet was not checked.\n`)
  return wrong.length === 0 ? 0 : 1
}

/** The first failure is that of all; what runs then still ends. */
async function severalAtOnce<T>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<void>
): Promise<void> {
  const left = [...items]
  const loop = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next)
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, loop))
}

/** A violation with a way to it names the page. */
function jsonLine(report: Report, folder: string): string {
  const { model, states, transitions, depth, complete, ms } = report
  const violations = report.violations.map(violation => {
    const { id, says } = violation
    const [page] = counterexamplePages({ ...report, violations: [violation] })
    return page === undefined ? { id, says } : { id, says, counterexample: `${folder}/${page.file}` }
  })
  return JSON.stringify({ model, states, transitions, depth, complete, ms, violations })
}

export function parseCheck(words: readonly string[], models: readonly ModelEntry[]): Command {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(words)
  } catch (error) {
    return misused(errorMessage(error).split('. ')[0] ?? '')
  }
  const { values, positionals } = parsed
  if (values.help) return { kind: 'help' }
  if (values.list) return { kind: 'list' }
  const { bound = values.walk ? 'huge' : 'large' } = values
  if (bound !== 'small' && bound !== 'large' && bound !== 'huge')
    return misused(`--bound is small, large or huge, not '${bound}'`)
  if (bound === 'huge' && !values.walk) return misused('--bound huge is too large for anything but --walk')
  const numbers = { seed: wholeOf(values.seed), walks: wholeOf(values.walks), depth: wholeOf(values.depth) }
  const { seed, walks, depth } = numbers
  if (seed === undefined || walks === undefined || depth === undefined) {
    const wrong = Object.entries(numbers).flatMap(([name, value]) => (value === undefined ? [name] : []))
    return misused(`--${wrong[0] ?? ''} is a whole number`)
  }
  const unknown = positionals.filter(name => !models.some(model => model.name === name))
  if (unknown.length > 0) return misused(unknownModels(unknown, models))
  const chosen = positionals.length === 0 ? models : models.filter(({ name }) => positionals.includes(name))
  if (chosen.length === 0) return misused('there is no model')
  const walk = values.walk ? { seed, walks, depth } : undefined
  return { kind: 'check', chosen, bound, isJson: values.json, walk, folder: values.into }
}

/** `no model x; there are a, b`. */
export function unknownModels(names: readonly string[], models: readonly ModelEntry[]): string {
  return `no model ${names.join(', ')}; there are ${models.map(({ name }) => name).join(', ')}`
}

function parse(words: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const
  return parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      bound: { type: 'string' },
      json: flag,
      walk: flag,
      seed: { type: 'string', default: '1' },
      walks: { type: 'string', default: '1000' },
      depth: { type: 'string', default: '1000' },
      into: { type: 'string', default: 'counterexamples' },
      list: flag,
      help: { ...flag, short: 'h' }
    }
  })
}

const misused = (reason: string): Command => ({ kind: 'misused', reason })
const wholeOf = (text: string): number | undefined => (/^\d{1,15}$/.test(text) ? Number(text) : undefined)

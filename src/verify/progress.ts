// What a person sees while models are checked: one line that changes on a terminal, one every five seconds elsewhere;
// then a table, a row for each model.
import type { CheckProgress } from './check.js'
import type { Report } from './model.js'

export interface ProgressOutput {
  readonly isTerminal: boolean
  write(text: string): void
}

/** Between two lines where there is no terminal. */
const quietMs = 5000

export class ProgressLine {
  readonly #output: ProgressOutput
  #lastMs = 0
  #isDirty = false

  constructor(output: ProgressOutput) {
    this.#output = output
  }

  show(model: string, progress: CheckProgress): void {
    const line = progressText(model, progress)
    if (this.#output.isTerminal) {
      this.#output.write(`\r${line}\x1b[K`)
      this.#isDirty = true
      return
    }
    // Time starts again with each model.
    if (progress.ms < this.#lastMs) this.#lastMs = 0
    if (progress.ms - this.#lastMs < quietMs) return
    this.#lastMs = progress.ms
    this.#output.write(`${line}\n`)
  }

  /** Before anything else is printed. */
  clear(): void {
    if (this.#isDirty) this.#output.write('\r\x1b[K')
    this.#isDirty = false
  }
}

function progressText(model: string, { states, transitions, depth, ms }: CheckProgress): string {
  return `${model}: ${whole(states)} states, ${whole(transitions)} transitions, depth ${depth}, ${seconds(ms)}`
}

export function tableHead(models: readonly string[]): string {
  return row(models, ['model', 'states', 'transitions', 'depth', 'time', 'states/s', 'complete', ''])
}

export function tableRow(models: readonly string[], report: Report): string {
  const { model, states, transitions, depth, ms, complete, violations } = report
  const perSecond = ms === 0 ? '' : whole(Math.round((states * 1000) / ms))
  const wrong = violations.length === 0 ? '' : violations.map(({ id }) => id).join(', ')
  return row(models, [
    model,
    whole(states),
    whole(transitions),
    String(depth),
    seconds(ms),
    perSecond,
    complete ? 'yes' : 'no',
    wrong
  ])
}

const widths = [0, 12, 14, 7, 10, 10, 10]

function row(models: readonly string[], cells: readonly string[]): string {
  const first = Math.max('model'.length, ...models.map(({ length }) => length))
  const [name = '', ...rest] = cells
  const wrong = rest.pop() ?? ''
  const numbers = rest.map((text, index) => text.padStart(widths[index + 1] ?? 0))
  return `${name.padEnd(first)}${numbers.join('')}  ${wrong}`.trimEnd()
}

const whole = (count: number): string => count.toLocaleString('en-US')
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

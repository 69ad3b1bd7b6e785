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
  /** What runs now, and what was said of it last. */
  readonly #running = new Map<string, { text: string; toldMs: number }>()
  #isDirty = false

  constructor(output: ProgressOutput) {
    this.#output = output
  }

  show(model: string, progress: CheckProgress): void {
    const text = progressText(model, progress)
    const { toldMs } = this.#running.get(model) ?? { toldMs: 0 }
    const isDue = !this.#output.isTerminal && progress.ms - toldMs >= quietMs
    this.#running.set(model, { text, toldMs: isDue ? progress.ms : toldMs })
    if (isDue) this.#output.write(`${text}\n`)
    if (this.#output.isTerminal) this.#draw()
  }

  /** Nothing more is shown of it. */
  done(model: string): void {
    this.#running.delete(model)
    this.clear()
  }

  /** Before anything else is printed. */
  clear(): void {
    if (this.#isDirty) this.#output.write('\r\x1b[K')
    this.#isDirty = false
  }

  #draw(): void {
    const texts = [...this.#running.values()].map(({ text }) => text)
    this.#output.write(`\r${texts.join(' | ')}\x1b[K`)
    this.#isDirty = true
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

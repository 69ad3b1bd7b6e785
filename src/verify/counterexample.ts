// A counterexample as a person reads it: sentences with what each step changed, and a Mermaid sequence diagram, together
// one Markdown page. Only text is made here; whoever asks writes the file.
import type { Counterexample, PathStep, Report, Violation } from './model.js'

export interface Page {
  /** `<model>-<property id>.md`. */
  readonly file: string
  readonly text: string
}

export interface Change {
  readonly part: string
  readonly before: string
  readonly after: string
}

/** One page for each violation that has a way to it. */
export function counterexamplePages(report: Report): readonly Page[] {
  return report.violations.flatMap(violation => {
    const { counterexample } = violation
    if (counterexample === undefined) return []
    return [
      { file: fileOf(report.model, violation.id), text: pageText(report.model, violation, counterexample) }
    ]
  })
}

/** `folder`: where the pages were written. Names model, property, sentence, the last steps and the page. */
export function failureMessage(report: Report, folder: string): string {
  const lines = [`The model ${report.model} has ${counted(report.violations.length, 'violation')}.`]
  for (const { id, says, counterexample } of report.violations) {
    lines.push('', `${id} does not hold: ${says}`)
    if (counterexample === undefined) continue
    lines.push(...lastSentences(counterexample).map(line => `  ${line}`))
    lines.push(`  Every step and a drawing: ${folder}/${fileOf(report.model, id)}`)
  }
  return lines.join('\n')
}

/** "3. Processor 0 takes the response", one a step. */
export function sentences({ steps }: Counterexample): readonly string[] {
  return steps.map(({ action: { from, says } }, index) => `${index + 1}. ${capital(from)} ${says}`)
}

/** What differs between two states, in the order of the parts. */
export function changes(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>
): readonly Change[] {
  const parts = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...parts]
    .map(part => ({ part, before: before[part] ?? '', after: after[part] ?? '' }))
    .filter(change => change.before !== change.after)
}

/** The parts that act, are reached, or change, from left to right. */
export function partsOf({ parts, initial, steps }: Counterexample): readonly string[] {
  const taking = new Set<string>()
  steps.forEach(({ action, state }, index) => {
    taking.add(action.from).add(action.to)
    for (const { part } of changes(stateBefore({ initial, steps }, index), state)) taking.add(part)
  })
  return [...parts.filter(part => taking.has(part)), ...[...taking].filter(part => !parts.includes(part))]
}

/** Beyond about 50,000 characters Mermaid draws nothing. */
const mostDrawn = 60

/** The last steps as a Mermaid sequence diagram: notes say what changed, a loop box is what goes on for ever. */
export function sequenceDiagram(way: Counterexample, last = way.steps.length): string {
  const skipped = Math.max(0, way.steps.length - last)
  const first = stateBefore(way, skipped)
  const taking = partsOf({ ...way, initial: first, steps: way.steps.slice(skipped) })
  const nameOf = new Map(taking.map((part, index) => [part, `p${index}`]))
  const over = (part: string): string => `Note over ${nameOf.get(part) ?? ''}: `
  const lines = ['sequenceDiagram']
  for (const part of taking) lines.push(`  participant ${nameOf.get(part) ?? ''} as ${safe(part)}`)
  for (const part of taking) {
    const state = first[part]
    if (state !== undefined && state !== '') lines.push(`  ${over(part)}${safe(wrapped(state))}`)
  }
  way.steps.forEach(({ action, state }, index) => {
    if (index < skipped) return
    if (index === way.cycleFrom) lines.push('  loop again and again')
    const arrow = action.by === 'environment' ? '-->>' : '->>'
    const message = safe(wrapped(`${index + 1}. ${action.says}`))
    lines.push(`  ${nameOf.get(action.from) ?? ''}${arrow}${nameOf.get(action.to) ?? ''}: ${message}`)
    for (const { part, after } of changes(stateBefore(way, index), state))
      lines.push(`  ${over(part)}${safe(wrapped(after === '' ? 'nothing' : after))}`)
  })
  if (way.cycleFrom !== undefined) lines.push('  end')
  return lines.join('\n')
}

function pageText(model: string, { id, says }: Violation, way: Counterexample): string {
  const ends =
    way.cycleFrom === undefined
      ? `${counted(way.steps.length, 'step')} from the first state`
      : `${counted(way.steps.length, 'step')}, of which those from ${way.cycleFrom + 1} on can go on for ever`
  // A cycle is drawn whole.
  const drawn = Math.min(
    way.steps.length,
    Math.max(mostDrawn, way.steps.length - (way.cycleFrom ?? Infinity))
  )
  const initial = Object.entries(way.initial).map(([part, state]) => `| ${cell(part)} | ${cell(state)} |`)
  return `# ${id} does not hold in ${model}

What should hold: ${says}. The shortest way that was found to where it does not: ${ends}.

## In the beginning

| part | state |
|---|---|
${initial.join('\n')}

## Step by step

${way.steps.length === 0 ? 'It does not hold in the first state.' : stepList(way).join('\n')}

## As a sequence

${drawn < way.steps.length ? `The last ${drawn} steps. ` : ''}A dashed arrow is what the environment does and may leave out; a note is the state of a part afterwards.

\`\`\`mermaid
${sequenceDiagram(way, drawn)}
\`\`\`
`
}

function stepList(way: Counterexample): string[] {
  const lines = way.steps.flatMap((step, index) => [
    ...(index === way.cycleFrom ? ['', '**From here on the same again and again:**', ''] : []),
    ...stepLines(step, index, stateBefore(way, index))
  ])
  if (way.cycleFrom !== undefined) lines.push('', `… and once more from step ${way.cycleFrom + 1}.`)
  return lines
}

function stepLines({ action, state }: PathStep, index: number, before: PathStep['state']): string[] {
  const { from, to, says, by } = action
  const whom = to === from || says.includes(to) ? '' : ` → ${to}`
  const who = by === 'environment' ? ' *(environment)*' : ''
  const changed = changes(before, state).map(
    each => `   - ${each.part}: ${each.before === '' ? 'nothing' : each.before} → ${each.after || 'nothing'}`
  )
  return [`${index + 1}. **${capital(from)}** ${says}${whom}${who}`, ...changed]
}

/** The whole way when it is short, else its end. */
function lastSentences(way: Counterexample): string[] {
  const all = sentences(way)
  const shown = all.slice(-most)
  const left = all.length - shown.length
  return left === 0 ? shown : [`… ${counted(left, 'step')} before`, ...shown]
}

const most = 12

function stateBefore(
  { initial, steps }: Pick<Counterexample, 'initial' | 'steps'>,
  index: number
): Readonly<Record<string, string>> {
  return index === 0 ? initial : (steps[index - 1]?.state ?? initial)
}

const fileOf = (model: string, id: string): string => `${`${model}-${id}`.replace(/[^\w.-]+/g, '-')}.md`
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\n/g, ' ')

/** Lines of about 36 characters, as Mermaid breaks them. */
function wrapped(text: string): string {
  const lines = ['']
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? ''
    if (line !== '' && line.length + word.length >= width) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.join('\n')
}

const width = 36

/** Mermaid ends a text at `;` and `#`, and reads tags; what was wrapped becomes a break. */
function safe(text: string): string {
  return text.replace(/[#;<>%]/g, each => `#${each.charCodeAt(0)};`).replace(/\n/g, '<br/>')
}

// A way through a model as a sequence diagram in SVG: a lifeline for each part that takes part, an arrow for each step, a
// box for what changed. Colours are those of the page (class names); texts are escaped.
import { changes, partsOf } from './counterexample.js'
import type { Action, Counterexample } from './model.js'

const column = 190
const margin = 12
const lineHeight = 16
/** Characters that fit between two lifelines, and into a box on one. */
const arrowChars = 27
const boxChars = 25

/** A drawing of its own size in pixels; text of 12 px is assumed. */
export function sequenceSvg(way: Counterexample): string {
  const parts = partsOf(way).length > 0 ? partsOf(way) : Object.keys(way.initial)
  const columns = new Map(parts.map((part, index) => [part, margin + column * (index + 0.5)]))
  const x = (part: string): number => columns.get(part) ?? margin
  const drawn: string[] = []
  let y = margin + lineHeight * 2
  const initial = parts.flatMap(part => {
    const text = way.initial[part]
    return text === undefined || text === '' ? [] : [{ x: x(part), text }]
  })
  y = row(drawn, initial, y)
  let before = way.initial
  way.steps.forEach(({ action, state }, index) => {
    y = arrow(drawn, action, index + 1, x, y)
    const changed = changes(before, state).map(({ part, after }) => ({
      x: x(part),
      text: after || 'nothing'
    }))
    y = row(drawn, changed, y)
    before = state
  })
  const width = margin * 2 + column * parts.length
  const heads = parts.map(part => head(part, x(part), y))
  const label = `Sequence of ${way.steps.length} steps between ${parts.join(', ')}`
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escaped(label)}" width="${width}" height="${y + margin}" viewBox="0 0 ${width} ${y + margin}">${heads.join('')}${drawn.join('')}</svg>`
}

function head(part: string, x: number, bottom: number): string {
  const y = margin + lineHeight
  return `<line class="life" x1="${x}" y1="${y}" x2="${x}" y2="${bottom}"/>${box('part', x, margin, [part])}`
}

/** Boxes beside each other; returns where the next row begins. */
function row(
  drawn: string[],
  boxes: readonly { readonly x: number; readonly text: string }[],
  y: number
): number {
  if (boxes.length === 0) return y
  const wrapped = boxes.map(({ x, text }) => ({ x, lines: lines(text, boxChars) }))
  for (const { x, lines } of wrapped) drawn.push(box('note', x, y, lines))
  return y + Math.max(...wrapped.map(({ lines }) => lines.length)) * lineHeight + 14
}

function box(kind: 'part' | 'note', x: number, y: number, texts: readonly string[]): string {
  const width = column - 16
  const height = texts.length * lineHeight + 6
  return `<g class="${kind}"><rect x="${x - width / 2}" y="${y}" width="${width}" height="${height}" rx="4"/>${texts
    .map((text, index) => label(x, y + 15 + index * lineHeight, text, 'middle'))
    .join('')}</g>`
}

/** Returns where the next row begins. */
function arrow(
  drawn: string[],
  { from, to, says, by }: Action,
  number: number,
  x: (part: string) => number,
  top: number
): number {
  const [start, end] = [x(from), x(to)]
  const texts = lines(`${number}. ${says}`, from === to ? boxChars : arrowChars)
  const y = top + texts.length * lineHeight + 4
  const kind = by === 'environment' ? 'step environment' : 'step'
  if (from === to) {
    const text = texts.map((line, index) => label(start + 8, top + 14 + index * lineHeight, line, 'start'))
    const loop = `<path d="M ${start} ${y} h 26 v 12 h -20" class="line"/>${tip(start + 2, y + 12, -1)}`
    drawn.push(`<g class="${kind}">${text.join('')}${loop}</g>`)
    return y + 26
  }
  const middle = (start + end) / 2
  const text = texts.map((line, index) => label(middle, top + 14 + index * lineHeight, line, 'middle'))
  const line = `<line class="line" x1="${start}" y1="${y}" x2="${end}" y2="${y}"/>`
  drawn.push(`<g class="${kind}">${text.join('')}${line}${tip(end, y, Math.sign(end - start))}</g>`)
  return y + 12
}

const tip = (x: number, y: number, way: number): string =>
  `<path class="tip" d="M ${x} ${y} l ${-8 * way} -4 v 8 z"/>`
const label = (x: number, y: number, text: string, anchor: 'start' | 'middle'): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}">${escaped(text)}</text>`

/** Words in lines of at most so many characters; a longer word is cut, after a dot where it has one. */
function lines(text: string, most: number): readonly string[] {
  const found: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = found.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= most)
      found[found.length - 1] = `${last} ${word}`
    else found.push(...pieces(word, most))
  }
  return found
}

function pieces(word: string, most: number): readonly string[] {
  if (word.length <= most) return [word]
  const dot = word.lastIndexOf('.', most - 1) + 1
  const cut = dot === 0 ? most : dot
  return [word.slice(0, cut), ...pieces(word.slice(cut), most)]
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, each => entities[each] ?? each)

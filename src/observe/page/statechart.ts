// One machine as a picture in SVG: states as boxes, the current one lit, arrows with the events that lead along them. A state
// with many inside is drawn as one box, and what lies around the current state inside as a picture of its own.
import type { AnyStateMachine } from 'xstate'
import { type LayoutArrow, layeredLayout } from './layered-layout.js'
import { escaped } from './markup.js'

type StateNode = AnyStateMachine['root']

export interface Chart {
  readonly title: string
  /** Of its own size in px; colours are the page's, by class names. */
  readonly svg: string
}

/** What may happen to a machine in one of its states. */
export interface Way {
  readonly event: string
  /** Path of the state; the same state where nothing is left. */
  readonly to: string
  /** Name of the condition. */
  readonly guard?: string
}

const manyStates = 8
const textHeight = 16
const pad = 10
const glyph = 6.9

/** `state`: a path with dots, '' for none. */
export function chartsOf(machine: AnyStateMachine, state: string): readonly Chart[] {
  const current = nodeAt(machine, state)
  const whole = draw(machine.root, current)
  const charts: Chart[] = [{ title: machine.id, svg: asSvg(whole, saying(machine.id, state)) }]
  for (let at = current?.parent; at !== undefined && current !== undefined; at = at.parent) {
    if (!isLarge(at) || at === machine.root) continue
    const title = `${machine.id}, inside ${at.key}, around ${current.key}`
    charts.push({ title, svg: asSvg(around(at, childTowards(at, current)), saying(title, state)) })
  }
  return charts
}

/** Events that it answers in that state, the states around it included; what is ignored everywhere is left out. */
export function waysFrom(machine: AnyStateMachine, state: string): readonly Way[] {
  const node = nodeAt(machine, state)
  const ways: Way[] = []
  for (let at = node; at !== undefined; at = at.parent)
    for (const { event, target, guard } of stepsOf(at)) {
      if (target === undefined) continue
      const to = target.path.join('.')
      ways.push({ event, to, ...(guard === undefined ? {} : { guard }) })
    }
  return ways
}

const saying = (title: string, state: string): string =>
  `Statechart of ${title}${state === '' ? '' : `; now ${state}`}`

const childrenOf = (node: StateNode): StateNode[] => Object.values(node.states)
const isLarge = (node: StateNode): boolean => childrenOf(node).length > manyStates
const initialOf = (node: StateNode): StateNode | undefined => node.initial?.target?.[0]
const idOf = (node: StateNode): string => node.path.join('.')

function nodeAt(machine: AnyStateMachine, state: string): StateNode | undefined {
  if (state === '') return undefined
  return state.split('.').reduce<StateNode | undefined>((at, key) => at?.states[key], machine.root)
}

/** The child of `parent` that is `node` or holds it. */
function childTowards(parent: StateNode, node: StateNode): StateNode | undefined {
  for (let at: StateNode | undefined = node; at !== undefined; at = at.parent)
    if (at.parent === parent) return at
  return undefined
}

interface Step {
  readonly event: string
  readonly target: StateNode | undefined
  readonly guard: string | undefined
}

function stepsOf(node: StateNode): Step[] {
  const own = [...node.transitions].flatMap(([event, ways]) => ways.map(way => ({ event, way })))
  const always = (node.always ?? []).map(way => ({ event: 'always', way }))
  return [...own, ...always].map(({ event, way }) => ({
    event: eventName(event),
    target: way.target?.[0],
    guard: guardName(way.guard)
  }))
}

/** `xstate.after.patience.broker.failing` says `after patience`. */
function eventName(event: string): string {
  const [, delay] = /^xstate\.after\.([^.]+)/.exec(event) ?? []
  return delay === undefined ? event : `after ${delay}`
}

function guardName(guard: unknown): string | undefined {
  if (guard === undefined) return undefined
  if (typeof guard === 'string') return guard
  if (typeof guard === 'object' && guard !== null && 'type' in guard) return String(guard.type)
  return typeof guard === 'function' && guard.name !== '' && guard.name !== 'guard' ? guard.name : 'condition'
}

interface Picture {
  readonly width: number
  readonly height: number
  readonly svg: string
}

/** Everything inside a state. */
function draw(parent: StateNode, current: StateNode | undefined): Picture {
  const children = childrenOf(parent)
  const arrows = arrowsIn(parent)
  const { shared, rest } = sharedBy(arrows, children)
  const boxes = children.map(child => boxOf(child, current))
  return arrange(boxes, rest, initialOf(parent), shared)
}

/** One step before and one step after a state of many. */
function around(parent: StateNode, current: StateNode | undefined): Picture {
  const arrows = [...arrowsIn(parent), ...arrowsOutOf(parent)].filter(
    ({ from, to }) => from === current || to === current
  )
  const near = new Set([
    ...(current === undefined ? [] : [current]),
    ...arrows.flatMap(({ from, to }) => [from, to])
  ])
  const boxes = [...near].map(node => (node.parent === parent ? boxOf(node, current) : exitTo(node)))
  return arrange(boxes, arrows, arrows.find(({ to }) => to === current)?.from ?? current, [])
}

interface Arrow {
  readonly from: StateNode
  readonly to: StateNode
  /** Each with the states inside that it leaves or enters, where that is not plain. */
  readonly label: string
}

/** Between the children of a state; what happens inside one of them is drawn there. */
function arrowsIn(parent: StateNode): Arrow[] {
  return childrenOf(parent).flatMap(from => {
    const found = new Map<string, { to: StateNode; event: string; out: Set<string>; into: Set<string> }>()
    for (const { node, step } of stepsWithin(from)) {
      const to = step.target === undefined ? undefined : childTowards(parent, step.target)
      if (to === undefined || to === from || step.target === undefined) continue
      const event = `${step.event}${condition(step.guard)}`
      const same = found.get(`${idOf(to)} ${event}`) ?? { to, event, out: new Set(), into: new Set() }
      found.set(`${idOf(to)} ${event}`, same)
      if (node !== from) same.out.add(node.key)
      if (!isEntry(step.target, to)) same.into.add(step.target.key)
    }
    return [...found.values()].map(({ to, event, out, into }) => ({
      from,
      to,
      label: `${event}${intoSaid(into)}${outSaid(from, out)}`
    }))
  })
}

const condition = (guard: string | undefined): string => (guard === undefined ? '' : ` if ${guard}`)

function intoSaid(into: ReadonlySet<string>): string {
  if (into.size === 0) return ''
  return into.size === 1 ? ` → ${[...into].join()}` : ` → ${into.size} states inside`
}

/** To states beside or above the one that they are in. */
function arrowsOutOf(parent: StateNode): Arrow[] {
  return childrenOf(parent).flatMap(from =>
    stepsOf(from).flatMap(({ event, target, guard }) =>
      target === undefined || target === parent || childTowards(parent, target) !== undefined
        ? []
        : [{ from, to: target, label: `${event}${condition(guard)}` }]
    )
  )
}

function* stepsWithin(node: StateNode): Generator<{ node: StateNode; step: Step }> {
  for (const step of stepsOf(node)) yield { node, step }
  for (const child of childrenOf(node)) yield* stepsWithin(child)
}

/** Whether entering the state means entering that one inside. */
function isEntry(inside: StateNode, state: StateNode): boolean {
  let at: StateNode | undefined = state
  while (at !== undefined && at !== inside) at = initialOf(at)
  return at === inside
}

function outSaid(from: StateNode, out: ReadonlySet<string>): string {
  if (out.size === 0 || out.size === childrenOf(from).length) return ''
  return out.size <= 2 ? ` (${[...out].join(', ')})` : ` (${out.size} of its states)`
}

/** What most of the states do alike is a line of text instead of an arrow from each. */
function sharedBy(
  arrows: readonly Arrow[],
  children: readonly StateNode[]
): { readonly shared: readonly string[]; readonly rest: readonly Arrow[] } {
  const alike = new Map<string, Arrow[]>()
  for (const arrow of arrows) {
    const key = `${arrow.label} → ${arrow.to.key}`
    alike.set(key, [...(alike.get(key) ?? []), arrow])
  }
  const lasting = children.filter(({ type }) => type !== 'final').length
  const most = [...alike].filter(([, each]) => each.length >= Math.max(3, lasting * 0.6))
  const gone = new Set(most.flatMap(([, each]) => each))
  const shared = most.map(([key, each]) => {
    const others = children.filter(
      child => child !== each[0]?.to && child.type !== 'final' && !each.some(({ from }) => from === child)
    )
    const whence =
      others.length === 0 ? 'From each state' : `From each but ${others.map(({ key }) => key).join(', ')}`
    return `${whence}: ${key}`
  })
  return { shared, rest: arrows.filter(arrow => !gone.has(arrow)) }
}

interface Box extends Picture {
  readonly id: string
  readonly node: StateNode
}

function boxOf(node: StateNode, current: StateNode | undefined): Box {
  const holds = current !== undefined && [current, ...ancestors(current)].includes(node)
  const isCurrent = node === current
  const kind = `state${holds ? ' holds' : ''}${isCurrent ? ' current' : ''}${node.type === 'final' ? ' final' : ''}`
  const inner = childrenOf(node).length === 0 || isLarge(node) ? undefined : draw(node, current)
  const lines = [node.key]
  if (isLarge(node)) lines.push(`${childrenOf(node).length} states inside`)
  if (holds && isLarge(node) && current !== undefined) lines.push(`now ${current.key}`)
  if (isCurrent) lines.push('now')
  const width = Math.max(60, widest(lines) + pad * 2, (inner?.width ?? 0) + pad * 2)
  const top = lines.length * textHeight + pad
  const height = top + (inner === undefined ? 4 : inner.height + pad)
  const text = lines
    .map((line, index) => textAt(width / 2, pad / 2 + textHeight * (index + 0.8), line))
    .join('')
  const inside = inner === undefined ? '' : moved((width - inner.width) / 2, top, inner.svg)
  const second = node.type === 'final' ? rectangle(3, 3, width - 6, height - 6) : ''
  const svg = `<g class="${kind}">${rectangle(0, 0, width, height)}${second}${text}${inside}</g>`
  return { id: idOf(node), node, width, height, svg }
}

function exitTo(node: StateNode): Box {
  const line = `to ${node.path.join('.')}`
  const width = widest([line]) + pad * 2
  const height = textHeight + pad + 4
  const svg = `<g class="state outside">${rectangle(0, 0, width, height)}${textAt(width / 2, height / 2 + 4, line)}</g>`
  return { id: idOf(node), node, width, height, svg }
}

const ancestors = (node: StateNode): StateNode[] =>
  node.parent === undefined ? [] : [node.parent, ...ancestors(node.parent)]

function arrange(
  boxes: readonly Box[],
  arrows: readonly Arrow[],
  first: StateNode | undefined,
  shared: readonly string[]
): Picture {
  const merged = mergedArrows(arrows)
  const layout = layeredLayout(boxes, merged, first === undefined ? undefined : idOf(first))
  const width = Math.max(layout.width, widest(shared))
  const top = shared.length === 0 ? 0 : shared.length * textHeight + pad
  const drawn = [
    ...shared.map((line, index) => textAt(width / 2, textHeight * (index + 0.8), line, 'note')),
    ...layout.arrows.map(({ points, label }, index) => {
      const lines = merged[index]?.lines ?? []
      return arrowAt(points, top) + labelAt(label.x, label.y + top, lines)
    }),
    ...boxes.map(box => {
      const { x, y } = layout.boxes.get(box.id) ?? { x: 0, y: 0 }
      return moved(x, y + top, box.svg)
    })
  ]
  return { width, height: layout.height + top, svg: drawn.join('') }
}

const mostLines = 4

/** One arrow for all that leads from one state to the same other one. */
function mergedArrows(arrows: readonly Arrow[]): (LayoutArrow & { readonly lines: readonly string[] })[] {
  const byEnds = new Map<string, { from: string; to: string; lines: string[] }>()
  for (const { from, to, label } of arrows) {
    const key = `${idOf(from)} ${idOf(to)}`
    const same = byEnds.get(key) ?? { from: idOf(from), to: idOf(to), lines: [] }
    byEnds.set(key, same)
    same.lines.push(label)
  }
  return [...byEnds.values()].map(({ from, to, lines }) => {
    const more = lines.length - mostLines
    const shown = more > 0 ? [...lines.slice(0, mostLines - 1), `and ${more + 1} more`] : lines
    return { from, to, lines: shown, width: widest(shown), height: shown.length * textHeight }
  })
}

const round = (value: number): number => Math.round(value * 10) / 10
const widest = (lines: readonly string[]): number => Math.max(0, ...lines.map(({ length }) => length * glyph))
const moved = (x: number, y: number, svg: string): string =>
  `<g transform="translate(${round(x)} ${round(y)})">${svg}</g>`
const rectangle = (x: number, y: number, width: number, height: number): string =>
  `<rect x="${x}" y="${y}" width="${round(width)}" height="${round(height)}" rx="6"/>`
const textAt = (x: number, y: number, text: string, kind = ''): string =>
  `<text${kind === '' ? '' : ` class="${kind}"`} x="${round(x)}" y="${round(y)}" text-anchor="middle">${escaped(text)}</text>`

function labelAt(x: number, y: number, lines: readonly string[]): string {
  const width = widest(lines)
  const height = lines.length * textHeight
  const back = `<rect class="behind" x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${height}"/>`
  const texts = lines.map((line, index) =>
    textAt(x, y - height / 2 + textHeight * (index + 0.75), line, 'event')
  )
  return back + texts.join('')
}

function arrowAt(points: readonly { readonly x: number; readonly y: number }[], top: number): string {
  const [first, ...others] = points.map(({ x, y }) => ({ x: round(x), y: round(y + top) }))
  if (first === undefined) return ''
  let at = first
  const curves = others.map(point => {
    const middle = round((at.y + point.y) / 2)
    const curve = `C${at.x} ${middle} ${point.x} ${middle} ${point.x} ${point.y}`
    at = point
    return curve
  })
  return `<path class="arrow" marker-end="url(#tip)" d="M${first.x} ${first.y}${curves.join('')}"/>`
}

function asSvg({ width, height, svg }: Picture, label: string): string {
  const [w, h] = [Math.ceil(width) + 16, Math.ceil(height) + 16]
  const tip =
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>'
  return `<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="${escaped(label)}" width="${w}" height="${h}" viewBox="-8 -8 ${w} ${h}">${tip}${svg}</svg>`
}

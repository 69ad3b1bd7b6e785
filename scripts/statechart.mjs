// An XState machine as Mermaid statecharts. A compound state with many children gets a chart of its own; atomic states that
// behave alike (same events, same targets, nothing to do on entry) are drawn once.
import { initialTransition } from 'xstate'

const manyChildren = 6

/** A chart is `mermaid` text, or a `sentence` where a large state is nothing but a chain. */
export function drawMachine(machine) {
  const { root } = machine
  const large = Object.values(root.states).filter(isLarge)
  return {
    charts: [
      { title: machine.id, mermaid: overview(machine, root) },
      ...large.map(node => ({
        title: `${machine.id}, inside ${node.key}`,
        ...(chain(machine, node) ?? inside(machine, node))
      }))
    ],
    actions: namesOfActions(machine),
    context: contextKeys(machine),
    table: large.length === 0 ? stepTable(machine) : undefined
  }
}

/** What it remembers beside its state; an input answers whatever is asked of it. */
function contextKeys(machine) {
  const input = new Proxy({}, { get: () => 1 })
  const [{ context }] = initialTransition(machine, input)
  return Object.keys(context ?? {})
}

const isLarge = node => Object.keys(node.states).length > manyChildren
const childrenOf = node => Object.values(node.states)
const initialOf = node => node.initial?.target?.[0]
const idOf = node => (node.path.length === 0 ? 'root' : node.path.join('_').replace(/\W/g, '_'))

function overview(machine, root) {
  const lines = ['stateDiagram-v2']
  /** A large compound state stands for everything in it. */
  const shown = node => {
    let at = node
    for (let up = node; up !== undefined; up = up.parent) if (isLarge(up) && up !== root) at = up
    return at
  }
  const draw = (node, indent) => {
    const pad = '  '.repeat(indent)
    const start = initialOf(node)
    if (start !== undefined) lines.push(`${pad}[*] --> ${idOf(start)}`)
    for (const child of childrenOf(node)) {
      if (childrenOf(child).length > 0 && !isLarge(child)) {
        lines.push(`${pad}state "${[child.key, ...onTheWay(child)].join(', ')}" as ${idOf(child)} {`)
        draw(child, indent + 1)
        lines.push(`${pad}}`)
      } else
        describe(lines, pad, child, isLarge(child) ? [`${childrenOf(child).length} states, drawn below`] : [])
    }
  }
  draw(root, 1)
  const arrows = new Arrows()
  const visit = node => {
    if (node !== root) collectArrows(machine, node, shown, arrows)
    for (const child of childrenOf(node)) visit(child)
  }
  visit(root)
  return [...lines, ...arrows.lines()].join('\n')
}

/** `{ sentence }` when each state has one way out, the same events lead along it, and it ends outside. */
function chain(machine, parent) {
  const keys = []
  let events
  for (let node = initialOf(parent); node?.parent === parent; ) {
    const ways = transitionsOf(machine, node)
    const targets = new Set(ways.map(({ target }) => target))
    const labels = ways.map(({ event, rest }) => `${event}${rest}`).join(' or ')
    if (targets.size !== 1 || (events ?? labels) !== labels || keys.includes(node.key)) return undefined
    events = labels
    keys.push(node.key)
    ;[node] = targets
    if (node !== undefined && node.parent !== parent) keys.push(`leads to ${node.key}`)
  }
  const deeds = [...new Set(childrenOf(parent).flatMap(({ entry }) => entry.map(nameOf)))].join(', ')
  return { sentence: `One after the other, each on ${events}, entry / ${deeds}: ${keys.join(' → ')}.` }
}

/**
 * One large state: targets outside of it are drawn as the top-level state they lie in. A step that all of several states
 * have is one arrow from the frame around them.
 */
function inside(machine, parent) {
  const isInside = node => node.parent === parent
  const coarse = node => (isInside(node) ? node : topOf(node))
  const groups = alike(machine, childrenOf(parent), coarse)
  const byState = new Map(groups.flatMap(group => group.map(each => [each, group])))
  const outside = new Set()
  const drawnAs = node => {
    const target = coarse(node)
    if (!isInside(target)) {
      outside.add(target)
      return `to_${idOf(target)}`
    }
    return (byState.get(target) ?? []).length > 1 ? groupId(byState.get(target)[0]) : idOf(target)
  }
  const ways = new Map(
    groups.map(([first]) => [
      first,
      transitionsOf(machine, first)
        .filter(({ target }) => target !== undefined)
        .map(({ event, rest, target }) => ({ event, rest, to: drawnAs(target) }))
    ])
  )
  const singles = groups.filter(group => group.length === 1).map(([only]) => only)
  const shared = sharedBy(singles.map(node => ways.get(node)))
  const isShared = way => shared.some(each => isSameWay(each, way))
  const framed = singles.filter(node => shared.every(way => ways.get(node).some(own => isSameWay(own, way))))
  const isFramed = node => shared.length > 0 && framed.includes(node)
  const arrows = new Arrows()
  for (const { event, rest, to } of shared) arrows.add('each', to, event, rest)
  for (const [first, ...others] of groups)
    for (const way of ways.get(first)) {
      if (isFramed(first) && isShared(way)) continue
      arrows.add(others.length > 0 ? groupId(first) : idOf(first), way.to, way.event, way.rest)
    }
  const lines = ['stateDiagram-v2']
  const start = `[*] --> ${idOf(initialOf(parent))}`
  if (shared.length > 0) {
    lines.push('  state "each of these" as each {')
    if (isFramed(initialOf(parent))) lines.push(`    ${start}`)
    for (const node of framed) describe(lines, '    ', node, [])
    lines.push('  }')
  }
  if (!isFramed(initialOf(parent))) lines.push(`  ${start}`)
  for (const node of singles) if (!isFramed(node)) describe(lines, '  ', node, [])
  for (const [first, ...others] of groups.filter(group => group.length > 1))
    lines.push(
      `  ${groupId(first)} : any of ${others.length + 1} states …${commonEnd([first, ...others])}${quiet(first)}`
    )
  for (const node of outside) lines.push(`  to_${idOf(node)} : leads to ${node.key}`)
  return { mermaid: [...lines, ...arrows.lines()].join('\n') }
}

const isSameWay = (one, other) => one.event === other.event && one.rest === other.rest && one.to === other.to

/** Ways that most of the states have, at least three of them: they become one arrow from a frame around those. */
function sharedBy(lists) {
  const all = lists.flat()
  const count = way => all.filter(other => isSameWay(way, other)).length
  const most = Math.max(3, lists.length * 0.6)
  const frequent = all.filter(way => count(way) >= most)
  return frequent.filter((way, index) => frequent.findIndex(other => isSameWay(way, other)) === index)
}

/** That nothing is done on entry has to be said where others of the same chart do something. */
const quiet = node => (node.entry.some(isOwn) ? '' : ', which wait')

const groupId = node => `like_${idOf(node)}`
const topOf = node => (node.parent?.parent === undefined ? node : topOf(node.parent))

/** Partition refinement: two states stay together while no event tells them apart. */
function alike(machine, nodes, coarse) {
  let group = new Map(nodes.map(node => [node, [...node.entry, ...node.exit].some(isOwn) ? node.key : '']))
  for (let size = 0; ; ) {
    const signature = node =>
      JSON.stringify([
        group.get(node),
        transitionsOf(machine, node).map(({ event, rest, target }) => {
          const label = `${event}${rest}`
          if (target === undefined) return [label, null]
          const at = coarse(target)
          return [label, group.get(at) ?? at.key]
        })
      ])
    const names = new Map(nodes.map(node => [node, signature(node)]))
    const ids = [...new Set(names.values())]
    group = new Map(nodes.map(node => [node, String(ids.indexOf(names.get(node)))]))
    if (ids.length === size) break
    size = ids.length
  }
  const groups = new Map()
  for (const node of nodes) groups.set(group.get(node), [...(groups.get(group.get(node)) ?? []), node])
  return [...groups.values()]
}

function commonEnd(nodes) {
  const [first, ...others] = nodes.map(({ key }) => key)
  let length = first.length
  for (const other of others) while (!other.endsWith(first.slice(first.length - length))) length--
  return first.slice(first.length - length)
}

/** Name, what happens on entry and exit, and the events that change no state. */
function describe(lines, pad, node, notes) {
  const id = idOf(node)
  const said = [...notes, ...onTheWay(node), ...staying(node)]
  lines.push(`${pad}${id} : ${node.key}`)
  for (const line of said) lines.push(`${pad}${id} : ${line}`)
  if (node.type === 'final') lines.push(`${pad}${id} --> [*]`)
}

const onTheWay = node => [
  ...(node.entry.some(isOwn) ? [`entry / ${actionList(node.entry)}`] : []),
  ...(node.exit.some(isOwn) ? [`exit / ${actionList(node.exit)}`] : [])
]

/** What is done without leaving; events that do nothing, or are illegal, are in the table below the chart. */
function staying(node) {
  const byDeed = new Map()
  for (const { event, transition } of allTransitions(node)) {
    const { target, actions, reenter, guard } = transition
    if ((target !== undefined && !isSelf(node, target)) || reenter) continue
    const deed = actionList(actions)
    if (deed === '' || deed === illegal) continue
    const key = `${guard === undefined ? '' : ` [${nameOf(guard)}]`} / ${deed}`
    byDeed.set(key, [...(byDeed.get(key) ?? []), eventLabel(node.machine, event)])
  }
  return [...byDeed].map(([deed, events]) => `on ${events.join(', ')}${deed}`)
}

const illegal = 'illegal'

/** Those of `on` and `after`, then those that are taken at once. */
function allTransitions(node) {
  const named = [...node.transitions].flatMap(([event, list]) =>
    list.map(transition => ({ event, transition }))
  )
  return [...named, ...(node.always ?? []).map(transition => ({ event: 'at once', transition }))]
}

/** Every event in every state: what happens, `·` for nothing, `✗` for what must not come. */
function stepTable(machine) {
  const nodes = leavesOf(machine.root)
  const events = [...new Set(nodes.flatMap(node => upwards(node).flatMap(ownEvents)))]
  if (events.length === 0 || nodes.length === 0) return undefined
  const states = nodes.map(node => `**${node.path.join('.')}**`)
  const named = events.map(event => `**${eventLabel(machine, event)}**`)
  // The longer list goes down the page.
  if (events.length > nodes.length)
    return tableOf(
      named,
      states,
      events.map(event => nodes.map(node => cell(node, event)))
    )
  return tableOf(
    states,
    named,
    nodes.map(node => events.map(event => cell(node, event)))
  )
}

function tableOf(rowNames, columnNames, cells) {
  const rows = rowNames.map((name, index) => `| ${name} | ${cells[index].join(' | ')} |`)
  return [
    `| | ${columnNames.join(' | ')} |`,
    `|---|${columnNames.map(() => '---').join('|')}|`,
    ...rows
  ].join('\n')
}

const ownEvents = node => allTransitions(node).map(({ event }) => event)
const leavesOf = node => (childrenOf(node).length === 0 ? [node] : childrenOf(node).flatMap(leavesOf))
const upwards = node => (node.parent === undefined ? [node] : [node, ...upwards(node.parent)])

function cell(node, event) {
  if (node.type === 'final') return ''
  const owner = upwards(node).find(each => ownEvents(each).includes(event))
  if (owner === undefined) return ''
  const found = allTransitions(owner).filter(each => each.event === event)
  return found.map(({ transition }) => cellText(owner, transition)).join('<br>')
}

function cellText(node, { target, actions, guard, reenter }) {
  const condition = guard === undefined ? '' : `[${nameOf(guard)}] `
  const deeds = actionList(actions)
  const stays = target === undefined || (isSelf(node, target) && !reenter)
  if (stays && deeds === '') return `${condition}·`
  if (stays && deeds === illegal) return `${condition}✗`
  const where = stays ? '' : `→ ${target[0].path.join('.')}`
  return `${condition}${[where, ...(deeds === '' ? [] : [`/ ${deeds}`])].filter(Boolean).join(' ')}`
}

const isSelf = (node, target) => target.length === 1 && target[0] === node

function collectArrows(machine, node, shown, arrows) {
  for (const { event, rest, target } of transitionsOf(machine, node)) {
    if (target === undefined) continue
    const [from, to] = [shown(node), shown(target)]
    if (from !== to || from === node) arrows.add(idOf(from), idOf(to), event, rest)
  }
}

/** Transitions that lead to another state; `target` is undefined for those that stay. `rest`: guard and actions. */
function transitionsOf(machine, node) {
  return allTransitions(node).map(({ event, transition: { target, actions, guard, reenter } }) => {
    const stays = target === undefined || (isSelf(node, target) && !reenter)
    const condition = guard === undefined ? '' : ` [${nameOf(guard)}]`
    const deeds = actionList(actions)
    return {
      event: eventLabel(machine, event),
      rest: `${condition}${deeds === '' ? '' : ` / ${deeds}`}`,
      target: stays ? undefined : target[0]
    }
  })
}

function eventLabel(machine, event) {
  const after = /^xstate\.after\.([^.]+)\./.exec(event)
  if (after === null) return event
  const delay = machine.implementations.delays[after[1]]
  return typeof delay === 'number' ? `after ${after[1]} (${delay} ms)` : `after ${after[1]}`
}

const nameOf = spec => (typeof spec === 'string' ? spec : (spec.type ?? 'a condition'))
const isOwn = spec => !nameOf(spec).startsWith('xstate.') || isAssign(spec)
const isAssign = spec => nameOf(spec) === 'xstate.assign'
const actionList = specs => specs.filter(isOwn).map(actionLabel).join(', ')

function actionLabel(spec) {
  if (isAssign(spec)) {
    const { assignment } = spec
    return `sets ${typeof assignment === 'object' ? Object.keys(assignment).join(' and ') : 'its context'}`
  }
  const params = typeof spec === 'object' ? spec.params : undefined
  if (typeof params === 'function') return `${nameOf(spec)}(…)`
  if (typeof params !== 'object' || params === null) return nameOf(spec)
  return `${nameOf(spec)}(${Object.values(params).join(', ')})`
}

/** What the driver has to carry out: an action that only sets the context is the machine's own. */
function namesOfActions(machine) {
  const names = new Set()
  const visit = node => {
    const transitions = allTransitions(node).flatMap(({ transition }) => transition.actions)
    for (const spec of [...node.entry, ...node.exit, ...transitions])
      if (isOwn(spec) && !isAssign(spec)) names.add(nameOf(spec))
    for (const child of childrenOf(node)) visit(child)
  }
  visit(machine.root)
  const { actions = {} } = machine.implementations
  return [...names].filter(name => actions[name]?.type !== 'xstate.assign').sort()
}

/** Labels between the same two states share one arrow; events that do the same share one line of it. */
class Arrows {
  #labels = new Map()

  add(from, to, event, rest) {
    const key = `  ${from} --> ${to}`
    const byRest = this.#labels.get(key) ?? new Map()
    this.#labels.set(key, byRest.set(rest, (byRest.get(rest) ?? new Set()).add(event)))
  }

  lines() {
    return [...this.#labels].map(([arrow, byRest]) => {
      const lines = [...byRest].map(([rest, events]) => broken(`${[...events].join(', ')}${rest}`))
      return `${arrow} : ${lines.join('<br/>')}`
    })
  }
}

const labelChars = 40

/** A long label goes on in the next line, after a comma or before its actions. */
function broken(label) {
  const lines = ['']
  for (const word of label.split(/(?<=,) |(?= \/ )/)) {
    const last = lines.length - 1
    const joined = lines[last] === '' || word.startsWith(' ') ? lines[last] + word : `${lines[last]} ${word}`
    if (joined.length <= labelChars || lines[last] === '') lines[last] = joined
    else lines.push(word.trimStart())
  }
  return lines.join('<br/>')
}

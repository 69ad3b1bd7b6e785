// An XState machine as Mermaid statecharts. A compound state with many children gets a chart of its own; atomic states that
// behave alike (same events, same targets, nothing to do on entry) are drawn once.

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
    actions: namesOfActions(root)
  }
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
        lines.push(`${pad}state "${child.key}" as ${idOf(child)} {`)
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
    const labels = ways.map(({ label }) => label).join(' or ')
    if (targets.size !== 1 || (events ?? labels) !== labels || keys.includes(node.key)) return undefined
    events = labels
    keys.push(node.key)
    ;[node] = targets
    if (node !== undefined && node.parent !== parent) keys.push(`leads to ${node.key}`)
  }
  const deeds = [...new Set(childrenOf(parent).flatMap(({ entry }) => entry.map(nameOf)))].join(', ')
  return { sentence: `One after the other, each on ${events}, entry / ${deeds}: ${keys.join(' → ')}.` }
}

/** One large state: targets outside of it are drawn as the top-level state they lie in. */
function inside(machine, parent) {
  const children = childrenOf(parent)
  const isInside = node => node.parent === parent
  const coarse = node => (isInside(node) ? node : topOf(node))
  const groups = alike(machine, children, coarse)
  const lines = ['stateDiagram-v2', `  [*] --> ${idOf(initialOf(parent))}`]
  for (const [first, ...others] of groups) {
    if (others.length === 0) describe(lines, '  ', first, [])
    else
      lines.push(`  ${groupId(first)} : any of ${others.length + 1} states …${commonEnd([first, ...others])}`)
  }
  const byState = new Map(groups.flatMap(group => group.map(each => [each, group])))
  const outside = new Set()
  const arrows = new Arrows()
  for (const [first, ...others] of groups) {
    const draw = node => {
      const target = coarse(node)
      if (!isInside(target)) {
        outside.add(target)
        return { id: `to_${idOf(target)}` }
      }
      const group = byState.get(target) ?? [target]
      return { id: group.length > 1 ? groupId(group[0]) : idOf(target) }
    }
    const from = others.length > 0 ? groupId(first) : idOf(first)
    for (const { label, target } of transitionsOf(machine, first))
      if (target !== undefined) arrows.add(from, draw(target).id, label)
  }
  for (const node of outside) lines.push(`  to_${idOf(node)} : leads to ${node.key}`)
  return { mermaid: [...lines, ...arrows.lines()].join('\n') }
}

const groupId = node => `like_${idOf(node)}`
const topOf = node => (node.parent?.parent === undefined ? node : topOf(node.parent))

/** Partition refinement: two states stay together while no event tells them apart. */
function alike(machine, nodes, coarse) {
  let group = new Map(
    nodes.map(node => [node, node.entry.length > 0 || node.exit.length > 0 ? node.key : ''])
  )
  for (let size = 0; ; ) {
    const signature = node =>
      JSON.stringify([
        group.get(node),
        transitionsOf(machine, node).map(({ label, target }) => {
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
  const said = [
    ...notes,
    ...(node.entry.some(isOwn) ? [`entry / ${actionList(node.entry)}`] : []),
    ...(node.exit.some(isOwn) ? [`exit / ${actionList(node.exit)}`] : []),
    ...staying(node)
  ]
  lines.push(`${pad}${id} : ${node.key}`)
  for (const line of said) lines.push(`${pad}${id} : ${line}`)
  if (node.type === 'final') lines.push(`${pad}${id} --> [*]`)
}

function staying(node) {
  const byDeed = new Map()
  for (const [event, transitions] of node.transitions) {
    for (const { target, actions, reenter } of transitions) {
      if ((target !== undefined && !isSelf(node, target)) || reenter) continue
      const deed = actions.length > 0 ? actionList(actions) : ''
      byDeed.set(deed, [...(byDeed.get(deed) ?? []), event])
    }
  }
  return [...byDeed].map(([deed, events]) =>
    deed === '' ? `no change on ${events.join(', ')}` : `on ${events.join(', ')} / ${deed}`
  )
}

const isSelf = (node, target) => target.length === 1 && target[0] === node

function collectArrows(machine, node, shown, arrows) {
  for (const { label, target } of transitionsOf(machine, node)) {
    if (target === undefined) continue
    const [from, to] = [shown(node), shown(target)]
    if (from !== to || from === node) arrows.add(idOf(from), idOf(to), label)
  }
}

/** Transitions that lead to another state; `target` is undefined for those that stay. */
function transitionsOf(machine, node) {
  const found = []
  for (const [event, transitions] of node.transitions) {
    for (const { target, actions, guard, reenter } of transitions) {
      const stays = target === undefined || (isSelf(node, target) && !reenter)
      const condition = guard === undefined ? '' : ` [${nameOf(guard)}]`
      const deed = actions.length === 0 ? '' : ` / ${actionList(actions)}`
      found.push({
        label: `${eventLabel(machine, event)}${condition}${deed}`,
        target: stays ? undefined : target[0]
      })
    }
  }
  return found
}

function eventLabel(machine, event) {
  const after = /^xstate\.after\.([^.]+)\./.exec(event)
  if (after === null) return event
  const delay = machine.implementations.delays[after[1]]
  return typeof delay === 'number' ? `after ${after[1]} (${delay} ms)` : `after ${after[1]}`
}

const nameOf = spec => (typeof spec === 'string' ? spec : spec.type)
const isOwn = spec => !nameOf(spec).startsWith('xstate.')
const actionList = specs => specs.filter(isOwn).map(actionLabel).join(', ')

function actionLabel(spec) {
  const params = typeof spec === 'object' ? spec.params : undefined
  if (typeof params !== 'object' || params === null) return nameOf(spec)
  return `${nameOf(spec)}(${Object.values(params).join(', ')})`
}

function namesOfActions(root) {
  const names = new Set()
  const visit = node => {
    const transitions = [...node.transitions.values()].flat().flatMap(({ actions }) => actions)
    for (const spec of [...node.entry, ...node.exit, ...transitions]) if (isOwn(spec)) names.add(nameOf(spec))
    for (const child of childrenOf(node)) visit(child)
  }
  visit(root)
  return [...names].sort()
}

/** Labels between the same two states share one arrow. */
class Arrows {
  #labels = new Map()

  add(from, to, label) {
    const key = `  ${from} --> ${to}`
    this.#labels.set(key, (this.#labels.get(key) ?? new Set()).add(label))
  }

  lines() {
    return [...this.#labels].map(([arrow, labels]) => `${arrow} : ${[...labels].join(', ')}`)
  }
}

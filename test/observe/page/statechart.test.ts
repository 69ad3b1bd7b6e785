// Goal: every machine that runs can be drawn, and the drawing is one that can be read. Method: all machines in all their states;
// the layout of small graphs by its numbers.
import { describe, expect, it } from 'vitest'
import type { AnyStateMachine } from 'xstate'
import { layeredLayout } from '../../../src/observe/page/layered-layout.js'
import { chartsOf, waysFrom } from '../../../src/observe/page/statechart.js'
import { machines } from '../../../src/verify/machines.js'

const boxes = (...ids: string[]) => ids.map(id => ({ id, width: 60, height: 20 }))
const arrow = (from: string, to: string) => ({ from, to, width: 40, height: 16 })

describe('a layout', () => {
  it('puts what follows below, and lets an arrow back count for nothing', () => {
    const { boxes: places } = layeredLayout(
      boxes('a', 'b', 'c'),
      [arrow('a', 'b'), arrow('b', 'c'), arrow('c', 'a')],
      'a'
    )
    const [a, b, c] = ['a', 'b', 'c'].map(id => places.get(id)?.y ?? Number.NaN)
    expect([a, b, c].every(Number.isFinite)).toBe(true)
    expect((a ?? 0) < (b ?? 0) && (b ?? 0) < (c ?? 0)).toBe(true)
  })

  it('lets no box and no text lie on another', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const arrows = ids.flatMap((from, i) =>
      ids.filter((_, j) => (i * 3 + j * 5) % 4 === 1 && i !== j).map(to => arrow(from, to))
    )
    const layout = layeredLayout(boxes(...ids), arrows, 'a')
    const areas = [
      ...[...layout.boxes.values()].map(({ x, y }) => ({ x, y, width: 60, height: 20 })),
      ...layout.arrows.map(({ label }) => ({ x: label.x - 20, y: label.y - 8, width: 40, height: 16 }))
    ]
    const overlaps = areas.flatMap((one, i) =>
      areas
        .slice(i + 1)
        .filter(
          other =>
            one.x + one.width > other.x + 0.01 &&
            other.x + other.width > one.x + 0.01 &&
            one.y + one.height > other.y + 0.01 &&
            other.y + other.height > one.y + 0.01
        )
    )
    expect(overlaps).toEqual([])
    for (const { x, width } of areas) expect(x >= -0.01 && x + width <= layout.width + 0.01).toBe(true)
  })
})

type StateNode = AnyStateMachine['root']
const within = (node: StateNode): StateNode[] => [node, ...Object.values(node.states).flatMap(within)]

describe('a statechart', () => {
  const all = [...machines.values()]

  it.each(all.map(machine => [machine.id, machine] as const))(
    'of %s lights the current state in each of them',
    (_, machine) => {
      const leaves = within(machine.root).filter(node => Object.keys(node.states).length === 0)
      for (const node of leaves) {
        const state = node.path.join('.')
        const charts = chartsOf(machine, state)
        const text = charts.map(({ svg }) => svg).join('')
        expect(text.match(/class="state holds current/g), state).toHaveLength(1)
        expect(text).not.toMatch(/NaN|undefined|Infinity/)
        expect(charts[0]?.svg).toContain(`now ${state}`)
      }
    }
  )

  it('draws what lies around the current state of a large one', () => {
    const broker = machines.get('broker')
    const titles = broker === undefined ? [] : chartsOf(broker, 'starting.logs').map(({ title }) => title)
    expect(titles).toEqual(['broker', 'broker, inside starting, around logs'])
  })

  it('draws a machine of which no state is known', () => {
    const handler = machines.get('handler')
    const text = handler === undefined ? '' : chartsOf(handler, 'elsewhere')[0]?.svg
    expect(text).toContain('handling')
    expect(text).not.toContain('class="state holds')
  })

  it('says what may happen in a state, and for what it waits', () => {
    const acceptor = machines.get('acceptor')
    if (acceptor === undefined) throw new Error('there is an acceptor')
    const ways = waysFrom(acceptor, 'blocked.waitingForRoom')
    expect(ways).toContainEqual({ event: 'passedOn', to: 'listening' })
    expect(ways).toContainEqual({ event: 'close', to: 'closed' })
  })
})

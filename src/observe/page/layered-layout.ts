// Boxes and arrows from top to bottom, in layers: where each box goes, and along which points each arrow. A label is a box of
// its own between two layers, so that no text lies on another. Deterministic: the same graph is the same picture.

export interface LayoutBox {
  readonly id: string
  /** px */
  readonly width: number
  readonly height: number
}

export interface LayoutArrow {
  readonly from: string
  readonly to: string
  /** px; of the text on it. */
  readonly width: number
  readonly height: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface PlacedArrow {
  /** From the edge of one box to the edge of the other. */
  readonly points: readonly Point[]
  /** Centre of the text. */
  readonly label: Point
}

export interface Layout {
  readonly width: number
  readonly height: number
  /** Upper left corners, by the box's id. */
  readonly boxes: ReadonlyMap<string, Point>
  /** In the order of the arrows. */
  readonly arrows: readonly PlacedArrow[]
}

/** What lies in a layer: a box, or the place where an arrow crosses the layer. */
interface Item {
  readonly width: number
  readonly height: number
  readonly layer: number
  readonly up: Item[]
  readonly down: Item[]
  /** Centre. */
  x: number
}

const gapX = 22
const gapY = 12
const crossing = 8
const sweeps = 10

/** Arrows from a box to itself are not drawn. `first`: the box on top. */
export function layeredLayout(
  boxes: readonly LayoutBox[],
  arrows: readonly LayoutArrow[],
  first: string | undefined
): Layout {
  const layerOf = layersOf(
    boxes.map(({ id }) => id),
    arrows,
    first
  )
  const items = new Map(boxes.map(box => [box.id, itemOf(box, layerOf.get(box.id) ?? 0)]))
  const all = [...items.values()]
  const ways = arrows.map(arrow => {
    const [from, to] = [items.get(arrow.from), items.get(arrow.to)]
    if (from === undefined || to === undefined || from.layer === to.layer) return []
    const way = wayOf(from, to, arrow)
    all.push(...way.slice(1, -1))
    return way
  })
  const layers = inLayers(all)
  order(layers)
  const width = spread(layers)
  const tops = topsOf(layers)
  const centreY = (item: Item): number => (tops[item.layer] ?? 0) + heightOf(layers[item.layer] ?? []) / 2
  const places = new Map<string, Point>()
  for (const [id, item] of items)
    places.set(id, { x: item.x - item.width / 2, y: centreY(item) - item.height / 2 })
  const ports = portsOf(ways)
  return {
    width,
    height: tops.at(-1) ?? 0,
    boxes: places,
    arrows: ways.map((way, index) => placed(way, ports[index] ?? [0, 0], centreY))
  }
}

const itemOf = ({ width, height }: { width: number; height: number }, layer: number): Item => ({
  width,
  height,
  layer,
  up: [],
  down: [],
  x: 0
})

/** Even layers for boxes; those between are for labels. The longest way from the top counts; arrows back up do not. */
function layersOf(
  ids: readonly string[],
  arrows: readonly LayoutArrow[],
  first: string | undefined
): Map<string, number> {
  const out = new Map<string, string[]>(ids.map(id => [id, []]))
  for (const { from, to } of arrows) if (from !== to && out.has(to)) out.get(from)?.push(to)
  const open = new Set<string>()
  const done: string[] = []
  const forward = new Map<string, string[]>(ids.map(id => [id, []]))
  const visit = (id: string): void => {
    open.add(id)
    for (const to of out.get(id) ?? []) {
      if (open.has(to)) continue
      forward.get(id)?.push(to)
      if (!done.includes(to)) visit(to)
    }
    open.delete(id)
    done.push(id)
  }
  for (const id of [...(first === undefined ? [] : [first]), ...ids]) if (!done.includes(id)) visit(id)
  const layers = new Map<string, number>(ids.map(id => [id, 0]))
  for (const id of done.reverse())
    for (const to of forward.get(id) ?? [])
      layers.set(to, Math.max(layers.get(to) ?? 0, (layers.get(id) ?? 0) + 2))
  const last = Math.max(0, ...layers.values())
  const touched = new Set(arrows.flatMap(({ from, to }) => [from, to]))
  for (const id of ids) if (id !== first && !touched.has(id)) layers.set(id, last)
  return layers
}

/** From one box to the other, an item for each layer between; the text next to where it begins. */
function wayOf(from: Item, to: Item, label: { width: number; height: number }): Item[] {
  const step = to.layer > from.layer ? 1 : -1
  const way = [from]
  for (let layer = from.layer + step; layer !== to.layer; layer += step) {
    const isLabel = layer === from.layer + step
    way.push(itemOf(isLabel ? label : { width: crossing, height: crossing }, layer))
  }
  way.push(to)
  way.forEach((item, index) => {
    const next = way[index + 1]
    if (next === undefined) return
    const [upper, lower] = step === 1 ? [item, next] : [next, item]
    upper.down.push(lower)
    lower.up.push(upper)
  })
  return way
}

function inLayers(items: readonly Item[]): Item[][] {
  const layers: Item[][] = Array.from(
    { length: Math.max(0, ...items.map(({ layer }) => layer)) + 1 },
    () => []
  )
  for (const item of items) layers[item.layer]?.push(item)
  return layers
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Items near what they are connected with: each layer sorted by the mean place of its neighbours, down and up again. */
function order(layers: Item[][]): void {
  const place = new Map<Item, number>()
  const number = (layer: readonly Item[]): void => {
    for (const [index, item] of layer.entries()) place.set(item, index)
  }
  for (const layer of layers) number(layer)
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const downwards = sweep % 2 === 0
    for (const layer of downwards ? layers : layers.toReversed()) {
      const wish = new Map(
        layer.map(item => {
          const near = (downwards ? item.up : item.down).map(each => place.get(each) ?? 0)
          return [item, near.length === 0 ? (place.get(item) ?? 0) : mean(near)]
        })
      )
      layer.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0))
      number(layer)
    }
  }
}

const apart = (left: Item, right: Item): number => (left.width + right.width) / 2 + gapX

/** Gives every item its x: as near to its neighbours as the order allows. Returns the whole width. */
function spread(layers: readonly Item[][]): number {
  for (const layer of layers) settle(layer, new Array<number>(layer.length).fill(0))
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const downwards = sweep % 2 === 0
    for (const layer of downwards ? layers : layers.toReversed())
      settle(
        layer,
        layer.map(item => {
          const near = (downwards ? item.up : item.down).map(({ x }) => x)
          return near.length === 0 ? item.x : mean(near)
        })
      )
  }
  const all = layers.flat()
  const left = Math.min(0, ...all.map(({ x, width }) => x - width / 2))
  for (const item of all) item.x -= left
  return Math.max(0, ...all.map(({ x, width }) => x + width / 2))
}

/** The mean of pushing to the right and pushing to the left: each keeps the distances, and so does the mean. */
function settle(layer: readonly Item[], wishes: readonly number[]): void {
  const right: number[] = []
  layer.forEach((item, index) => {
    const before = layer[index - 1]
    const least = before === undefined ? -Infinity : (right[index - 1] ?? 0) + apart(before, item)
    right.push(Math.max(wishes[index] ?? 0, least))
  })
  let above = Infinity
  for (let index = layer.length - 1; index >= 0; index--) {
    const [item, after] = [layer[index], layer[index + 1]]
    if (item === undefined) continue
    const most = after === undefined ? Infinity : above - apart(item, after)
    above = Math.min(wishes[index] ?? 0, most)
    item.x = ((right[index] ?? 0) + above) / 2
  }
}

const heightOf = (layer: readonly Item[]): number => Math.max(crossing, ...layer.map(({ height }) => height))

/** Upper edge of each layer, and at the end the height of all. */
function topsOf(layers: readonly Item[][]): number[] {
  const tops = [0]
  for (const layer of layers) tops.push((tops.at(-1) ?? 0) + heightOf(layer) + gapY)
  tops.push((tops.pop() ?? 0) - gapY)
  return tops
}

/** Where on a box's edge each arrow begins and ends, as an offset from its centre: side by side, in the order of the ways. */
function portsOf(ways: readonly (readonly Item[])[]): [number, number][] {
  const ports = ways.map((): [number, number] => [0, 0])
  const ends = new Map<Item, { above: End[]; below: End[] }>()
  ways.forEach((way, index) => {
    if (way.length < 2) return
    for (const end of [0, 1] as const) {
      const [box, next] = end === 0 ? [way[0], way[1]] : [way.at(-1), way.at(-2)]
      if (box === undefined || next === undefined) continue
      const both = ends.get(box) ?? { above: [], below: [] }
      ends.set(box, both)
      both[next.layer < box.layer ? 'above' : 'below'].push({ index, end, x: next.x })
    }
  })
  for (const [box, { above, below }] of ends)
    for (const side of [above, below]) {
      const step = Math.min(24, (box.width * 0.8) / side.length)
      side
        .sort((a, b) => a.x - b.x)
        .forEach(({ index, end }, place) => {
          const way = ports[index]
          if (way !== undefined) way[end] = (place - (side.length - 1) / 2) * step
        })
    }
  return ports
}

interface End {
  readonly index: number
  readonly end: 0 | 1
  readonly x: number
}

function placed(
  way: readonly Item[],
  [start, end]: readonly [number, number],
  centreY: (item: Item) => number
): PlacedArrow {
  const [from, to, label] = [way[0], way.at(-1), way[1]]
  if (from === undefined || to === undefined || label === undefined)
    return { points: [], label: { x: 0, y: 0 } }
  const down = to.layer > from.layer ? 1 : -1
  const points = [
    { x: from.x + start, y: centreY(from) + (down * from.height) / 2 },
    ...way.slice(1, -1).map(item => ({ x: item.x, y: centreY(item) })),
    { x: to.x + end, y: centreY(to) - (down * to.height) / 2 }
  ]
  return { points, label: { x: label.x, y: centreY(label) } }
}

// Sizes and places of what is drawn, in the drawing's own units. Pure: the text's width is asked of a function.
import { type Edge, type Place, type Table, nameText } from '../model'

export const HEADER = 38
export const ROW = 24
export const FOOT = 8
export const MIN_WIDTH = 190
export const MAX_WIDTH = 420

export interface Size {
  width: number
  height: number
}
export interface Card extends Place, Size {
  id: string
  table: Table
  /** An enum or a structured type is a card like a table, without keys. */
  kind: 'table' | 'enum' | 'type'
}
export interface Box {
  x: number
  y: number
  width: number
  height: number
}
export interface Camera {
  x: number
  y: number
  scale: number
}

export type Measure = (text: string, font: 'title' | 'name' | 'type') => number

const sizes = new WeakMap<Table, Size>()
export function sizeOf(table: Table, measure: Measure): Size {
  const known = sizes.get(table)
  if (known) return known
  let width = measure(nameText(table.name), 'title') + 64
  for (const column of table.columns)
    width = Math.max(width, 40 + measure(column.name, 'name') + 28 + measure(column._type, 'type') + (column.nullable ? 34 : 0) + 14)
  const size = {
    width: Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width))),
    height: HEADER + table.columns.length * ROW + FOOT,
  }
  sizes.set(table, size)
  return size
}

export const rowOffset = (row: number): number => (row < 0 ? HEADER / 2 : HEADER + (row + 0.5) * ROW)

export const intersects = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

export function boundsOf(boxes: Iterable<Box>): Box | undefined {
  let low = { x: Infinity, y: Infinity }
  let high = { x: -Infinity, y: -Infinity }
  for (const box of boxes) {
    low = { x: Math.min(low.x, box.x), y: Math.min(low.y, box.y) }
    high = { x: Math.max(high.x, box.x + box.width), y: Math.max(high.y, box.y + box.height) }
  }
  return low.x === Infinity ? undefined : { ...low, width: high.x - low.x, height: high.y - low.y }
}

export const grown = (box: Box, by: number): Box => ({ x: box.x - by, y: box.y - by, width: box.width + 2 * by, height: box.height + 2 * by })

export const MIN_SCALE = 0.02
export const MAX_SCALE = 3

/** The camera that shows a box in a view of this size, not larger than life. */
export function fitting(box: Box, view: Size, padding = 60, most = 1): Camera {
  const scale = Math.max(
    MIN_SCALE,
    Math.min(most, (view.width - 2 * padding) / Math.max(1, box.width), (view.height - 2 * padding) / Math.max(1, box.height)),
  )
  return {
    scale,
    x: view.width / 2 - (box.x + box.width / 2) * scale,
    y: view.height / 2 - (box.y + box.height / 2) * scale,
  }
}

export function zoomed(camera: Camera, at: Place, factor: number): Camera {
  const scale = Math.max(MIN_SCALE, Math.min(MAX_SCALE, camera.scale * factor))
  const by = scale / camera.scale
  return { scale, x: at.x - (at.x - camera.x) * by, y: at.y - (at.y - camera.y) * by }
}

export const toWorld = (camera: Camera, at: Place): Place => ({ x: (at.x - camera.x) / camera.scale, y: (at.y - camera.y) / camera.scale })
export const visibleBox = (camera: Camera, view: Size): Box => ({
  ...toWorld(camera, { x: 0, y: 0 }),
  width: view.width / camera.scale,
  height: view.height / camera.scale,
})

export interface Line {
  edge: Edge
  points: Place[]
  box: Box
  /** Of the way out of each end: -1 to the left, 1 to the right. */
  childSide: number
  parentSide: number
}

const STUB = 34

/** A line with right angles between two cards that a person has moved: out of the nearer sides, with one step between. */
export function directLine(edge: Edge, child: Card, parent: Card): Line {
  const from = child.y + rowOffset(edge.childColumn)
  const to = parent.y + rowOffset(edge.parentColumn)
  const points: Place[] = []
  let childSide = 1
  let parentSide = 1
  if (child.id === parent.id) {
    const right = child.x + child.width
    points.push({ x: right, y: from }, { x: right + STUB + 10, y: from }, { x: right + STUB + 10, y: to }, { x: right, y: to })
  } else if (child.x >= parent.x + parent.width + STUB) {
    childSide = -1
    const middle = (child.x + parent.x + parent.width) / 2
    points.push({ x: child.x, y: from }, { x: middle, y: from }, { x: middle, y: to }, { x: parent.x + parent.width, y: to })
  } else if (parent.x >= child.x + child.width + STUB) {
    parentSide = -1
    const middle = (child.x + child.width + parent.x) / 2
    points.push({ x: child.x + child.width, y: from }, { x: middle, y: from }, { x: middle, y: to }, { x: parent.x, y: to })
  } else {
    // One above the other: around the side that is the shorter way.
    const right = Math.max(child.x + child.width, parent.x + parent.width) + STUB
    const left = Math.min(child.x, parent.x) - STUB
    const toRight = 2 * right - child.x - child.width - parent.x - parent.width
    const toLeft = child.x + parent.x - 2 * left
    childSide = parentSide = toRight <= toLeft ? 1 : -1
    const x = childSide > 0 ? right : left
    points.push(
      { x: childSide > 0 ? child.x + child.width : child.x, y: from },
      { x, y: from },
      { x, y: to },
      { x: parentSide > 0 ? parent.x + parent.width : parent.x, y: to },
    )
  }
  return { edge, points, box: grown(boundsOf(points.map((point) => ({ ...point, width: 0, height: 0 })))!, 14), childSide, parentSide }
}

/** A route that the layout has found, which passes behind nothing. */
export function routedLine(edge: Edge, route: [number, number][], child: Card): Line {
  const points = route.map(([x, y]) => ({ x, y }))
  const first = points[0]!
  const last = points.at(-1)!
  const before = points.at(-2) ?? first
  return {
    edge,
    points,
    box: grown(boundsOf(points.map((point) => ({ ...point, width: 0, height: 0 })))!, 14),
    childSide: first.x <= child.x + 0.5 ? -1 : 1,
    parentSide: before.x >= last.x ? 1 : -1,
  }
}

/** The nearest card in a direction, for the arrow keys. */
export function neighbour(cards: Card[], from: Card, dx: number, dy: number): Card | undefined {
  const center = (card: Card) => ({ x: card.x + card.width / 2, y: card.y + card.height / 2 })
  const start = center(from)
  let best: Card | undefined
  let least = Infinity
  for (const card of cards) {
    if (card.id === from.id) continue
    const at = center(card)
    const along = (at.x - start.x) * dx + (at.y - start.y) * dy
    const across = Math.abs((at.x - start.x) * dy) + Math.abs((at.y - start.y) * dx)
    if (along <= 4) continue
    const cost = along + 2.2 * across
    if (cost < least) {
      least = cost
      best = card
    }
  }
  return best
}

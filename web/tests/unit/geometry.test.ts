import { expect, test } from 'vitest'
import { directLine, fitting, neighbour, rowOffset, toWorld, zoomed, type Card } from '../../src/canvas/geometry'
import { edgesOf } from '../../src/model'
import { scoreOf } from '../../src/panels/score'
import { document } from './support'

const { tables } = document()
const card = (id: string, x: number, y: number): Card => ({ id, table: tables[id]!, kind: 'table', x, y, width: 200, height: 120 })
const edge = edgesOf(Object.values(tables))[0]!

test('a point under the pointer stays there when the view grows', () => {
  const camera = { x: 40, y: -20, scale: 0.7 }
  const at = { x: 300, y: 200 }
  const was = toWorld(camera, at)
  const now = toWorld(zoomed(camera, at, 1.6), at)
  expect(now.x).toBeCloseTo(was.x)
  expect(now.y).toBeCloseTo(was.y)
})

test('what is shown as a whole lies in the view', () => {
  const camera = fitting({ x: -500, y: 100, width: 4000, height: 900 }, { width: 1000, height: 700 })
  expect(-500 * camera.scale + camera.x).toBeGreaterThanOrEqual(59)
  expect(3500 * camera.scale + camera.x).toBeLessThanOrEqual(941)
})

test.each([
  ['to the right', 0, 600],
  ['to the left', 600, 0],
  ['below one another', 0, 30],
])('a line %s begins and ends at its rows, with right angles', (_, childX, parentX) => {
  const child = card('t:posts', childX, 0)
  const parent = card('t:users', parentX, 400)
  const { points } = directLine(edge, child, parent)
  expect(points[0]!.y).toBe(rowOffset(1))
  expect(points.at(-1)!.y).toBe(400 + rowOffset(0))
  for (let i = 1; i < points.length; ++i) expect(points[i]!.x === points[i - 1]!.x || points[i]!.y === points[i - 1]!.y).toBe(true)
})

test('an arrow key finds the nearest card that way', () => {
  const all = [card('t:posts', 0, 0), card('t:users', 300, 20), card('t:app.tags', 900, 0)]
  expect(neighbour(all, all[0]!, 1, 0)?.id).toBe('t:users')
  expect(neighbour(all, all[2]!, -1, 0)?.id).toBe('t:users')
  expect(neighbour(all, all[0]!, -1, 0)).toBeUndefined()
})

test('a search puts what begins so first, and knows letters apart', () => {
  const score = (text: string) => scoreOf(text, 'ord') ?? Infinity
  expect(score('orders')).toBeLessThan(score('open_orders'))
  expect(score('open_orders')).toBeLessThan(score('our_records_d'))
  expect(scoreOf('users', 'ord')).toBeUndefined()
})

// What lies under a point of the drawing.
import { type Place } from '../model'
import { type Box, type Card, HEADER, type Line, ROW } from './geometry'
import { type Scene } from './scene'

const holds = (box: Box, at: Place, margin = 0): boolean =>
  at.x >= box.x - margin && at.x <= box.x + box.width + margin && at.y >= box.y && at.y <= box.y + box.height

export interface Hit {
  card?: Card
  /** -1: its head. */
  row: number
  /** On one of the two dots from which a key is drawn. */
  handle: boolean
  note?: string
  line?: Line
  area?: string
}

export function hit(scene: Scene, at: Place, scale: number): Hit {
  for (let i = scene.notes.length - 1; i >= 0; --i) {
    const note = scene.notes[i]!
    if (holds(note.box, at)) return { row: -1, handle: false, note: note.id }
  }
  const margin = 7
  for (let i = scene.cards.length - 1; i >= 0; --i) {
    const card = scene.cards[i]!
    if (!holds(card, at, margin)) continue
    const row = Math.floor((at.y - card.y - HEADER) / ROW)
    const inRow = row >= 0 && row < card.table.columns.length
    const near = Math.min(Math.abs(at.x - card.x), Math.abs(at.x - card.x - card.width)) <= margin + 2
    if (!holds(card, at) && !(inRow && near && card.kind === 'table')) continue
    return { card, row: inRow ? row : -1, handle: inRow && near && card.kind === 'table' }
  }
  const line = scene.lines.find((each) => holds(each.box, at) && onLine(each, at, 6 / scale))
  if (line) return { row: -1, handle: false, line }
  const area = scene.areas.find((each) => holds({ ...each.box, height: 30 }, at))
  return area ? { row: -1, handle: false, area: area.id } : { row: -1, handle: false }
}

function onLine(line: Line, at: Place, within: number): boolean {
  for (let i = 1; i < line.points.length; ++i) {
    const a = line.points[i - 1]!
    const b = line.points[i]!
    const length = (b.x - a.x) ** 2 + (b.y - a.y) ** 2
    const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((at.x - a.x) * (b.x - a.x) + (at.y - a.y) * (b.y - a.y)) / length))
    if (Math.hypot(at.x - a.x - t * (b.x - a.x), at.y - a.y - t * (b.y - a.y)) <= within) return true
  }
  return false
}

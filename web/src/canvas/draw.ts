// Draws a scene: only what the view meets, and only as much of it as can be read at this size.
import { type Column, marksOf, nameText, type Place, type Table } from '../model'
import { type Mark } from '../status'
import { type Camera, type Card, FOOT, HEADER, intersects, type Line, ROW, type Size, visibleBox } from './geometry'
import { type Scene } from './scene'
import { type Theme } from './theme'

export const SANS = 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif'
export const MONO = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace'
export const FONTS = { title: `600 13.5px ${SANS}`, name: `13px ${SANS}`, type: `11.5px ${MONO}` }

export interface Look {
  selected: Set<string>
  hovered?: { card?: string; row?: number; line?: string }
  /** Those that a search or a selection leaves in full colour; the rest steps back. */
  lit?: Set<string>
  drag?: { from: Place; to: Place; target?: { card: string; row: number } }
  marquee?: { x: number; y: number; width: number; height: number }
  selectedColumn?: { table: string; column: string }
  /** Where no column can refuse to be without a value, NULL says nothing. */
  withoutNulls?: boolean
}

/** Below these scales, rows are bars, and cards are blocks. */
export const TEXT_SCALE = 0.42
export const ROWS_SCALE = 0.2

type Context = CanvasRenderingContext2D

export function draw(ctx: Context, scene: Scene, camera: Camera, view: Size, ratio: number, theme: Theme, look: Look): void {
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0)
  ctx.fillStyle = theme.background
  ctx.fillRect(0, 0, view.width, view.height)
  drawDots(ctx, camera, view, theme)
  ctx.setTransform(ratio * camera.scale, 0, 0, ratio * camera.scale, ratio * camera.x, ratio * camera.y)
  const visible = visibleBox(camera, view)
  for (const area of scene.areas) if (intersects(area.box, visible)) drawArea(ctx, area, camera.scale, theme)
  const chosen: Line[] = []
  drawLines(ctx, scene, camera.scale, visible, theme, look, chosen)
  for (const line of chosen) drawLine(ctx, line, camera.scale, theme.lineSelected, 2, theme)
  const cards = scene.cards.filter((card) => intersects(card, visible))
  if (camera.scale < ROWS_SCALE) drawBlocks(ctx, cards, scene, camera.scale, theme, look)
  else for (const card of cards) drawCard(ctx, card, scene, camera.scale, theme, look)
  // A selected card's glow must not hide how many rows its lines lead to.
  if (camera.scale >= TEXT_SCALE * 0.8) for (const line of chosen) drawEnds(ctx, line, theme)
  for (const note of scene.notes) if (intersects(note.box, visible)) drawNote(ctx, note.text, note.box, look.selected.has(note.id), theme)
  if (look.drag) drawDrag(ctx, look.drag, camera.scale, theme)
  if (look.marquee) {
    ctx.fillStyle = theme.accentSoft
    ctx.strokeStyle = theme.accent
    ctx.lineWidth = 1 / camera.scale
    ctx.fillRect(look.marquee.x, look.marquee.y, look.marquee.width, look.marquee.height)
    ctx.strokeRect(look.marquee.x, look.marquee.y, look.marquee.width, look.marquee.height)
  }
}

function drawDots(ctx: Context, camera: Camera, view: Size, theme: Theme): void {
  let step = 24 * camera.scale
  while (step < 16) step *= 4
  ctx.fillStyle = theme.dots
  const size = step > 30 ? 1.6 : 1.2
  for (let x = ((camera.x % step) + step) % step; x < view.width; x += step)
    for (let y = ((camera.y % step) + step) % step; y < view.height; y += step) ctx.fillRect(x - size / 2, y - size / 2, size, size)
}

function drawArea(ctx: Context, area: Scene['areas'][number], scale: number, theme: Theme): void {
  const color = theme.areas[area.color % theme.areas.length]!
  ctx.beginPath()
  ctx.roundRect(area.box.x, area.box.y, area.box.width, area.box.height, 18)
  ctx.globalAlpha = 0.1
  ctx.fillStyle = color
  ctx.fill()
  ctx.globalAlpha = 0.55
  ctx.strokeStyle = color
  ctx.lineWidth = Math.max(1.5, 1 / scale)
  if (area.served) ctx.setLineDash([7, 6])
  ctx.stroke()
  ctx.setLineDash([])
  ctx.globalAlpha = 1
  ctx.fillStyle = color
  const size = Math.min(60, Math.max(14, 13 / scale))
  ctx.font = `600 ${size}px ${SANS}`
  ctx.textBaseline = 'top'
  ctx.textAlign = 'left'
  if (scale > TEXT_SCALE) ctx.fillText(area.title, area.box.x + 18, area.box.y + 12)
  else {
    ctx.textBaseline = 'bottom'
    ctx.fillText(area.title, area.box.x + 4, area.box.y - 4)
  }
}

function drawLines(ctx: Context, scene: Scene, scale: number, visible: ReturnType<typeof visibleBox>, theme: Theme, look: Look, chosen: Line[]): void {
  const far = scale < ROWS_SCALE
  ctx.strokeStyle = theme.line
  ctx.lineWidth = far ? 0.7 / scale : 1.4
  ctx.lineJoin = 'round'
  ctx.globalAlpha = look.lit ? 0.25 : far ? 0.45 : 1
  ctx.beginPath()
  for (const line of scene.lines) {
    if (!intersects(line.box, visible)) continue
    if (isChosen(line, look)) {
      chosen.push(line)
      continue
    }
    if (far) addStraight(ctx, line)
    else addPath(ctx, line, scale)
  }
  ctx.stroke()
  if (scale >= TEXT_SCALE * 0.8) {
    ctx.beginPath()
    for (const line of scene.lines) if (!isChosen(line, look) && intersects(line.box, visible)) addEnds(ctx, line, theme, theme.line)
    ctx.stroke()
  }
  ctx.globalAlpha = 1
}

const isChosen = (line: Line, look: Look): boolean =>
  look.selected.has(line.edge.key) ||
  look.selected.has(line.edge.child) ||
  look.selected.has(line.edge.parent) ||
  look.hovered?.line === line.edge.key ||
  (look.hovered?.card !== undefined && (look.hovered.card === line.edge.child || look.hovered.card === line.edge.parent))

function addStraight(ctx: Context, line: Line): void {
  line.points.forEach((point, i) => (i ? ctx.lineTo(point.x, point.y) : ctx.moveTo(point.x, point.y)))
}

/** With round corners. */
function addPath(ctx: Context, line: Line, scale: number): void {
  const { points } = line
  ctx.moveTo(points[0]!.x, points[0]!.y)
  const radius = scale < TEXT_SCALE ? 4 : 8
  for (let i = 1; i < points.length - 1; ++i) {
    const at = points[i]!
    const next = points[i + 1]!
    const before = points[i - 1]!
    const room = Math.min(Math.abs(at.x - before.x) + Math.abs(at.y - before.y), Math.abs(next.x - at.x) + Math.abs(next.y - at.y)) / 2
    ctx.arcTo(at.x, at.y, next.x, next.y, Math.max(0, Math.min(radius, room)))
  }
  ctx.lineTo(points.at(-1)!.x, points.at(-1)!.y)
}

function drawLine(ctx: Context, line: Line, scale: number, color: string, width: number, theme: Theme): void {
  ctx.strokeStyle = color
  ctx.lineWidth = Math.max(width, 1.2 / scale)
  ctx.beginPath()
  if (scale < ROWS_SCALE) addStraight(ctx, line)
  else addPath(ctx, line, scale)
  ctx.stroke()
  if (scale < TEXT_SCALE * 0.8) return
  ctx.beginPath()
  addEnds(ctx, line, theme, color)
  ctx.stroke()
}

function drawEnds(ctx: Context, line: Line, theme: Theme): void {
  ctx.strokeStyle = theme.lineSelected
  ctx.lineWidth = 2
  ctx.beginPath()
  addEnds(ctx, line, theme, theme.lineSelected)
  ctx.stroke()
}

/** Crow's foot at the child when many rows may refer, a bar when one may; bar or circle at the parent. */
function addEnds(ctx: Context, line: Line, theme: Theme, color: string): void {
  const child = line.points[0]!
  const parent = line.points.at(-1)!
  const out = line.childSide
  if (line.edge.many) {
    ctx.moveTo(child.x + out * 12, child.y)
    ctx.lineTo(child.x, child.y - 6)
    ctx.moveTo(child.x + out * 12, child.y)
    ctx.lineTo(child.x, child.y + 6)
  } else {
    ctx.moveTo(child.x + out * 8, child.y - 5)
    ctx.lineTo(child.x + out * 8, child.y + 5)
  }
  const up = line.parentSide
  ctx.moveTo(parent.x + up * 8, parent.y - 5)
  ctx.lineTo(parent.x + up * 8, parent.y + 5)
  if (line.edge.optional) {
    ctx.moveTo(parent.x + up * 19, parent.y)
    ctx.arc(parent.x + up * 15, parent.y, 4, 0, 2 * Math.PI)
    ctx.save()
    ctx.fillStyle = theme.background
    const circle = new Path2D()
    circle.arc(parent.x + up * 15, parent.y, 3.4, 0, 2 * Math.PI)
    ctx.fill(circle)
    ctx.restore()
  } else {
    ctx.moveTo(parent.x + up * 12, parent.y - 5)
    ctx.lineTo(parent.x + up * 12, parent.y + 5)
  }
  ctx.strokeStyle = color
}

const markColor = (mark: Mark | undefined, theme: Theme): string | undefined =>
  mark === undefined ? undefined : mark === 'added' ? theme.added : mark === 'removed' ? theme.removed : theme.altered

/** Cards far away: one shape each, and a name as long as it can be read. */
function drawBlocks(ctx: Context, cards: Card[], scene: Scene, scale: number, theme: Theme, look: Look): void {
  ctx.lineWidth = 1 / scale
  ctx.fillStyle = theme.card
  ctx.strokeStyle = theme.cardEdge
  ctx.beginPath()
  for (const card of cards) ctx.rect(card.x, card.y, card.width, card.height)
  ctx.globalAlpha = look.lit ? 0.4 : 1
  ctx.fill()
  ctx.stroke()
  ctx.globalAlpha = 1
  const groups = new Map<string, Card[]>()
  for (const card of cards) {
    const selected = look.selected.has(card.id)
    const color = selected ? theme.accent : (markColor(scene.marked.tables.get(card.id), theme) ?? (look.lit && !look.lit.has(card.id) ? theme.header : theme.faint))
    const list = groups.get(color)
    if (list) list.push(card)
    else groups.set(color, [card])
  }
  for (const [color, list] of groups) {
    ctx.fillStyle = color
    const stripe = Math.max(HEADER * 0.6, 2.5 / scale)
    ctx.beginPath()
    for (const card of list) ctx.rect(card.x, card.y, card.width, Math.min(stripe, card.height))
    ctx.fill()
  }
  if (scale < 0.055) return
  const size = 10.5 / scale
  ctx.font = `600 ${size}px ${SANS}`
  ctx.textBaseline = 'middle'
  ctx.textAlign = 'center'
  ctx.fillStyle = theme.ink
  for (const card of cards) {
    if (card.width * scale < 34 || card.height * scale < 14) continue
    ctx.globalAlpha = look.lit && !look.lit.has(card.id) ? 0.35 : 1
    ctx.fillText(fitted(card.table.name.name, (card.width * scale - 6) / 6.1), card.x + card.width / 2, card.y + card.height / 2)
  }
  ctx.globalAlpha = 1
}

const cuts = new Map<string, string>()
function fitted(text: string, letters: number): string {
  const most = Math.max(1, Math.floor(letters))
  if (text.length <= most) return text
  const key = `${most} ${text}`
  let cut = cuts.get(key)
  if (cut === undefined) {
    if (cuts.size > 20000) cuts.clear()
    cut = text.slice(0, Math.max(1, most - 1)) + '…'
    cuts.set(key, cut)
  }
  return cut
}

function drawCard(ctx: Context, card: Card, scene: Scene, scale: number, theme: Theme, look: Look): void {
  const selected = look.selected.has(card.id)
  const mark = scene.marked.tables.get(card.id)
  const color = markColor(mark, theme)
  ctx.globalAlpha = mark === 'removed' ? 0.55 : look.lit && !look.lit.has(card.id) ? 0.3 : 1
  if (scale > 0.3) {
    ctx.fillStyle = theme.shadow
    ctx.beginPath()
    ctx.roundRect(card.x + 1, card.y + 4, card.width - 2, card.height, 12)
    ctx.fill()
  }
  ctx.beginPath()
  ctx.roundRect(card.x, card.y, card.width, card.height, 10)
  ctx.fillStyle = theme.card
  ctx.fill()
  ctx.save()
  ctx.clip()
  ctx.fillStyle = theme.header
  ctx.fillRect(card.x, card.y, card.width, HEADER)
  ctx.fillStyle = color ?? (card.kind === 'table' ? theme.faint : theme.areas[3]!)
  ctx.fillRect(card.x, card.y, card.width, 4)
  ctx.restore()
  ctx.beginPath()
  ctx.roundRect(card.x, card.y, card.width, card.height, 10)
  ctx.strokeStyle = selected ? theme.accent : (color ?? theme.cardEdge)
  ctx.lineWidth = selected ? Math.max(2.2, 1.6 / scale) : 1.2
  if (mark === 'removed') ctx.setLineDash([7, 5])
  ctx.stroke()
  ctx.setLineDash([])
  if (selected) {
    ctx.strokeStyle = theme.accentSoft
    ctx.lineWidth = 6
    ctx.beginPath()
    ctx.roundRect(card.x - 4, card.y - 4, card.width + 8, card.height + 8, 13)
    ctx.stroke()
  }
  drawTitle(ctx, card, color, theme)
  if (scale < TEXT_SCALE) drawBars(ctx, card, scene, theme)
  else card.table.columns.forEach((column, row) => drawRow(ctx, card, column, row, scene, theme, look))
  ctx.globalAlpha = 1
}

function drawTitle(ctx: Context, card: Card, color: string | undefined, theme: Theme): void {
  ctx.textBaseline = 'middle'
  ctx.textAlign = 'left'
  ctx.font = FONTS.title
  const y = card.y + HEADER / 2 + 2.5
  let x = card.x + 14
  const { schema } = card.table.name
  const room = card.width - 58
  if (schema) {
    ctx.fillStyle = theme.soft
    const prefix = clipped(ctx, `${schema}.`, room * 0.5)
    ctx.fillText(prefix, x, y)
    x += ctx.measureText(prefix).width
  }
  ctx.fillStyle = theme.ink
  ctx.fillText(clipped(ctx, card.table.name.name, card.x + 14 + room - x), x, y)
  ctx.font = FONTS.type
  ctx.textAlign = 'right'
  ctx.fillStyle = color ?? theme.soft
  ctx.fillText(card.kind === 'table' ? String(card.table.columns.length) : card.kind, card.x + card.width - 14, y)
}

const clips = new Map<string, string>()
function clipped(ctx: Context, text: string, width: number): string {
  const key = `${ctx.font} ${Math.floor(width)} ${text}`
  let known = clips.get(key)
  if (known !== undefined) return known
  known = text
  if (ctx.measureText(text).width > width) {
    let end = text.length
    while (end > 1 && ctx.measureText(text.slice(0, end) + '…').width > width) --end
    known = text.slice(0, end) + '…'
  }
  if (clips.size > 20000) clips.clear()
  clips.set(key, known)
  return known
}

function drawBars(ctx: Context, card: Card, scene: Scene, theme: Theme): void {
  const marks = scene.marked.columns.get(card.id)
  ctx.fillStyle = theme.cardEdge
  ctx.beginPath()
  card.table.columns.forEach((column, row) => {
    const y = card.y + HEADER + row * ROW + 8
    ctx.rect(card.x + 34, y, Math.min(card.width * 0.5, column.name.length * 6.6), 8)
    ctx.rect(card.x + card.width - 16 - Math.min(card.width * 0.3, column._type.length * 5), y, Math.min(card.width * 0.3, column._type.length * 5), 8)
  })
  ctx.fill()
  card.table.columns.forEach((column, row) => {
    const key = keysOf(card.table, column)
    const mark = marks?.get(column._id)
    if (!key && !mark) return
    ctx.fillStyle = markColor(mark, theme) ?? (key === 'foreign' ? theme.accent : theme.gold)
    ctx.fillRect(card.x + 14, card.y + HEADER + row * ROW + 7, 10, 10)
  })
}

const keyCache = new WeakMap<Table, Map<string, string>>()
function keysOf(table: Table, column: Column): string {
  let known = keyCache.get(table)
  if (!known) {
    known = new Map()
    for (const each of table.columns) {
      const marks = marksOf(table, each.name)
      const key = marks.partition ? 'partition' : marks.clustering ? 'clustering' : marks.primary ? 'primary' : marks.foreign ? 'foreign' : marks.unique ? 'unique' : ''
      known.set(each._id, marks.primary && marks.foreign ? 'both' : key)
    }
    keyCache.set(table, known)
  }
  return known.get(column._id) ?? ''
}

const KEY_ICON = new Path2D('M5 8.2a3.1 3.1 0 1 1 2.9-4.2H15v2.6h-1.5v2h-2.2v-2H7.9A3.1 3.1 0 0 1 5 8.2Zm0-2a1.1 1.1 0 1 0 0-2.2 1.1 1.1 0 0 0 0 2.2Z')
const LINK_ICON = new Path2D('M6.3 9.7 9.7 6.3M7 4.6l1.3-1.3a2.7 2.7 0 0 1 3.9 3.9L10.9 8.5M9 11.4l-1.3 1.3a2.7 2.7 0 0 1-3.9-3.9L5.1 7.5')

function drawRow(ctx: Context, card: Card, column: Column, row: number, scene: Scene, theme: Theme, look: Look): void {
  const top = card.y + HEADER + row * ROW
  const middle = top + ROW / 2 + 0.5
  const hovered = look.hovered?.card === card.id && look.hovered.row === row
  const chosen = look.selectedColumn?.table === card.id && look.selectedColumn.column === column._id
  const target = look.drag?.target?.card === card.id && look.drag.target.row === row
  const mark = scene.marked.columns.get(card.id)?.get(column._id)
  if (hovered || chosen || target) {
    ctx.fillStyle = target || chosen ? theme.accentSoft : theme.header
    ctx.fillRect(card.x + 1, top, card.width - 2, ROW)
  }
  if (mark) {
    ctx.fillStyle = markColor(mark, theme)!
    ctx.fillRect(card.x, top + 3, 3, ROW - 6)
  }
  const key = mark === 'removed' ? '' : keysOf(card.table, column)
  ctx.textBaseline = 'middle'
  if (key === 'foreign' || key === 'both') icon(ctx, LINK_ICON, card.x + (key === 'both' ? 19 : 13), middle - (key === 'both' ? 6.5 : 8), theme.accent, false, key === 'both' ? 0.8 : 1)
  if (key === 'primary' || key === 'both') icon(ctx, KEY_ICON, key === 'both' ? card.x + 4 : card.x + 12, middle - 6.5, theme.gold, true)
  if (key === 'partition' || key === 'clustering' || key === 'unique') {
    ctx.font = `700 10.5px ${MONO}`
    ctx.textAlign = 'center'
    ctx.fillStyle = key === 'unique' ? theme.soft : theme.gold
    ctx.fillText(key === 'partition' ? 'K' : key === 'clustering' ? 'C' : 'U', card.x + 21, middle)
  }
  ctx.textAlign = 'right'
  ctx.font = FONTS.type
  ctx.fillStyle = theme.soft
  let right = card.x + card.width - 14
  const type = clipped(ctx, column._type, card.width * 0.5)
  ctx.fillText(type, right, middle)
  right -= ctx.measureText(type).width
  if (column.nullable && !look.withoutNulls) {
    ctx.font = `600 9px ${SANS}`
    ctx.fillStyle = theme.soft
    ctx.fillText('NULL', right - 7, middle)
    right -= 34
  }
  ctx.textAlign = 'left'
  ctx.font = key === 'primary' || key === 'both' || key === 'partition' || key === 'clustering' ? `600 13px ${SANS}` : FONTS.name
  ctx.fillStyle = mark === 'removed' ? theme.removed : theme.ink
  const name = clipped(ctx, column.name, right - card.x - 40)
  ctx.fillText(name, card.x + 34, middle)
  if (mark === 'removed') ctx.fillRect(card.x + 34, middle - 0.5, ctx.measureText(name).width, 1.2)
  if (hovered && !look.drag && card.kind === 'table' && mark !== 'removed') {
    ctx.fillStyle = theme.accent
    for (const x of [card.x, card.x + card.width]) {
      ctx.beginPath()
      ctx.arc(x, middle, 5, 0, 2 * Math.PI)
      ctx.fill()
    }
  }
}

function icon(ctx: Context, path: Path2D, x: number, y: number, color: string, filled: boolean, size = 1): void {
  ctx.save()
  ctx.translate(x, y)
  ctx.scale(size, size)
  if (filled) {
    ctx.fillStyle = color
    ctx.fill(path, 'evenodd')
  } else {
    ctx.strokeStyle = color
    ctx.lineWidth = 1.6
    ctx.lineCap = 'round'
    ctx.stroke(path)
  }
  ctx.restore()
}

function drawNote(ctx: Context, text: string, box: { x: number; y: number; width: number; height: number }, selected: boolean, theme: Theme): void {
  ctx.fillStyle = theme.shadow
  ctx.fillRect(box.x + 2, box.y + 4, box.width - 2, box.height)
  ctx.fillStyle = theme.note
  ctx.fillRect(box.x, box.y, box.width, box.height)
  if (selected) {
    ctx.strokeStyle = theme.accent
    ctx.lineWidth = 2
    ctx.strokeRect(box.x, box.y, box.width, box.height)
  }
  ctx.fillStyle = theme.noteInk
  ctx.font = `13px ${SANS}`
  ctx.textBaseline = 'top'
  ctx.textAlign = 'left'
  let y = box.y + 12
  for (const line of wrapped(ctx, text, box.width - 24)) {
    if (y + 18 > box.y + box.height) break
    ctx.fillText(line, box.x + 12, y)
    y += 18
  }
}

function wrapped(ctx: Context, text: string, width: number): string[] {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (const word of paragraph.split(' ')) {
      const longer = line ? `${line} ${word}` : word
      if (line && ctx.measureText(longer).width > width) {
        lines.push(line)
        line = word
      } else line = longer
    }
    lines.push(line)
  }
  return lines
}

function drawDrag(ctx: Context, drag: NonNullable<Look['drag']>, scale: number, theme: Theme): void {
  ctx.strokeStyle = theme.accent
  ctx.lineWidth = 2 / Math.min(1, scale)
  ctx.setLineDash([6, 5])
  ctx.beginPath()
  const bend = Math.max(40, Math.abs(drag.to.x - drag.from.x) / 2)
  const side = drag.to.x >= drag.from.x ? 1 : -1
  ctx.moveTo(drag.from.x, drag.from.y)
  ctx.bezierCurveTo(drag.from.x + side * bend, drag.from.y, drag.to.x - side * bend, drag.to.y, drag.to.x, drag.to.y)
  ctx.stroke()
  ctx.setLineDash([])
  ctx.fillStyle = theme.accent
  ctx.beginPath()
  ctx.arc(drag.to.x, drag.to.y, 5 / Math.min(1, scale), 0, 2 * Math.PI)
  ctx.fill()
}

export const measurer = (): ((text: string, font: 'title' | 'name' | 'type') => number) => {
  const ctx = document.createElement('canvas').getContext('2d')!
  const known = new Map<string, number>()
  return (text, font) => {
    const key = font + text
    let width = known.get(key)
    if (width === undefined) {
      ctx.font = FONTS[font]
      width = ctx.measureText(text).width
      known.set(key, width)
    }
    return width
  }
}

export const describeCard = (table: Table): string => {
  const keys = table.primary_key?.parts.map((part) => part.column).join(', ')
  return `${nameText(table.name)}, ${table.columns.length} columns${keys ? `, key ${keys}` : ''}`
}
export const cardHeight = (columns: number): number => HEADER + columns * ROW + FOOT

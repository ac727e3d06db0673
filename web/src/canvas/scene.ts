// What there is to draw now: cards with their places, lines between them, areas around them. Made anew when the document changes, which is
// cheap; drawing alone happens for each frame.
import { type Column, type Doc, type Edge, type EnumType, type Place, type Table, type UserType, edgesOf, nameText } from '../model'
import { queryGroups } from '../queries'
import { type Marked } from '../status'
import { type Box, type Card, type Line, type Measure, boundsOf, directLine, grown, routedLine, sizeOf } from './geometry'

export interface AutoLayout {
  places: Map<string, Place>
  /** By edge, good as long as both its cards lie where the layout put them. */
  routes: Map<string, { points: [number, number][]; child: Place; parent: Place; childSize: string; parentSize: string }>
}
export const noLayout = (): AutoLayout => ({ places: new Map(), routes: new Map() })

export interface SceneArea {
  id: string
  title: string
  color: number
  box: Box
  /** Made of what the tables serve, not by a person. */
  served: boolean
  tables: string[]
}
export interface Scene {
  cards: Card[]
  byId: Map<string, Card>
  lines: Line[]
  linesOf: Map<string, Line[]>
  areas: SceneArea[]
  notes: { id: string; text: string; box: Box }[]
  marked: Marked
}

const AREA_MARGIN = 26
const AREA_TITLE = 22

export const sizeKey = (table: Table): string => `${table.columns.length}:${table.columns.map((column) => column.name).join()}`

/** Everything that has a card; types in the form of tables, the same one as long as they are the same. */
export function tablesOf(doc: Doc, marked: Marked, filter?: (table: Table) => boolean): Table[] {
  const tables = [...Object.values(doc.tables).map((table) => withGone(table, marked)), ...marked.removed, ...Object.values(doc.types).map(asTable), ...Object.values(doc.enums).map(asTable)]
  return filter ? tables.filter(filter) : tables
}

/** A table with the columns that it has lost; the same one as long as both are the same. */
const haunted = new WeakMap<Table, { gone: Column[]; table: Table }>()
function withGone(table: Table, marked: Marked): Table {
  const gone = marked.goneColumns.get(table._id)
  if (!gone) return table
  const known = haunted.get(table)
  if (known?.gone === gone) return known.table
  const made = { ...table, columns: [...table.columns, ...gone] }
  haunted.set(table, { gone, table: made })
  return made
}

const forms = new WeakMap<EnumType | UserType, Table>()
function asTable(type: EnumType | UserType): Table {
  let table = forms.get(type)
  if (!table) {
    const rows = 'values' in type ? (type as EnumType).values.map((name) => ({ name, _type: '' })) : (type as UserType).fields
    table = { _id: type._id, name: type.name, columns: rows.map((row, i) => ({ _id: `${type._id}/${i}`, _type: row._type, name: row.name, type: { kind: 'native' } })) }
    forms.set(type, table)
  }
  return table
}
const kindOf = (doc: Doc, id: string): Card['kind'] => (doc.enums[id] ? 'enum' : doc.types[id] ? 'type' : 'table')

const near = (a: Place, b: Place) => Math.abs(a.x - b.x) < 0.5 && Math.abs(a.y - b.y) < 0.5

export function sceneOf(doc: Doc, layout: AutoLayout, marked: Marked, measure: Measure, moving?: Map<string, Place>, filter?: (table: Table) => boolean): Scene {
  const cards: Card[] = []
  const byId = new Map<string, Card>()
  const tables = tablesOf(doc, marked, filter)
  for (const table of tables) {
    const at = moving?.get(table._id) ?? doc.places[table._id] ?? layout.places.get(table._id) ?? { x: 0, y: 0 }
    const card: Card = { id: table._id, table, kind: kindOf(doc, table._id), x: at.x, y: at.y, ...sizeOf(table, measure) }
    cards.push(card)
    byId.set(card.id, card)
  }
  const lines: Line[] = []
  const linesOf = new Map<string, Line[]>()
  const keep = (id: string, line: Line) => {
    const list = linesOf.get(id)
    if (list) list.push(line)
    else linesOf.set(id, [line])
  }
  for (const edge of edgesOf(tables)) {
    const line = lineOf(edge, byId.get(edge.child)!, byId.get(edge.parent)!, layout)
    lines.push(line)
    keep(edge.child, line)
    if (edge.parent !== edge.child) keep(edge.parent, line)
  }
  return { cards, byId, lines, linesOf, areas: [...servedAreas(doc, tables, byId), ...areasOf(doc, byId)], notes: notesOf(doc, moving), marked }
}

function lineOf(edge: Edge, child: Card, parent: Card, layout: AutoLayout): Line {
  const route = layout.routes.get(edge.key)
  const good =
    route && near(route.child, child) && near(route.parent, parent) && route.childSize === sizeKey(child.table) && route.parentSize === sizeKey(parent.table)
  return good && route.points.length > 1 ? routedLine(edge, route.points, child) : directLine(edge, child, parent)
}

function areaAround(tables: string[], byId: Map<string, Card>): Box | undefined {
  const inner = boundsOf(tables.map((table) => byId.get(table)).filter((card) => card !== undefined))
  if (!inner) return undefined
  const box = grown(inner, AREA_MARGIN)
  return { ...box, y: box.y - AREA_TITLE, height: box.height + AREA_TITLE }
}

function areasOf(doc: Doc, byId: Map<string, Card>): SceneArea[] {
  return Object.entries(doc.areas).flatMap(([id, area]) => {
    const box = areaAround(area.tables, byId)
    return box ? [{ id, title: area.title, color: area.color, box, served: false, tables: area.tables }] : []
  })
}

/** A colour that stays a key's own when others come and go. */
const colorOf = (title: string): number => [...title].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 6007, 7) % 6

function servedAreas(doc: Doc, tables: Table[], byId: Map<string, Card>): SceneArea[] {
  return queryGroups(doc, tables).flatMap((group) => {
    const box = areaAround(group.tables, byId)
    return box ? [{ id: group.id, title: group.title, color: colorOf(group.title), box, served: true, tables: group.tables }] : []
  })
}

const notesOf = (doc: Doc, moving?: Map<string, Place>) =>
  Object.entries(doc.notes).map(([id, note]) => ({ id, text: note.text, box: { ...note, ...moving?.get(id) } }))

export const labelOf = (card: Card): string => nameText(card.table.name)

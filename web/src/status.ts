// What of a schema is new, gone or altered against another one, for the colours of cards and rows.
import { type Column, type Doc, type EnumType, type Table, type UserType, nameText, same } from './model'

export type Mark = 'added' | 'altered' | 'removed'
export interface Marked {
  tables: Map<string, Mark>
  /** By table, then column. */
  columns: Map<string, Map<string, Mark>>
  /** Tables of `base` that are gone, to be drawn as ghosts. */
  removed: Table[]
  /** By table: its columns of `base` that are gone, to be drawn as ghosts within the card. */
  goneColumns: Map<string, Column[]>
  count: number
}

export const nothingMarked = (): Marked => ({ tables: new Map(), columns: new Map(), removed: [], goneColumns: new Map(), count: 0 })

/** Parts of one document know what they were; those of two documents are matched by their names. */
export function marked(doc: Doc, base: Doc): Marked {
  const result = nothingMarked()
  const before = new Map(Object.values(base.tables).map((table) => [nameText(table.name), table]))
  const met = new Set<string>()
  for (const table of Object.values(doc.tables)) {
    const key = table._was ?? nameText(table.name)
    const was = before.get(key)
    if (was) met.add(key)
    if (was === table) continue
    if (!was) {
      result.tables.set(table._id, 'added')
      continue
    }
    if (same(table, was)) continue
    result.tables.set(table._id, 'altered')
    const marks = columnMarks(table.columns, was.columns)
    const kept = new Set(table.columns.map((column) => column._was ?? column.name))
    const gone = was.columns.filter((column) => !kept.has(column.name)).map((column) => ({ ...column, _id: `gone:${column._id}` }))
    for (const column of gone) marks.set(column._id, 'removed')
    if (gone.length) result.goneColumns.set(table._id, gone)
    result.columns.set(table._id, marks)
  }
  for (const collection of ['enums', 'types'] as const) markTypes(result, doc[collection], base[collection])
  for (const [key, table] of before) if (!met.has(key)) result.removed.push(table)
  for (const table of result.removed) result.tables.set(table._id, 'removed')
  result.count = result.tables.size
  return result
}

/** Cards of types: their rows are known by their places, which never change. */
function markTypes(result: Marked, now: Record<string, EnumType | UserType>, base: Record<string, EnumType | UserType>): void {
  const before = new Map(Object.values(base).map((type) => [nameText(type.name), type]))
  for (const type of Object.values(now)) {
    const was = before.get(type._was ?? nameText(type.name))
    if (was === type || (was && same(type, was))) continue
    result.tables.set(type._id, was ? 'altered' : 'added')
    if (!was) continue
    const rows = (of: EnumType | UserType) => ('values' in of ? (of as EnumType).values : (of as UserType).fields)
    const marks = rows(type).flatMap((row, i): [string, Mark][] => {
      const old = rows(was)[i]
      return old === undefined ? [[`${type._id}/${i}`, 'added']] : same(row, old) ? [] : [[`${type._id}/${i}`, 'altered']]
    })
    result.columns.set(type._id, new Map(marks))
  }
}

function columnMarks(columns: Column[], before: Column[]): Map<string, Mark> {
  const marks = new Map<string, Mark>()
  const old = new Map(before.map((column) => [column.name, column]))
  for (const column of columns) {
    const was = old.get(column._was ?? column.name)
    if (!was) marks.set(column._id, 'added')
    else if (!same(column, was)) marks.set(column._id, 'altered')
  }
  return marks
}

// What a table of a database without joins answers: it is read by its whole partition key, then by its clustering columns from the left. Tables
// with one partition key serve one access, so they are shown together. Pure.
import { alter } from './edits'
import { type Command } from './log'
import { type Doc, nameText, type Table } from './model'

/** What begins with it is a group that the page has made, and no area of a person. */
export const GROUP = 'by:'

export interface QueryGroup {
  id: string
  title: string
  tables: string[]
}

/** What tables with the same partition key have in common; empty for others. */
export const accessOf = (table: Table): string => (table.partition_key?.length ? `by ${table.partition_key.join(', ')}` : '')

/** By partition key, without the tables that a person has put into an area. */
export function queryGroups(doc: Doc, tables: Table[]): QueryGroup[] {
  if (!tables.some((table) => table.partition_key?.length)) return []
  const placed = new Set(Object.values(doc.areas).flatMap((area) => area.tables))
  const groups = new Map<string, QueryGroup>()
  for (const table of tables) {
    const title = accessOf(table)
    if (!title || placed.has(table._id)) continue
    const group = groups.get(title)
    if (group) group.tables.push(table._id)
    else groups.set(title, { id: GROUP + title.slice(3), title, tables: [table._id] })
  }
  return [...groups.values()].sort((a, b) => (a.title < b.title ? -1 : 1))
}

export interface Query {
  text: string
  gives: string
}

const isDescending = (table: Table, column: string): boolean => !!table.primary_key?.parts.find((part) => part.column === column)?.descending

/** The queries that need no filtering, the widest first. */
export function queriesOf(table: Table): Query[] {
  const partition = table.partition_key ?? []
  if (partition.length === 0) return []
  const clustering = table.clustering_key ?? []
  const from = `SELECT … FROM ${nameText(table.name)} WHERE `
  const equal = (columns: string[]) => columns.map((column) => `${column} = ?`).join(' AND ')
  const order = clustering.map((column) => `${column} ${isDescending(table, column) ? 'descending' : 'ascending'}`).join(', ')
  const queries: Query[] = []
  const add = (text: string, gives: string) => queries.push({ text: from + text, gives })
  add(equal(partition), clustering.length ? `all rows of a partition, by ${order}` : 'one row')
  clustering.forEach((column, i) => {
    add(`${equal([...partition, ...clustering.slice(0, i)])} AND ${column} >= ? AND ${column} < ?`, `a range of ${column}${i > 0 ? ` within one ${clustering[i - 1]}` : ''}`)
  })
  if (clustering.length) add(equal([...partition, ...clustering]), 'one row')
  for (const index of table.indexes ?? []) {
    const column = index.parts[0]?.column
    if (column) add(`${column} = ?`, `rows of any partition, through ${index.name ? `the index ${index.name}` : 'an index'}`)
  }
  return queries
}

/** The keys of a table as a whole: the columns in their order, and which clustering columns run downwards. */
export function setKeys(doc: Doc, id: string, partition: string[], clustering: string[], descending: string[], label: string): Command {
  return alter(doc, id, label, (table) => {
    const kept = new Map((table.primary_key?.parts ?? []).map((part) => [part.column, part]))
    const parts = [...partition, ...clustering].map((column) => ({ ...kept.get(column), column, descending: descending.includes(column) || undefined }))
    const keys = new Set([...partition, ...clustering])
    return {
      ...table,
      columns: table.columns.map((column) => (keys.has(column.name) && column.static ? { ...column, static: undefined } : column)),
      partition_key: partition,
      clustering_key: clustering.length ? clustering : undefined,
      primary_key: parts.length ? { ...table.primary_key, parts } : undefined,
    }
  })
}

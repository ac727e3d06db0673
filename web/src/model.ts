// The schema as the server sends it (src/model/json.hpp), with what the page adds for itself: members that begin with "_" never leave it.

export interface Name {
  schema: string
  name: string
}

export interface TypeJson {
  kind: string
  name?: string
  length?: number
  precision?: number
  scale?: number
  values?: string[]
  arguments?: TypeJson[]
  [member: string]: unknown
}

export interface DefaultJson {
  kind: 'literal' | 'expression' | 'now'
  text?: string
  literal?: 'null' | 'boolean' | 'number' | 'string'
}

export interface Column {
  _id: string
  /** Its name in the migrations; absent for a new one. */
  _was?: string
  /** The type as the database spells it. */
  _type: string
  name: string
  type: TypeJson
  nullable?: boolean
  default?: DefaultJson
  generated?: { expression: string; stored?: boolean }
  identity?: 'none' | 'always' | 'by_default'
  auto_increment?: boolean
  on_update?: string
  comment?: string
  static?: boolean
  [member: string]: unknown
}

export interface Part {
  column?: string
  expression?: string
  descending?: boolean
  [member: string]: unknown
}
export interface PrimaryKey {
  name?: string
  parts: Part[]
  [member: string]: unknown
}
export interface Index {
  name?: string
  unique?: boolean
  parts: Part[]
  method?: string
  where?: string
  [member: string]: unknown
}
export interface Unique {
  name?: string
  columns: string[]
  [member: string]: unknown
}
export type Action = 'no_action' | 'restrict' | 'cascade' | 'set_null' | 'set_default'
export interface ForeignKey {
  name?: string
  columns: string[]
  referenced_table: Name
  referenced_columns?: string[]
  on_delete?: Action
  on_update?: Action
  [member: string]: unknown
}
export interface Check {
  name?: string
  expression: string
  [member: string]: unknown
}

export interface Table {
  _id: string
  _was?: string
  name: Name
  columns: Column[]
  primary_key?: PrimaryKey
  uniques?: Unique[]
  indexes?: Index[]
  foreign_keys?: ForeignKey[]
  checks?: Check[]
  comment?: string
  strict?: boolean
  without_rowid?: boolean
  engine?: string
  options?: Record<string, string>
  partition_key?: string[]
  clustering_key?: string[]
  [member: string]: unknown
}

export interface EnumType {
  _id: string
  _was?: string
  name: Name
  values: string[]
  comment?: string
  [member: string]: unknown
}
export interface TypeField {
  /** Its name in the migrations; absent for a new one. */
  _was?: string
  _type: string
  name: string
  type: TypeJson
}
export interface UserType {
  _id: string
  _was?: string
  name: Name
  fields: TypeField[]
  [member: string]: unknown
}
export interface SchemaObject {
  _id: string
  _was?: string
  kind: string
  name: Name
  definition: string
  table?: Name
  comment?: string
  [member: string]: unknown
}

export interface Place {
  x: number
  y: number
}
/** A sheet with words beside the tables. */
export interface Note {
  text: string
  x: number
  y: number
  width: number
  height: number
}
/** A coloured area behind tables that belong together. */
export interface Area {
  title: string
  color: number
  tables: string[]
}

/** Everything that is drawn: values by id, replaced as a whole, never altered in place. */
export interface Doc {
  tables: Record<string, Table>
  enums: Record<string, EnumType>
  types: Record<string, UserType>
  objects: Record<string, SchemaObject>
  places: Record<string, Place>
  notes: Record<string, Note>
  areas: Record<string, Area>
}
export type Collection = keyof Doc
/** Those that are part of the schema; the others are only the drawing's. */
export const SCHEMA_COLLECTIONS = ['tables', 'enums', 'types', 'objects'] as const

export type WireModel = Record<string, unknown> & { dialect?: string; default_schema?: string }
export interface WireState {
  fingerprint?: string
  model: WireModel
  type_texts: string[][]
  field_texts: string[][]
}

export const emptyDoc = (): Doc => ({ tables: {}, enums: {}, types: {}, objects: {}, places: {}, notes: {}, areas: {} })

export function nameOf(wire: unknown): Name {
  if (typeof wire === 'string') return { schema: '', name: wire }
  const name = wire as Partial<Name> | undefined
  return { schema: name?.schema ?? '', name: name?.name ?? '' }
}
export const nameText = (name: Name): string => (name.schema ? `${name.schema}.${name.name}` : name.name)
export const sameName = (a: Name, b: Name): boolean => a.name === b.name && a.schema === b.schema

let counter = 0
export const newId = (kind: string): string => `${kind}+${Date.now().toString(36)}${(counter++).toString(36)}${Math.random().toString(36).slice(2, 6)}`

type Wire = Record<string, unknown>

function tableOf(wire: Wire, texts: string[]): Table {
  const name = nameOf(wire.name)
  const columns = ((wire.columns as Wire[] | undefined) ?? []).map(
    (column, i): Column => ({
      ...(column as unknown as Column),
      _id: `c:${String(column.name)}`,
      _was: String(column.name),
      _type: texts[i] ?? '?',
    }),
  )
  const table: Table = { ...(wire as unknown as Table), _id: `t:${nameText(name)}`, _was: nameText(name), name, columns }
  if (table.foreign_keys)
    table.foreign_keys = table.foreign_keys.map((key) => ({ ...key, referenced_table: nameOf(key.referenced_table) }))
  return table
}

/** A model from the server as a document, its parts known by their names. */
export function docOf(state: WireState): Doc {
  const doc = emptyDoc()
  const list = (member: string) => (state.model[member] as Wire[] | undefined) ?? []
  list('tables').forEach((wire, i) => {
    const table = tableOf(wire, state.type_texts[i] ?? [])
    doc.tables[table._id] = table
  })
  for (const wire of list('enums')) {
    const name = nameOf(wire.name)
    const id = `e:${nameText(name)}`
    doc.enums[id] = { ...(wire as unknown as EnumType), _id: id, _was: nameText(name), name, values: (wire.values as string[]) ?? [] }
  }
  list('types').forEach((wire, i) => {
    const name = nameOf(wire.name)
    const id = `u:${nameText(name)}`
    const fields = ((wire.fields as TypeField[]) ?? []).map((field, at) => ({ ...field, _was: field.name, _type: state.field_texts[i]?.[at] ?? '?' }))
    doc.types[id] = { ...(wire as unknown as UserType), _id: id, _was: nameText(name), name, fields }
  })
  for (const wire of list('objects')) {
    const name = nameOf(wire.name)
    const table = wire.table === undefined ? undefined : nameOf(wire.table)
    const id = `o:${String(wire.kind)} ${table ? nameText(table) + ' ' : ''}${nameText(name)}`
    const object = { ...(wire as unknown as SchemaObject), _id: id, _was: nameText(name), name, definition: String(wire.definition ?? '') }
    if (table) object.table = table
    doc.objects[id] = object
  }
  return doc
}

/** Without what is the page's own. */
function stripped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripped)
  if (value === null || typeof value !== 'object') return value
  const result: Wire = {}
  for (const [key, member] of Object.entries(value)) {
    if (key.startsWith('_') || member === undefined) continue
    result[key] = stripped(member)
  }
  return result
}

/** The document as a model to be sent; `like` says of which database it is. */
export function wireOf(doc: Doc, like: WireModel): WireModel {
  const model: WireModel = { ...like }
  const byName = (a: { name: Name }, b: { name: Name }) => (nameText(a.name) < nameText(b.name) ? -1 : 1)
  for (const collection of SCHEMA_COLLECTIONS) {
    const values = Object.values(doc[collection]) as { name: Name }[]
    model[collection] = values.sort(byName).map(stripped)
  }
  model.sterna_model = 1
  return model
}

/** Whether two values say the same; the page's own members do not count, except a type's text. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  return JSON.stringify(ordered(a)) === JSON.stringify(ordered(b))
}
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (value === null || typeof value !== 'object') return value
  const result: Wire = {}
  for (const key of Object.keys(value).sort()) {
    const member = (value as Wire)[key]
    if (key.startsWith('_') || member === undefined) continue
    result[key] = ordered(member)
  }
  return result
}

export interface Rename {
  kind: 'column' | 'index' | 'constraint' | 'enumeration' | 'field'
  table: string
  part: string
  to: string
}

/** What bears another name than in the migrations, by the identity that every part keeps while it is edited. */
export function renamesOf(doc: Doc, base: Doc): Rename[] {
  const renames: Rename[] = []
  const before = new Map(Object.values(base.tables).map((table) => [nameText(table.name), table]))
  for (const table of Object.values(doc.tables)) {
    const was = table._was === undefined ? undefined : before.get(table._was)
    if (!was) continue
    const old = nameText(was.name)
    if (old !== nameText(table.name)) renames.push({ kind: 'column', table: old, part: '', to: table.name.name })
    const columns = new Set(was.columns.map((column) => column.name))
    for (const column of table.columns) {
      if (column._was !== undefined && column._was !== column.name && columns.has(column._was))
        renames.push({ kind: 'column', table: old, part: column._was, to: column.name })
    }
  }
  const enums = new Set(Object.values(base.enums).map((type) => nameText(type.name)))
  for (const type of Object.values(doc.enums)) {
    if (type._was !== undefined && enums.has(type._was) && type._was !== nameText(type.name))
      renames.push({ kind: 'enumeration', table: type._was, part: '', to: type.name.name })
  }
  for (const type of Object.values(doc.types)) {
    for (const field of type.fields) {
      if (type._was !== undefined && field._was !== undefined && field._was !== field.name)
        renames.push({ kind: 'field', table: type._was, part: field._was, to: field.name })
    }
  }
  return renames
}

export interface Edge {
  key: string
  child: string
  parent: string
  foreignKey: ForeignKey
  childColumn: number
  parentColumn: number
  many: boolean
  optional: boolean
}

/** The foreign keys between tables of the document. */
export function edgesOf(tables: Table[]): Edge[] {
  const byName = new Map(tables.map((table) => [nameText(table.name), table]))
  const edges: Edge[] = []
  for (const child of tables) {
    ;(child.foreign_keys ?? []).forEach((foreignKey, i) => {
      const parent = byName.get(nameText(foreignKey.referenced_table))
      if (!parent) return
      const columns = foreignKey.columns
      const target = foreignKey.referenced_columns?.[0] ?? parent.primary_key?.parts[0]?.column
      const childColumn = child.columns.findIndex((column) => column.name === columns[0])
      edges.push({
        key: `${child._id}#${foreignKey.name || i}`,
        child: child._id,
        parent: parent._id,
        foreignKey,
        childColumn,
        parentColumn: parent.columns.findIndex((column) => column.name === target),
        many: !isKey(child, columns),
        optional: columns.some((name) => child.columns.find((column) => column.name === name)?.nullable),
      })
    })
  }
  return edges
}

function isKey(table: Table, columns: string[]): boolean {
  const wanted = [...columns].sort().join('\n')
  const equals = (names: (string | undefined)[] | undefined) => names !== undefined && [...names].sort().join('\n') === wanted
  return (
    equals(table.primary_key?.parts.map((part) => part.column)) ||
    (table.uniques ?? []).some((unique) => equals(unique.columns)) ||
    (table.indexes ?? []).some((index) => index.unique && !index.where && equals(index.parts.map((part) => part.column)))
  )
}

export interface Marks {
  primary: boolean
  foreign: boolean
  unique: boolean
  partition: boolean
  clustering: boolean
}
export function marksOf(table: Table, name: string): Marks {
  const partition = (table.partition_key ?? []).includes(name)
  const clustering = (table.clustering_key ?? []).includes(name)
  return {
    primary: !partition && !clustering && (table.primary_key?.parts ?? []).some((part) => part.column === name),
    foreign: (table.foreign_keys ?? []).some((key) => key.columns.includes(name)),
    unique:
      (table.uniques ?? []).some((unique) => unique.columns.length === 1 && unique.columns[0] === name) ||
      (table.indexes ?? []).some((index) => index.unique && index.parts.length === 1 && index.parts[0]?.column === name),
    partition,
    clustering,
  }
}

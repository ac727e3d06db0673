// Every edit of the schema, each as one command. What refers to a name follows it when the name changes; what needs a thing goes with it.
import { type Command, Draft } from './log'
import {
  type Area,
  type Check,
  type Column,
  type DefaultJson,
  type Doc,
  type EnumType,
  type ForeignKey,
  type Index,
  type Name,
  type Note,
  type Part,
  type Place,
  type SchemaObject,
  type Table,
  type TypeJson,
  type UserType,
  nameText,
  newId,
  sameName,
} from './model'

export interface TypeChoice {
  type: TypeJson
  text: string
  group: string
}

export function edit(doc: Doc, label: string, change: (draft: Draft) => void): Command {
  const draft = new Draft(doc)
  change(draft)
  return { label, patches: draft.patches() }
}

export function alter(doc: Doc, id: string, label: string, change: (table: Table) => Table): Command {
  return edit(doc, label, (draft) => {
    const table = draft.get('tables', id)
    if (table) draft.set('tables', id, change(table))
  })
}

const without = <T>(list: T[] | undefined, drop: (item: T) => boolean): T[] | undefined => {
  const rest = (list ?? []).filter((item) => !drop(item))
  return rest.length ? rest : undefined
}

export function freeName(taken: Iterable<string>, wanted: string): string {
  const names = new Set(taken)
  if (!names.has(wanted)) return wanted
  for (let i = 2; ; ++i) if (!names.has(`${wanted}_${i}`)) return `${wanted}_${i}`
}

export const words = (expression: string, from: string, to: string): string =>
  expression.replace(new RegExp(`(?<![\\w$])${from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w$])`, 'g'), to)

// ---- tables ----

export function addTable(doc: Doc, at: Place, schema: string, key: TypeChoice | undefined, relational: boolean, counts: Partial<Column> = {}): { command: Command; id: string } {
  const id = newId('t')
  const name = freeName(
    Object.values(doc.tables).map((table) => table.name.name),
    'table',
  )
  const column: Column = { _id: newId('c'), _type: key?.text ?? 'integer', name: 'id', type: key?.type ?? { kind: 'integer' }, ...counts }
  const table: Table = { _id: id, name: { schema, name }, columns: [column], primary_key: { parts: [{ column: 'id' }] } }
  if (!relational) table.partition_key = ['id']
  const command = edit(doc, `create table ${name}`, (draft) => {
    draft.set('tables', id, table)
    draft.set('places', id, at)
  })
  return { command, id }
}

export function dropTables(doc: Doc, ids: string[]): Command {
  const names = ids.map((id) => doc.tables[id]).filter((table) => table !== undefined)
  const label = names.length === 1 ? `drop table ${nameText(names[0]!.name)}` : `drop ${names.length} tables`
  return edit(doc, label, (draft) => {
    for (const table of names) {
      draft.set('tables', table._id, undefined)
      if (draft.get('places', table._id)) draft.set('places', table._id, undefined)
    }
    for (const table of draft.all('tables')) {
      const keys = without(table.foreign_keys, (key) => names.some((gone) => sameName(gone.name, key.referenced_table)))
      if ((keys?.length ?? 0) !== (table.foreign_keys?.length ?? 0)) draft.set('tables', table._id, { ...table, foreign_keys: keys })
    }
    for (const object of draft.all('objects'))
      if (object.table && names.some((gone) => sameName(gone.name, object.table!))) draft.set('objects', object._id, undefined)
  })
}

export function renameTable(doc: Doc, id: string, to: Name): Command {
  const from = doc.tables[id]!.name
  return edit(doc, `rename table ${nameText(from)} to ${nameText(to)}`, (draft) => {
    for (const table of draft.all('tables')) {
      const keys = table.foreign_keys?.map((key) => (sameName(key.referenced_table, from) ? { ...key, referenced_table: to } : key))
      const touched = table._id === id || (keys ?? []).some((key, i) => key !== table.foreign_keys![i])
      if (touched) draft.set('tables', table._id, { ...table, ...(keys ? { foreign_keys: keys } : {}), name: table._id === id ? to : table.name })
    }
  })
}

export const setTable = (doc: Doc, id: string, label: string, members: Partial<Table>): Command =>
  alter(doc, id, label, (table) => ({ ...table, ...members }))

export function duplicateTable(doc: Doc, id: string, at: Place): { command: Command; id: string } {
  const from = doc.tables[id]!
  const copy = newId('t')
  const name = freeName(
    Object.values(doc.tables).map((table) => table.name.name),
    `${from.name.name}_copy`,
  )
  const unnamed = <T extends { name?: string }>(items: T[] | undefined) => items?.map((item) => ({ ...item, name: undefined }))
  const table: Table = {
    ...from,
    _id: copy,
    _was: undefined,
    name: { ...from.name, name },
    columns: from.columns.map((column) => ({ ...column, _id: newId('c'), _was: undefined })),
    primary_key: from.primary_key && { ...from.primary_key, name: undefined },
    uniques: unnamed(from.uniques),
    indexes: unnamed(from.indexes),
    foreign_keys: unnamed(from.foreign_keys),
    checks: unnamed(from.checks),
  }
  const command = edit(doc, `copy table ${nameText(from.name)}`, (draft) => {
    draft.set('tables', copy, table)
    draft.set('places', copy, at)
  })
  return { command, id: copy }
}

// ---- columns ----

export function addColumn(doc: Doc, id: string, choice: TypeChoice): { command: Command; column: string } {
  const table = doc.tables[id]!
  const column: Column = {
    _id: newId('c'),
    _type: choice.text,
    name: freeName(
      table.columns.map((each) => each.name),
      'column',
    ),
    type: choice.type,
    nullable: true,
  }
  return {
    command: alter(doc, id, `${nameText(table.name)}: add column`, (was) => ({ ...was, columns: [...was.columns, column] })),
    column: column._id,
  }
}

export function setColumn(doc: Doc, id: string, column: string, label: string, members: Partial<Column>): Command {
  return alter(doc, id, label, (table) => ({
    ...table,
    columns: table.columns.map((each) => (each._id === column ? { ...each, ...members } : each)),
  }))
}

export function moveColumn(doc: Doc, id: string, column: string, by: number): Command {
  return alter(doc, id, 'move column', (table) => {
    const at = table.columns.findIndex((each) => each._id === column)
    const to = Math.max(0, Math.min(table.columns.length - 1, at + by))
    const columns = [...table.columns]
    const [taken] = columns.splice(at, 1)
    columns.splice(to, 0, taken!)
    return { ...table, columns }
  })
}

function columnRenamed(table: Table, from: string, to: string): Table {
  const name = (each: string) => (each === from ? to : each)
  const part = (each: Part): Part => ({
    ...each,
    ...(each.column === from ? { column: to } : {}),
    ...(each.expression ? { expression: words(each.expression, from, to) } : {}),
  })
  return {
    ...table,
    columns: table.columns.map((column) => ({
      ...column,
      name: name(column.name),
      ...(column.generated ? { generated: { ...column.generated, expression: words(column.generated.expression, from, to) } } : {}),
    })),
    ...(table.primary_key ? { primary_key: { ...table.primary_key, parts: table.primary_key.parts.map(part) } } : {}),
    ...(table.uniques ? { uniques: table.uniques.map((unique) => ({ ...unique, columns: unique.columns.map(name) })) } : {}),
    ...(table.indexes
      ? { indexes: table.indexes.map((index) => ({ ...index, parts: index.parts.map(part), ...(index.where ? { where: words(index.where, from, to) } : {}) })) }
      : {}),
    ...(table.foreign_keys ? { foreign_keys: table.foreign_keys.map((key) => ({ ...key, columns: key.columns.map(name) })) } : {}),
    ...(table.checks ? { checks: table.checks.map((check) => ({ ...check, expression: words(check.expression, from, to) })) } : {}),
    ...(table.partition_key ? { partition_key: table.partition_key.map(name) } : {}),
    ...(table.clustering_key ? { clustering_key: table.clustering_key.map(name) } : {}),
  }
}

export function renameColumn(doc: Doc, id: string, column: string, to: string): Command {
  const table = doc.tables[id]!
  const from = table.columns.find((each) => each._id === column)!.name
  return edit(doc, `${nameText(table.name)}: rename ${from} to ${to}`, (draft) => {
    draft.set('tables', id, columnRenamed(table, from, to))
    for (const other of draft.all('tables')) {
      if (!(other.foreign_keys ?? []).some((key) => sameName(key.referenced_table, table.name) && key.referenced_columns?.includes(from))) continue
      draft.set('tables', other._id, {
        ...other,
        foreign_keys: other.foreign_keys!.map((key) =>
          sameName(key.referenced_table, table.name)
            ? { ...key, referenced_columns: key.referenced_columns?.map((name) => (name === from ? to : name)) }
            : key,
        ),
      })
    }
  })
}

export function dropColumn(doc: Doc, id: string, column: string): Command {
  const table = doc.tables[id]!
  const name = table.columns.find((each) => each._id === column)!.name
  const uses = (parts: Part[]) => parts.some((part) => part.column === name)
  return edit(doc, `${nameText(table.name)}: drop column ${name}`, (draft) => {
    const key = table.primary_key && !uses(table.primary_key.parts) ? table.primary_key : undefined
    draft.set('tables', id, {
      ...table,
      columns: table.columns.filter((each) => each._id !== column),
      primary_key: key,
      uniques: without(table.uniques, (unique) => unique.columns.includes(name)),
      indexes: without(table.indexes, (index) => uses(index.parts)),
      foreign_keys: without(table.foreign_keys, (each) => each.columns.includes(name)),
      partition_key: without(table.partition_key, (each) => each === name),
      clustering_key: without(table.clustering_key, (each) => each === name),
    })
    for (const other of draft.all('tables')) {
      const keys = without(other.foreign_keys, (each) => sameName(each.referenced_table, table.name) && !!each.referenced_columns?.includes(name))
      if ((keys?.length ?? 0) !== (other.foreign_keys?.length ?? 0)) draft.set('tables', other._id, { ...other, foreign_keys: keys })
    }
  })
}

/** The new column is the dropped one under another name: it takes its identity. */
export function joinRename(doc: Doc, base: Doc, rename: { table: string; part: string; to: string }): Command {
  return edit(doc, `${rename.table}${rename.part ? '.' + rename.part : ''} is renamed, not dropped`, (draft) => {
    const was = Object.values(base.tables).find((table) => nameText(table.name) === rename.table)
    if (!was) return
    if (!rename.part) {
      const now = draft.all('tables').find((table) => table.name.name === rename.to && table._was === undefined)
      if (!now) return
      const known = new Set(was.columns.map((column) => column.name))
      draft.set('tables', now._id, {
        ...now,
        _was: rename.table,
        columns: now.columns.map((column) => (known.has(column.name) ? { ...column, _was: column.name } : column)),
      })
      return
    }
    const now = draft.all('tables').find((table) => table._was === rename.table)
    if (now)
      draft.set('tables', now._id, {
        ...now,
        columns: now.columns.map((column) => (column.name === rename.to ? { ...column, _was: rename.part } : column)),
      })
  })
}

// ---- keys ----

export function togglePrimary(doc: Doc, id: string, column: string): Command {
  return alter(doc, id, 'primary key', (table) => {
    const parts = table.primary_key?.parts ?? []
    const rest = parts.filter((part) => part.column !== column)
    const next = rest.length === parts.length ? [...parts, { column }] : rest
    const columns = table.columns.map((each) => (each.name === column && rest.length === parts.length ? { ...each, nullable: undefined } : each))
    return { ...table, columns, primary_key: next.length ? { ...table.primary_key, parts: next } : undefined }
  })
}

/** CQL: no key → partition key → clustering key → no key. */
export function cycleCqlKey(doc: Doc, id: string, column: string): Command {
  return alter(doc, id, 'primary key', (table) => {
    const partition = (table.partition_key ?? []).filter((name) => name !== column)
    const clustering = (table.clustering_key ?? []).filter((name) => name !== column)
    if ((table.partition_key ?? []).includes(column)) clustering.push(column)
    else if (!(table.clustering_key ?? []).includes(column)) partition.push(column)
    const kept = new Map((table.primary_key?.parts ?? []).map((part) => [part.column, part]))
    const parts = [...partition, ...clustering].map((name) => kept.get(name) ?? { column: name })
    return { ...table, partition_key: partition, clustering_key: clustering, primary_key: parts.length ? { parts } : undefined }
  })
}

export function toggleUnique(doc: Doc, id: string, column: string): Command {
  return alter(doc, id, 'unique', (table) => {
    const rest = without(table.uniques, (unique) => unique.columns.length === 1 && unique.columns[0] === column)
    const had = (rest?.length ?? 0) !== (table.uniques?.length ?? 0)
    return { ...table, uniques: had ? rest : [...(table.uniques ?? []), { columns: [column] }] }
  })
}

type PartsOf = { indexes: Index; foreign_keys: ForeignKey; checks: Check; uniques: { name?: string; columns: string[] } }
export type PartList = keyof PartsOf

export function setPart<K extends PartList>(doc: Doc, id: string, list: K, at: number, value: PartsOf[K] | undefined, label: string): Command {
  return alter(doc, id, label, (table) => {
    const items = [...((table[list] as PartsOf[K][] | undefined) ?? [])]
    if (value === undefined) items.splice(at, 1)
    else items[at] = value
    return { ...table, [list]: items.length ? items : undefined }
  })
}

/** From a column to one of another table; a key of several columns is edited in the panel. */
export function addForeignKey(doc: Doc, child: string, childColumn: string, parent: string, parentColumn: string): Command {
  const from = doc.tables[child]!
  const to = doc.tables[parent]!
  const key: ForeignKey = { columns: [childColumn], referenced_table: to.name, referenced_columns: [parentColumn] }
  return alter(doc, child, `${nameText(from.name)}: ${childColumn} → ${nameText(to.name)}.${parentColumn}`, (table) => {
    const known = (table.foreign_keys ?? []).some(
      (each) => each.columns.join() === childColumn && sameName(each.referenced_table, to.name) && each.referenced_columns?.join() === parentColumn,
    )
    return known ? table : { ...table, foreign_keys: [...(table.foreign_keys ?? []), key] }
  })
}

/** Dropped on a table as a whole: a new column of the key's type that refers to it. */
export function addReference(doc: Doc, child: string, parent: string): Command | undefined {
  const to = doc.tables[parent]!
  const key = to.primary_key?.parts[0]?.column
  const target = to.columns.find((column) => column.name === key)
  if (!key || !target) return undefined
  return edit(doc, `${nameText(doc.tables[child]!.name)} → ${nameText(to.name)}`, (draft) => {
    const table = draft.get('tables', child)!
    const singular = to.name.name.replace(/ies$/, 'y').replace(/(ss|us)$/, '$1_').replace(/s$/, '').replace(/_$/, '')
    const name = freeName(
      table.columns.map((column) => column.name),
      `${singular}_${key}`,
    )
    const column: Column = { _id: newId('c'), _type: target._type, name, type: target.type }
    draft.set('tables', child, {
      ...table,
      columns: [...table.columns, column],
      foreign_keys: [...(table.foreign_keys ?? []), { columns: [name], referenced_table: to.name, referenced_columns: [key] }],
    })
  })
}

// ---- what is beside tables ----

export function setEnum(doc: Doc, id: string, value: EnumType | undefined, label: string): Command {
  return edit(doc, label, (draft) => {
    const was = draft.get('enums', id)
    draft.set('enums', id, value)
    if (!was || !value || sameName(was.name, value.name)) return
    // Columns bear the type's name as theirs.
    for (const table of draft.all('tables')) {
      if (!table.columns.some((column) => column.type.name === nameText(was.name))) continue
      draft.set('tables', table._id, {
        ...table,
        columns: table.columns.map((column) =>
          column.type.name === nameText(was.name) ? { ...column, _type: nameText(value.name), type: { ...column.type, name: nameText(value.name) } } : column,
        ),
      })
    }
  })
}
export function addEnum(doc: Doc, schema: string): { command: Command; id: string } {
  const id = newId('e')
  const name = freeName(
    Object.values(doc.enums).map((type) => type.name.name),
    'kind',
  )
  return { id, command: edit(doc, `create enum ${name}`, (draft) => draft.set('enums', id, { _id: id, name: { schema, name }, values: ['first', 'second'] })) }
}

export const setObject = (doc: Doc, id: string, value: SchemaObject | undefined, label: string): Command =>
  edit(doc, label, (draft) => draft.set('objects', id, value))

/** What a new one of each kind begins with, in the words of the database. */
function firstDefinition(kind: string, name: string, dialect: string, table: Table | undefined): string {
  const column = table?.columns[0]?.name ?? 'id'
  if (kind === 'function')
    return dialect === 'cql'
      ? `CREATE FUNCTION ${name} (value text)\n  RETURNS NULL ON NULL INPUT\n  RETURNS text\n  LANGUAGE java\n  AS 'return value;'`
      : dialect === 'mysql'
        ? `CREATE FUNCTION ${name} (value int) RETURNS int DETERMINISTIC\nRETURN value + 1`
        : `CREATE FUNCTION ${name}(value integer) RETURNS integer\nLANGUAGE sql IMMUTABLE\nAS $$ SELECT value + 1 $$`
  if (kind === 'trigger')
    return dialect === 'sqlite'
      ? `CREATE TRIGGER ${name} AFTER INSERT ON ${table ? nameText(table.name) : 'a_table'}\nBEGIN\n  SELECT 1;\nEND`
      : `CREATE TRIGGER ${name} BEFORE INSERT ON ${table ? nameText(table.name) : 'a_table'}\nFOR EACH ROW SET NEW.${column} = NEW.${column}`
  if (kind === 'materialized view' && dialect === 'cql') {
    const key = [...(table?.partition_key ?? [column]), ...(table?.clustering_key ?? [])]
    return `CREATE MATERIALIZED VIEW ${name} AS\n  SELECT * FROM ${table ? nameText(table.name) : 'a_table'}\n  WHERE ${key.map((each) => `${each} IS NOT NULL`).join(' AND ')}\n  PRIMARY KEY (${key.join(', ')})`
  }
  return `CREATE ${kind.toUpperCase()} ${name} AS\nSELECT ${table ? `${column} FROM ${nameText(table.name)}` : '1 AS one'}`
}

/** The kinds of objects beside tables that a database can be given here. */
export const objectKinds = (dialect: string): string[] =>
  dialect === 'cql' ? ['materialized view', 'function'] : dialect === 'sqlite' ? ['view', 'trigger'] : dialect === 'mysql' ? ['view', 'function', 'trigger'] : ['view', 'materialized view', 'function']

export function addObject(doc: Doc, kind: string, schema: string, dialect: string, table: Table | undefined): { command: Command; id: string } {
  const id = newId('o')
  const name = freeName(
    Object.values(doc.objects).map((object) => object.name.name),
    `new_${kind.split(' ').at(-1)!}`,
  )
  const of = table ?? Object.values(doc.tables)[0]
  const object: SchemaObject = { _id: id, kind, name: { schema, name }, definition: firstDefinition(kind, name, dialect, of) }
  if (kind === 'trigger' && of) object.table = of.name
  return { id, command: edit(doc, `create ${kind} ${name}`, (draft) => draft.set('objects', id, object)) }
}

// ---- the drawing ----

export const place = (doc: Doc, places: Record<string, Place>): Command =>
  edit(doc, 'move', (draft) => {
    for (const [id, at] of Object.entries(places)) draft.set('places', id, { x: Math.round(at.x), y: Math.round(at.y) })
  })
export const arrange = (doc: Doc): Command =>
  edit(doc, 'arrange everything', (draft) => {
    for (const id of Object.keys(doc.places)) draft.set('places', id, undefined)
  })
export const setNote = (doc: Doc, id: string, note: Note | undefined): Command => edit(doc, 'note', (draft) => draft.set('notes', id, note))
export const setArea = (doc: Doc, id: string, area: Area | undefined): Command => edit(doc, 'area', (draft) => draft.set('areas', id, area))

/** A schema from elsewhere: tables and types of names that are not there yet. */
export function takeIn(doc: Doc, other: Doc, label: string): Command {
  return edit(doc, label, (draft) => {
    for (const collection of ['tables', 'enums', 'types', 'objects'] as const) {
      const known = new Set((draft.all(collection) as { name: Name; kind?: string }[]).map((value) => `${value.kind ?? ''} ${nameText(value.name)}`))
      for (const value of Object.values(other[collection]) as { _id: string; name: Name; kind?: string }[]) {
        if (known.has(`${value.kind ?? ''} ${nameText(value.name)}`)) continue
        const id = newId(collection[0]!)
        const fresh = { ...value, _id: id, _was: undefined } as Doc[typeof collection][string]
        if (collection === 'tables')
          (fresh as Table).columns = (fresh as Table).columns.map((column) => ({ ...column, _id: newId('c'), _was: undefined }))
        draft.set(collection, id, fresh as never)
      }
    }
  })
}

/** The schema as another one is. What bears the same name stays itself, so that nothing is dropped and made again. */
export function takeOver(doc: Doc, other: Doc, label: string): Command {
  return edit(doc, label, (draft) => {
    for (const collection of ['tables', 'enums', 'types', 'objects'] as const) {
      const keyOf = (value: { name: Name; kind?: string }) => `${value.kind ?? ''} ${nameText(value.name)}`
      const present = new Map((draft.all(collection) as { _id: string; _was?: string; name: Name; kind?: string }[]).map((value) => [keyOf(value), value]))
      for (const value of Object.values(other[collection]) as { _id: string; name: Name; kind?: string }[]) {
        const twin = present.get(keyOf(value))
        present.delete(keyOf(value))
        const id = twin?._id ?? newId(collection[0]!)
        const fresh = { ...value, _id: id, _was: twin?._was } as Doc[typeof collection][string]
        if (collection === 'tables') (fresh as Table).columns = sameColumns((fresh as Table).columns, twin as Table | undefined)
        if (collection === 'types') {
          const kept = new Set((twin as UserType | undefined)?.fields.map((field) => field._was))
          const type = fresh as UserType
          type.fields = type.fields.map((field) => ({ ...field, _was: kept.has(field.name) ? field.name : undefined }))
        }
        draft.set(collection, id, fresh as never)
      }
      for (const gone of present.values()) draft.set(collection, gone._id, undefined)
    }
  })
}
function sameColumns(columns: Column[], twin: Table | undefined): Column[] {
  return columns.map((column) => {
    const was = twin?.columns.find((each) => each.name === column.name)
    return { ...column, _id: was?._id ?? newId('c'), _was: was?._was }
  })
}

/** A default as a person writes it: a number, 'text', true, null, now(), or any expression. */
export function parseDefault(text: string): DefaultJson | undefined {
  const given = text.trim()
  if (!given) return undefined
  if (/^null$/i.test(given)) return { kind: 'literal', text: 'NULL', literal: 'null' }
  if (/^(true|false)$/i.test(given)) return { kind: 'literal', text: given.toLowerCase(), literal: 'boolean' }
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(given)) return { kind: 'literal', text: given, literal: 'number' }
  const quoted = /^'((?:[^']|'')*)'$/.exec(given)
  if (quoted) return { kind: 'literal', text: quoted[1]!.replaceAll("''", "'"), literal: 'string' }
  if (/^(now\(\)|current_timestamp(\(\))?)$/i.test(given)) return { kind: 'now' }
  return { kind: 'expression', text: given }
}
export function defaultText(value: DefaultJson | undefined): string {
  if (!value) return ''
  if (value.kind === 'now') return 'now()'
  if (value.kind === 'expression') return value.text ?? ''
  const literal = value.literal ?? 'string'
  if (literal === 'null') return 'NULL'
  return literal === 'string' ? `'${(value.text ?? '').replaceAll("'", "''")}'` : (value.text ?? '')
}

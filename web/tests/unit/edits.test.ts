import { describe, expect, test } from 'vitest'
import * as edits from '../../src/edits'
import { type Command, patched } from '../../src/log'
import { type Doc, edgesOf, marksOf, renamesOf, type Table, wireOf } from '../../src/model'
import { marked } from '../../src/status'
import { document, wire } from './support'

const after = (doc: Doc, command: Command) => patched(doc, command.patches)
const posts = (doc: Doc): Table => doc.tables['t:posts']!

test('what was read is sent as it was', () => {
  const state = wire()
  const sent = wireOf(document(), { dialect: 'sqlite' })
  const names = (sent.tables as { name: { name: string } }[]).map((table) => table.name.name)
  expect(names).toEqual(['tags', 'posts', 'users'])
  expect(JSON.stringify(sent)).not.toContain('"_')
  expect((sent.tables as { columns: unknown[] }[])[1]!.columns).toEqual((state.model.tables as { columns: unknown[] }[])[0]!.columns)
})

describe('renaming', () => {
  test('a column takes keys, indexes, checks and references of other tables along', () => {
    let doc = document()
    doc = after(doc, edits.renameColumn(doc, 't:posts', 'c:title', 'headline'))
    expect(posts(doc).indexes![0]!.parts[0]!.column).toBe('headline')
    expect(posts(doc).indexes![0]!.where).toBe('headline <> subtitle')
    expect(posts(doc).checks![0]!.expression).toBe('length(headline) > 3')
    doc = after(doc, edits.renameColumn(doc, 't:users', 'c:id', 'number'))
    expect(posts(doc).foreign_keys![0]!.referenced_columns).toEqual(['number'])
    expect(doc.tables['t:users']!.primary_key!.parts[0]!.column).toBe('number')
    expect(renamesOf(doc, document())).toEqual([
      { kind: 'column', table: 'posts', part: 'title', to: 'headline' },
      { kind: 'column', table: 'users', part: 'id', to: 'number' },
    ])
  })

  test('a table takes references along, and its columns are named under its former name', () => {
    let doc = document()
    doc = after(doc, edits.renameTable(doc, 't:users', { schema: '', name: 'people' }))
    doc = after(doc, edits.renameColumn(doc, 't:users', 'c:name', 'full_name'))
    expect(posts(doc).foreign_keys![0]!.referenced_table.name).toBe('people')
    expect(renamesOf(doc, document())).toEqual([
      { kind: 'column', table: 'users', part: '', to: 'people' },
      { kind: 'column', table: 'users', part: 'name', to: 'full_name' },
    ])
  })

  test('and back again is no rename', () => {
    let doc = document()
    doc = after(doc, edits.renameColumn(doc, 't:posts', 'c:title', 'headline'))
    doc = after(doc, edits.renameColumn(doc, 't:posts', 'c:title', 'title'))
    expect(renamesOf(doc, document())).toEqual([])
    expect(marked(doc, document()).count).toBe(0)
  })

  test('an answer makes of a drop and an addition one', () => {
    const base = document()
    let doc = after(base, edits.dropColumn(base, 't:posts', 'c:title'))
    const { command, column } = edits.addColumn(doc, 't:posts', { type: { kind: 'text' }, text: 'text', group: '' })
    doc = after(doc, command)
    doc = after(doc, edits.renameColumn(doc, 't:posts', column, 'headline'))
    expect(renamesOf(doc, base)).toEqual([])
    doc = after(doc, edits.joinRename(doc, base, { table: 'posts', part: 'title', to: 'headline' }))
    expect(renamesOf(doc, base)).toEqual([{ kind: 'column', table: 'posts', part: 'title', to: 'headline' }])
  })
})

describe('dropping', () => {
  test('a column takes what stands on it along', () => {
    const doc = document()
    const now = after(doc, edits.dropColumn(doc, 't:posts', 'c:author_id'))
    expect(posts(now).foreign_keys).toBeUndefined()
    expect(posts(now).columns.map((column) => column.name)).toEqual(['id', 'title'])
  })
  test('a table takes the keys that refer to it along', () => {
    const doc = document()
    expect(posts(after(doc, edits.dropTables(doc, ['t:users']))).foreign_keys).toBeUndefined()
  })
})

describe('references', () => {
  test('a line is many at the child, and optional where the column may be null', () => {
    const [edge] = edgesOf(Object.values(document().tables))
    expect(edge).toMatchObject({ child: 't:posts', parent: 't:users', many: true, optional: true, childColumn: 1, parentColumn: 0 })
  })
  test('a unique column makes it one to one', () => {
    const doc = document()
    const now = after(doc, edits.toggleUnique(doc, 't:posts', 'author_id'))
    expect(edgesOf(Object.values(now.tables))[0]!.many).toBe(false)
  })
  test('the same line drawn twice is one key', () => {
    const doc = document()
    expect(edits.addForeignKey(doc, 't:posts', 'author_id', 't:users', 'id').patches).toEqual([])
  })
  test('to a table as a whole, a column of the key is made', () => {
    const doc = document()
    const now = after(doc, edits.addReference(doc, 't:app.tags', 't:users')!)
    expect(now.tables['t:app.tags']!.columns.at(-1)!.name).toBe('user_id')
  })
})

test('keys of CQL go round from partition to clustering to none', () => {
  let doc = document()
  const tags = () => marksOf(doc.tables['t:app.tags']!, 'word')
  doc = after(doc, edits.cycleCqlKey(doc, 't:app.tags', 'word'))
  expect(tags().partition).toBe(true)
  doc = after(doc, edits.cycleCqlKey(doc, 't:app.tags', 'word'))
  expect(tags().clustering).toBe(true)
  doc = after(doc, edits.cycleCqlKey(doc, 't:app.tags', 'word'))
  expect(tags()).toMatchObject({ partition: false, clustering: false })
})

test.each([
  ['42', { kind: 'literal', text: '42', literal: 'number' }, '42'],
  ["'it''s'", { kind: 'literal', text: "it's", literal: 'string' }, "'it''s'"],
  ['TRUE', { kind: 'literal', text: 'true', literal: 'boolean' }, 'true'],
  ['now()', { kind: 'now' }, 'now()'],
  ['gen_random_uuid()', { kind: 'expression', text: 'gen_random_uuid()' }, 'gen_random_uuid()'],
] as const)('the default %s is read and written', (given, value, text) => {
  expect(edits.parseDefault(given)).toEqual(value)
  expect(edits.defaultText(edits.parseDefault(given))).toBe(text)
})

test('what is taken in leaves alone what is there', () => {
  const doc = document()
  const other = document()
  other.tables['t:new'] = { ...posts(other), _id: 't:new', name: { schema: '', name: 'fresh' } }
  const now = after(doc, edits.takeIn(doc, other, 'import'))
  expect(Object.values(now.tables).map((table) => table.name.name)).toEqual(['posts', 'tags', 'users', 'fresh'])
})

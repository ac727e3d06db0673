import { describe, expect, it } from 'vitest'
import { applied, emptyLog, undone } from '../../src/log'
import { docOf, renamesOf, wireOf } from '../../src/model'
import { takeOver } from '../../src/edits'
import { marked } from '../../src/status'
import { addField, addType, setField, setType, usersOf } from '../../src/typeEdits'

const base = docOf({
  model: {
    sterna_model: 1,
    dialect: 'cql',
    types: [{ name: 'address', fields: [{ name: 'street', type: { kind: 'text' } }] }],
    tables: [
      {
        name: 'people',
        columns: [
          { name: 'id', type: { kind: 'uuid' } },
          { name: 'homes', type: { kind: 'list', arguments: [{ kind: 'frozen', arguments: [{ kind: 'user_type', name: 'address' }] }] } },
        ],
      },
    ],
  },
  type_texts: [['uuid', 'list<frozen<address>>']],
  field_texts: [['text']],
})
const text = { type: { kind: 'text' }, text: 'text', group: 'text' }
const address = base.types['u:address']!

describe('structured types', () => {
  it('are found where they are used, however deep', () => {
    expect(usersOf(base, address)).toEqual(['people.homes'])
  })
  it('get fields at their end, under free names', () => {
    const made = applied({ doc: base, log: emptyLog() }, addField(base, address, text))
    const again = applied(made, addField(made.doc, made.doc.types['u:address']!, text))
    expect(again.doc.types['u:address']!.fields.map((field) => field.name)).toEqual(['street', 'field', 'field_2'])
    expect(undone(undone(again)).doc).toEqual(base)
  })
  it('a field renamed in place is a rename, and nothing of it is sent but the name', () => {
    const made = applied({ doc: base, log: emptyLog() }, setField(base, address, 0, { name: 'road' }, 'rename'))
    expect(renamesOf(made.doc, base)).toEqual([{ kind: 'field', table: 'address', part: 'street', to: 'road' }])
    expect(wireOf(made.doc, {}).types).toEqual([{ name: { schema: '', name: 'address' }, fields: [{ name: 'road', type: { kind: 'text' } }] }])
  })
  it('a new type under another name is followed by columns and other types', () => {
    const { command, id } = addType(base, '', text)
    const made = applied({ doc: base, log: emptyLog() }, command)
    const user = { kind: 'frozen', arguments: [{ kind: 'user_type', name: 'kind' }] }
    const using = applied(made, setField(made.doc, made.doc.types['u:address']!, 0, { type: user, _type: 'frozen<kind>' }, 'type'))
    const renamed = applied(using, setType(using.doc, id, { ...using.doc.types[id]!, name: { schema: '', name: 'place' } }, 'rename type'))
    const field = renamed.doc.types['u:address']!.fields[0]!
    expect(field._type).toBe('frozen<place>')
    expect(usersOf(renamed.doc, renamed.doc.types[id]!)).toEqual(['address.street'])
  })
})

describe('marks and other states', () => {
  it('a type that was altered is marked, with its new rows', () => {
    const made = applied({ doc: base, log: emptyLog() }, addField(base, address, text))
    const marks = marked(made.doc, base)
    expect(marks.tables.get('u:address')).toBe('altered')
    expect([...marks.columns.get('u:address')!]).toEqual([['u:address/1', 'added']])
    expect(marks.count).toBe(1)
    expect(marked(base, base).count).toBe(0)
  })
  it('a state taken into the drawing keeps what bears the same name, and drops the rest', () => {
    const other = docOf({
      model: {
        dialect: 'cql',
        types: [{ name: 'address', fields: [{ name: 'street', type: { kind: 'text' } }, { name: 'zip', type: { kind: 'integer' } }] }],
        tables: [{ name: 'people', columns: [{ name: 'id', type: { kind: 'uuid' } }, { name: 'age', type: { kind: 'integer' } }] }, { name: 'birds', columns: [] }],
      },
      type_texts: [['uuid', 'int'], []],
      field_texts: [['text', 'int']],
    })
    const made = applied({ doc: base, log: emptyLog() }, takeOver(base, other, 'draw database'))
    const people = made.doc.tables['t:people']!
    expect(people.columns.map((column) => [column.name, column._was])).toEqual([
      ['id', 'id'],
      ['age', undefined],
    ])
    expect(made.doc.types['u:address']!.fields.map((field) => field._was)).toEqual(['street', undefined])
    expect(Object.values(made.doc.tables).find((table) => table.name.name === 'birds')!._was).toBeUndefined()
    expect(renamesOf(made.doc, base)).toEqual([])
    const empty = applied(made, takeOver(made.doc, docOf({ model: {}, type_texts: [], field_texts: [] }), 'draw nothing'))
    expect(Object.keys(empty.doc.tables)).toEqual([])
    expect(undone(undone(empty)).doc).toEqual(base)
  })
})

// Edits of structured types (CQL). A type keeps its fields and their order for ever: fields are added at its end and renamed, nothing else.
import { edit, freeName, type TypeChoice, words } from './edits'
import { type Command } from './log'
import { type Doc, nameText, newId, type TypeField, type TypeJson, type UserType } from './model'

export function addType(doc: Doc, schema: string, choice: TypeChoice): { command: Command; id: string } {
  const id = newId('u')
  const name = freeName(
    Object.values(doc.types).map((type) => type.name.name),
    'kind',
  )
  const fields: TypeField[] = [{ name: 'field', type: choice.type, _type: choice.text }]
  return { id, command: edit(doc, `create type ${name}`, (draft) => draft.set('types', id, { _id: id, name: { schema, name }, fields })) }
}

/** A type as another type names it within itself: list<frozen<address>>. */
export function mentions(type: TypeJson, name: string): boolean {
  return (type.kind === 'user_type' && type.name === name) || (type.arguments ?? []).some((part) => mentions(part, name))
}
function renamedIn(type: TypeJson, from: string, to: string): TypeJson {
  if (!mentions(type, from)) return type
  return {
    ...type,
    ...(type.kind === 'user_type' && type.name === from ? { name: to } : {}),
    ...(type.arguments ? { arguments: type.arguments.map((part) => renamedIn(part, from, to)) } : {}),
  }
}

/** Where a type is used, in words: "users.home", "person.address". */
export function usersOf(doc: Doc, type: UserType): string[] {
  const name = nameText(type.name)
  return [
    ...Object.values(doc.tables).flatMap((table) => table.columns.filter((column) => mentions(column.type, name)).map((column) => `${nameText(table.name)}.${column.name}`)),
    ...Object.values(doc.types).flatMap((other) => other.fields.filter((field) => mentions(field.type, name)).map((field) => `${nameText(other.name)}.${field.name}`)),
  ]
}

export function setType(doc: Doc, id: string, value: UserType | undefined, label: string): Command {
  return edit(doc, label, (draft) => {
    const was = draft.get('types', id)
    draft.set('types', id, value)
    const from = was && nameText(was.name)
    const to = value && nameText(value.name)
    if (!from || !to || from === to) return
    const follow = <T extends { type: TypeJson; _type: string }>(part: T): T =>
      mentions(part.type, from) ? { ...part, type: renamedIn(part.type, from, to), _type: words(part._type, from, to) } : part
    for (const table of draft.all('tables')) {
      if (table.columns.some((column) => mentions(column.type, from))) draft.set('tables', table._id, { ...table, columns: table.columns.map(follow) })
    }
    for (const other of draft.all('types')) {
      if (other.fields.some((field) => mentions(field.type, from))) draft.set('types', other._id, { ...other, fields: other.fields.map(follow) })
    }
  })
}

export function addField(doc: Doc, type: UserType, choice: TypeChoice): Command {
  const name = freeName(
    type.fields.map((field) => field.name),
    'field',
  )
  return setType(doc, type._id, { ...type, fields: [...type.fields, { name, type: choice.type, _type: choice.text }] }, `${nameText(type.name)}: add field`)
}
export const setField = (doc: Doc, type: UserType, at: number, members: Partial<TypeField> | undefined, label: string): Command =>
  setType(doc, type._id, { ...type, fields: type.fields.flatMap((field, i) => (i !== at ? [field] : members ? [{ ...field, ...members }] : [])) }, `${nameText(type.name)}: ${label}`)

// What a name may be, said while it is typed.
import { get } from './store'
import { type Doc, type Name, nameText, type Table } from './model'

export function checkName(name: string): string | undefined {
  if (!name.trim()) return 'A name is needed'
  if (name !== name.trim()) return 'No blanks at the ends'
  const most = get().project?.capabilities?.max_identifier_length ?? 63
  const bytes = new TextEncoder().encode(name).length
  if (bytes > most) return `${bytes} bytes; ${get().project?.product ?? 'the database'} takes ${most}`
  if ([...name].some((letter) => letter < ' ' || letter === '\u007f')) return 'No control characters'
  return undefined
}
export function checkTableName(doc: Doc, table: Table, to: Name): string | undefined {
  const wrong = checkName(to.name)
  if (wrong) return wrong
  const folded = nameText(to).toLowerCase()
  const twin = Object.values(doc.tables).find((each) => each._id !== table._id && nameText(each.name).toLowerCase() === folded)
  return twin ? `There is a table ${nameText(twin.name)} already` : undefined
}
export function checkColumnName(table: Table, column: string, name: string): string | undefined {
  const twin = table.columns.find((each) => each._id !== column && each.name.toLowerCase() === name.toLowerCase())
  return checkName(name) ?? (twin ? `There is a column ${twin.name} already` : undefined)
}

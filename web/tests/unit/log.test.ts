import { expect, test } from 'vitest'
import * as edits from '../../src/edits'
import { applied, type Command, emptyLog, redone, type Step, undone } from '../../src/log'
import { type Doc } from '../../src/model'
import { document, numbers } from './support'

const text = { type: { kind: 'text' }, text: 'text', group: 'text' }

function anyEdit(doc: Doc, pick: (below: number) => number): Command | undefined {
  const tables = Object.values(doc.tables)
  const table = tables[pick(tables.length)]
  if (!table || pick(8) === 0) return edits.addTable(doc, { x: pick(500), y: pick(500) }, '', text, true).command
  const column = table.columns[pick(table.columns.length)]
  const other = tables[pick(tables.length)]!
  const choices: (() => Command | undefined)[] = [
    () => edits.addColumn(doc, table._id, text).command,
    () => column && edits.renameColumn(doc, table._id, column._id, `name_${pick(1e6)}`),
    () => column && edits.dropColumn(doc, table._id, column._id),
    () => column && edits.togglePrimary(doc, table._id, column.name),
    () => column && edits.toggleUnique(doc, table._id, column.name),
    () => column && edits.setColumn(doc, table._id, column._id, 'null', { nullable: !column.nullable }),
    () => edits.renameTable(doc, table._id, { schema: '', name: `table_${pick(1e6)}` }),
    () => (tables.length > 3 ? edits.dropTables(doc, [table._id]) : undefined),
    () => edits.addReference(doc, table._id, other._id),
    () => edits.place(doc, { [table._id]: { x: pick(900), y: pick(900) } }),
    () => edits.duplicateTable(doc, table._id, { x: 1, y: 2 }).command,
    () => edits.addEnum(doc, '').command,
  ]
  return choices[pick(choices.length)]!()
}

test.each([1, 2, 3, 4, 5])('two hundred edits go back to the start and forth again (%i)', (seed) => {
  const pick = numbers(seed)
  const start: Step = { doc: document(), log: emptyLog() }
  const before = JSON.stringify(start.doc)
  let step = start
  while (step.log.done.length < 200) {
    const command = anyEdit(step.doc, pick)
    if (command?.patches.length) step = applied(step, command)
  }
  const end = JSON.stringify(step.doc)
  for (let i = 0; i < 200; ++i) step = undone(step)
  expect(sorted(step.doc)).toEqual(sorted(JSON.parse(before) as Doc))
  expect(step.log.done).toHaveLength(0)
  for (let i = 0; i < 200; ++i) step = redone(step)
  expect(sorted(step.doc)).toEqual(sorted(JSON.parse(end) as Doc))
  expect(JSON.stringify(start.doc)).toBe(before)
})

const sorted = (doc: Doc): unknown => JSON.parse(JSON.stringify(doc))

test('an edit after an undo forgets what was undone', () => {
  let step: Step = { doc: document(), log: emptyLog() }
  step = applied(step, edits.addTable(step.doc, { x: 0, y: 0 }, '', text, true).command)
  step = undone(step)
  step = applied(step, edits.addEnum(step.doc, '').command)
  expect(step.log.undone).toHaveLength(0)
  expect(redone(step)).toBe(step)
})

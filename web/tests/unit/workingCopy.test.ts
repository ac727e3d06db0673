import { describe, expect, test } from 'vitest'
import * as edits from '../../src/edits'
import { applied, emptyLog, type Step } from '../../src/log'
import { docOf, nameText } from '../../src/model'
import { marked } from '../../src/status'
import { opened, saved, settled } from '../../src/workingCopy'
import { document, wire } from './support'

const drawn = (): Step => {
  let step: Step = { doc: document(), log: emptyLog() }
  const run = (command: Parameters<typeof applied>[1]) => (step = applied(step, command))
  run(edits.renameColumn(step.doc, 't:posts', 'c:title', 'headline'))
  run(edits.place(step.doc, { 't:users': { x: 10, y: 20 } }))
  run(edits.addEnum(step.doc, '').command)
  return step
}
const kept = (step = drawn()) => {
  return JSON.parse(JSON.stringify(saved(step.doc, document(), 'first', step.log))) as ReturnType<typeof saved>
}

test('a drawing that was kept is opened as it was, with its log', () => {
  const step = drawn()
  const again = opened(kept(step), document(), 'first')
  expect(JSON.parse(JSON.stringify(again.doc))).toEqual(JSON.parse(JSON.stringify(step.doc)))
  expect(again.log.done).toHaveLength(3)
  expect(again.moved).toBe(false)
})

test('only what differs is kept', () => {
  expect(Object.keys(kept().delta.tables!)).toEqual(['t:posts'])
})

describe('on top of other migrations', () => {
  test('what they added is there beside what was drawn', () => {
    const later = wire()
    ;(later.model.tables as unknown[]).push({ name: 'later', columns: [] })
    later.type_texts.push([])
    const again = opened(kept(), docOf(later), 'second')
    expect(again.conflicts).toEqual([])
    expect(Object.values(again.doc.tables).map((table) => nameText(table.name))).toContain('later')
    expect(again.doc.tables['t:posts']!.columns[2]!.name).toBe('headline')
    expect(again.log).toEqual(emptyLog())
  })
  test('what both have changed is told', () => {
    const later = wire()
    ;(later.model.tables as { columns: unknown[] }[])[0]!.columns.push({ name: 'more', type: { kind: 'text' } })
    later.type_texts[0]!.push('text')
    expect(opened(kept(), docOf(later), 'second').conflicts).toEqual(['posts'])
  })
  test('what they made just as it was drawn is no change any more', () => {
    const step = drawn()
    const design = saved(step.doc, document(), 'first', step.log)
    const base = settled(step.doc, { ...document(), tables: step.doc.tables, enums: step.doc.enums })
    const again = opened(design, base, 'second')
    expect(again.conflicts).toEqual([])
    expect(marked(again.doc, base).count).toBe(0)
  })
})

test('after a migration was generated, places follow the names', () => {
  let step: Step = { doc: document(), log: emptyLog() }
  step = applied(step, edits.place(step.doc, { 't:users': { x: 5, y: 6 } }))
  step = applied(step, edits.renameTable(step.doc, 't:users', { schema: '', name: 'people' }))
  const later = wire()
  ;(later.model.tables as { name: string }[])[2]!.name = 'people'
  const doc = settled(step.doc, docOf(later))
  expect(doc.places).toEqual({ 't:people': { x: 5, y: 6 } })
})

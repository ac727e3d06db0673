import { describe, expect, it } from 'vitest'
import { sceneOf } from '../../src/canvas/scene'
import { noLayout } from '../../src/canvas/scene'
import { emptyDoc, type Table } from '../../src/model'
import { queriesOf, queryGroups, setKeys } from '../../src/queries'
import { nothingMarked } from '../../src/status'
import { applied, emptyLog, undone } from '../../src/log'

function table(name: string, partition: string[], clustering: string[], more: Partial<Table> = {}): Table {
  const columns = [...partition, ...clustering, 'note'].map((column) => ({ _id: `c:${column}`, _type: 'text', name: column, type: { kind: 'text' } }))
  return {
    _id: `t:${name}`,
    name: { schema: '', name },
    columns,
    partition_key: partition,
    clustering_key: clustering,
    primary_key: { parts: [...partition, ...clustering].map((column) => ({ column })) },
    ...more,
  }
}
function docWith(...tables: Table[]) {
  const doc = emptyDoc()
  for (const each of tables) doc.tables[each._id] = each
  return doc
}

describe('tables by what they serve', () => {
  const doc = docWith(table('by_user', ['user_id'], ['at']), table('totals', ['user_id'], []), table('by_day', ['day', 'shard'], ['at']))
  const tables = Object.values(doc.tables)

  it('gathers those with one partition key', () => {
    expect(queryGroups(doc, tables)).toEqual([
      { id: 'by:day, shard', title: 'by day, shard', tables: ['t:by_day'] },
      { id: 'by:user_id', title: 'by user_id', tables: ['t:by_user', 't:totals'] },
    ])
  })
  it('leaves a table where a person has put it', () => {
    const placed = { ...doc, areas: { 'a+1': { title: 'Totals', color: 0, tables: ['t:totals'] } } }
    expect(queryGroups(placed, tables).map((group) => group.tables)).toEqual([['t:by_day'], ['t:by_user']])
  })
  it('makes no group of tables that have no partition key', () => {
    expect(queryGroups(emptyDoc(), [{ ...tables[0]!, partition_key: undefined }])).toEqual([])
  })
  it('draws each group around its tables', () => {
    const layout = noLayout()
    tables.forEach((each, i) => layout.places.set(each._id, { x: i * 400, y: 0 }))
    const scene = sceneOf(doc, layout, nothingMarked(), () => 60)
    expect(scene.areas.map((area) => [area.title, area.served])).toEqual([
      ['by day, shard', true],
      ['by user_id', true],
    ])
    const box = scene.areas[1]!.box
    expect(box.x).toBeLessThan(0)
    expect(box.x + box.width).toBeGreaterThan(400 + scene.byId.get('t:totals')!.width)
  })
})

describe('what a key answers', () => {
  it('reads whole partitions, then ranges from the left, then one row', () => {
    const texts = queriesOf(table('t', ['k'], ['a', 'b'])).map((query) => query.text.replace('SELECT … FROM t WHERE ', ''))
    expect(texts).toEqual(['k = ?', 'k = ? AND a >= ? AND a < ?', 'k = ? AND a = ? AND b >= ? AND b < ?', 'k = ? AND a = ? AND b = ?'])
  })
  it('says in which order rows come', () => {
    const given = table('t', ['k'], ['a'], { primary_key: { parts: [{ column: 'k' }, { column: 'a', descending: true }] } })
    expect(queriesOf(given)[0]!.gives).toBe('all rows of a partition, by a descending')
  })
  it('knows of indexes', () => {
    const given = table('t', ['k'], [], { indexes: [{ name: 'by_note', parts: [{ column: 'note' }] }] })
    expect(queriesOf(given).at(-1)).toEqual({ text: 'SELECT … FROM t WHERE note = ?', gives: 'rows of any partition, through the index by_note' })
  })
})

describe('keys as a whole', () => {
  const doc = docWith(table('t', ['k'], ['a', 'b']))
  it('puts the order of clustering columns into the primary key', () => {
    const command = setKeys(doc, 't:t', ['k'], ['b', 'a'], ['a'], 'keys')
    const made = applied({ doc, log: emptyLog() }, command)
    const now = made.doc.tables['t:t']!
    expect(now.clustering_key).toEqual(['b', 'a'])
    expect(now.primary_key!.parts.map((part) => [part.column, !!part.descending])).toEqual([
      ['k', false],
      ['b', false],
      ['a', true],
    ])
    expect(undone(made).doc).toEqual(doc)
  })
  it('a column of the key is static no more', () => {
    const given = docWith(table('t', ['k'], [], {}))
    given.tables['t:t']!.columns[1]!.static = true
    const made = applied({ doc: given, log: emptyLog() }, setKeys(given, 't:t', ['k'], ['note'], [], 'keys'))
    expect(made.doc.tables['t:t']!.columns[1]!.static).toBeUndefined()
  })
})

// The keys of a table without joins, and what can be asked of it by them.
import { nameText, newId, type Table } from '../model'
import { GROUP, queriesOf, queryGroups, setKeys } from '../queries'
import * as edits from '../edits'
import { editable, get, reveal, run, select, useStore } from '../store'
import { Icon } from '../ui/Icon'
import { Section } from '../ui/parts'
import { Columns } from './KeyEditors'

export function CqlKeys({ table, disabled }: { table: Table; disabled: boolean }) {
  const partition = table.partition_key ?? []
  const clustering = table.clustering_key ?? []
  const descending = (table.primary_key?.parts ?? []).filter((part) => part.descending).map((part) => part.column ?? '')
  const names = table.columns.map((column) => column.name)
  const put = (toPartition: string[], toClustering: string[], down: string[], label: string) =>
    run(setKeys(get().doc, table._id, toPartition, toClustering, down, `${nameText(table.name)}: ${label}`))
  return (
    <Section title="Key">
      <div className="part">
        <h4 className="part-title">Partition key</h4>
        <Columns
          label="Columns of the partition key"
          all={names}
          chosen={partition}
          disabled={disabled}
          onChange={(chosen) => chosen.length && put(chosen, clustering.filter((name) => !chosen.includes(name)), descending, 'partition key')}
        />
        <p className="hint">Rows with the same values lie together on one node, and are read by all of these columns.</p>
      </div>
      <div className="part">
        <h4 className="part-title">Clustering columns</h4>
        <Columns
          label="Clustering columns"
          all={names.filter((name) => !partition.includes(name))}
          chosen={clustering}
          disabled={disabled}
          onChange={(chosen) => put(partition, chosen, descending, 'clustering columns')}
        />
        {clustering.map((name) => (
          <div className="order-line" key={name}>
            <span className="mono">{name}</span>
            <div className="switch" role="group" aria-label={`Order of ${name}`}>
              {(['ascending', 'descending'] as const).map((order) => {
                const on = descending.includes(name) === (order === 'descending')
                return (
                  <button
                    key={order}
                    type="button"
                    aria-pressed={on}
                    disabled={disabled}
                    onClick={() => !on && put(partition, clustering, order === 'descending' ? [...descending, name] : descending.filter((each) => each !== name), `${name} ${order}`)}
                  >
                    {order}
                  </button>
                )
              })}
            </div>
          </div>
        ))}
      </div>
    </Section>
  )
}

/** The queries that the table serves as it is. */
export function Serves({ table }: { table: Table }) {
  const queries = queriesOf(table)
  if (queries.length === 0) return null
  return (
    <Section title="Serves" count={queries.length} open={false}>
      <ul className="queries">
        {queries.map((query) => (
          <li key={query.text}>
            <code>{query.text}</code>
            <small>{query.gives}</small>
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** Tables that are read by the same key. */
export function QueryGroupView({ id }: { id: string }) {
  const doc = useStore((s) => (s.mode === 'design' ? s.doc : s.shownDoc) ?? s.doc)
  const enabled = useStore(editable)
  const group = queryGroups(doc, Object.values(doc.tables)).find((each) => each.id === id)
  if (!group) return null
  const keep = () => {
    const area = newId('a')
    run(edits.setArea(get().doc, area, { title: group.title, color: Object.keys(get().doc.areas).length % 6, tables: group.tables }))
    select([area])
  }
  return (
    <div className="editor">
      <h2 className="editor-title">
        <small>access</small>
        {group.title}
      </h2>
      <p className="hint">These tables have the partition key ({id.slice(GROUP.length)}), so each is read by it.</p>
      {group.tables.map((table) => {
        const each = doc.tables[table]
        if (!each) return null
        return (
          <section className="section" key={table}>
            <button type="button" className="link" onClick={() => reveal(table)}>
              {nameText(each.name)}
            </button>
            <ul className="queries">
              {queriesOf(each).map((query) => (
                <li key={query.text}>
                  <code>{query.text}</code>
                  <small>{query.gives}</small>
                </li>
              ))}
            </ul>
          </section>
        )
      })}
      <button type="button" className="button" disabled={!enabled} onClick={keep}>
        <Icon name="area" size={15} /> Make it an area of its own
      </button>
      <p className="hint">An area keeps its name and its tables when their keys change.</p>
    </div>
  )
}

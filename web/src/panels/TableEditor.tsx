// Everything about the one table that is selected.
import { useEffect, useRef } from 'react'
import * as edits from '../edits'
import { nameText, type Table } from '../model'
import { checkTableName } from '../names'
import { editable, get, run, select, usualType, useStore } from '../store'
import { Icon } from '../ui/Icon'
import { Check, IconButton, Section, TextField } from '../ui/parts'
import { ColumnRow } from './ColumnRow'
import { CqlKeys, Serves } from './CqlKeys'
import { Checks, ForeignKeys, Indexes, Uniques } from './KeyEditors'

export function TableEditor({ table }: { table: Table }) {
  const column = useStore((s) => s.column)
  const enabled = useStore(editable)
  const capabilities = useStore((s) => s.project?.capabilities)
  const root = useRef<HTMLDivElement>(null)
  const relational = capabilities?.relational !== false
  const doc = () => get().doc

  // "Edit this" of the canvas: Enter, or a double click.
  useEffect(() => {
    const focus = (event: Event) => {
      const what = (event as CustomEvent<string>).detail
      setTimeout(() => {
        const open = what === 'column' ? root.current?.querySelector<HTMLInputElement>('.column.open input') : undefined
        ;(open ?? root.current?.querySelector<HTMLInputElement>('.table-name input'))?.focus()
      }, 20)
    }
    document.addEventListener('sterna-edit', focus)
    return () => document.removeEventListener('sterna-edit', focus)
  }, [])

  const addColumn = () => {
    const { command, column: id } = edits.addColumn(doc(), table._id, usualType())
    run(command)
    select([table._id], id)
    setTimeout(() => root.current?.querySelector<HTMLInputElement>('.column.open input')?.focus(), 20)
  }
  return (
    <div className="editor" ref={root}>
      <div className="editor-head">
        <TextField
          className="table-name"
          label="Table"
          value={table.name.name}
          disabled={!enabled}
          check={(name) => checkTableName(doc(), table, { ...table.name, name })}
          onCommit={(name) => run(edits.renameTable(doc(), table._id, { ...table.name, name: name.trim() }))}
        />
        <div className="head-actions">
          <IconButton
            icon="copy"
            label="Duplicate table"
            disabled={!enabled}
            onClick={() => {
              const at = doc().places[table._id] ?? get().layout.places.get(table._id) ?? { x: 0, y: 0 }
              const { command, id } = edits.duplicateTable(doc(), table._id, { x: at.x + 40, y: at.y + 40 })
              run(command)
              select([id])
            }}
          />
          <IconButton icon="trash" label={`Drop table ${nameText(table.name)}`} danger disabled={!enabled} onClick={() => run(edits.dropTables(doc(), [table._id]))} />
        </div>
      </div>
      {table.name.schema && <p className="hint">in schema {table.name.schema}</p>}
      <Section
        title="Columns"
        count={table.columns.length}
        action={
          <button type="button" className="button small" disabled={!enabled} onClick={addColumn}>
            <Icon name="plus" size={14} /> Column
          </button>
        }
      >
        <ul className="columns">
          {table.columns.map((each) => (
            <ColumnRow key={each._id} table={table} column={each} open={each._id === column} disabled={!enabled} />
          ))}
        </ul>
      </Section>
      {!relational && <CqlKeys table={table} disabled={!enabled} />}
      {!relational && <Serves table={table} />}
      {relational && <ForeignKeys table={table} disabled={!enabled} />}
      <Indexes table={table} disabled={!enabled} />
      {relational && <Uniques table={table} disabled={!enabled} />}
      {relational && <Checks table={table} disabled={!enabled} />}
      <Options table={table} disabled={!enabled} comments={!!capabilities?.comments} />
    </div>
  )
}

/** Names that a person can choose from; any other that the database knows can be typed. */
const KNOWN_OPTIONS: Record<string, string[]> = {
  postgres: ['fillfactor', 'autovacuum_enabled', 'autovacuum_vacuum_scale_factor', 'autovacuum_analyze_scale_factor', 'toast_tuple_target', 'parallel_workers'],
  mysql: ['row_format', 'key_block_size', 'stats_persistent', 'stats_auto_recalc', 'stats_sample_pages', 'page_compressed'],
  cql: ['default_time_to_live', 'gc_grace_seconds', 'compaction', 'compression', 'caching', 'bloom_filter_fp_chance', 'speculative_retry', 'cdc', 'memtable_flush_period_in_ms', 'min_index_interval', 'max_index_interval'],
}

function Options({ table, disabled, comments }: { table: Table; disabled: boolean; comments: boolean }) {
  const dialect = useStore((s) => s.like.dialect) ?? ''
  const change = (label: string, members: Partial<Table>) => run(edits.setTable(get().doc, table._id, `${nameText(table.name)}: ${label}`, members))
  const text = (label: string, member: 'engine' | 'charset' | 'collation', list?: string[]) => (
    <TextField label={label} mono value={(table[member] as string | undefined) ?? ''} disabled={disabled} {...(list ? { list } : {})} onCommit={(value) => change(label.toLowerCase(), { [member]: value || undefined })} />
  )
  const options = table.options ?? {}
  const put = (key: string, value: string | undefined) => {
    const next = Object.fromEntries([...Object.entries(options).filter(([each]) => each !== key), ...(value === undefined ? [] : [[key, value]])]) as Record<string, string>
    change(key, { options: Object.keys(next).length ? next : undefined })
  }
  const known = (KNOWN_OPTIONS[dialect] ?? []).filter((key) => options[key] === undefined)
  return (
    <Section title="Options" open={Object.keys(options).length > 0}>
      {comments && <TextField label="Comment" value={table.comment ?? ''} disabled={disabled} onCommit={(comment) => change('comment', { comment: comment || undefined })} />}
      {dialect === 'sqlite' && (
        <div className="pair wrap">
          <Check label="STRICT" checked={!!table.strict} disabled={disabled} onChange={(on) => change('strict', { strict: on || undefined })} />
          <Check label="WITHOUT ROWID" checked={!!table.without_rowid} disabled={disabled} onChange={(on) => change('without rowid', { without_rowid: on || undefined })} />
        </div>
      )}
      {dialect === 'mysql' && text('Engine', 'engine', ['InnoDB', 'MyISAM', 'Aria'])}
      {dialect === 'mysql' && (
        <div className="pair">
          {text('Character set', 'charset', ['utf8mb4', 'latin1', 'ascii', 'binary'])}
          {text('Collation', 'collation')}
        </div>
      )}
      {Object.entries(options).map(([key, value]) => (
        <div className="part-line option-line" key={key}>
          <TextField label={key} mono value={value} disabled={disabled} onCommit={(next) => put(key, next)} />
          <IconButton icon="trash" label={`Take option ${key} away`} danger disabled={disabled} onClick={() => put(key, undefined)} />
        </div>
      ))}
      {dialect in KNOWN_OPTIONS && !disabled && (
        <TextField
          label="Another option"
          mono
          value=""
          placeholder={`${known[0] ?? 'name'} = value`}
          list={known.map((key) => `${key} = `)}
          check={(given) => (given.trim() === '' || /^[\w ]+=\s*\S/.test(given) ? undefined : 'Write name = value')}
          onCommit={(given) => {
            const at = given.indexOf('=')
            put(given.slice(0, at).trim(), given.slice(at + 1).trim())
          }}
        />
      )}
    </Section>
  )
}

// One column in the table's editor: name, type and the marks on one line, the rest below it when it is opened.
import { useEffect, useRef } from 'react'
import * as edits from '../edits'
import { type Column, marksOf, type Table } from '../model'
import { checkColumnName } from '../names'
import { get, run, select, useStore } from '../store'
import { Icon } from '../ui/Icon'
import { Check, IconButton, Select, TextField } from '../ui/parts'
import { TypeField } from './TypeField'

export function ColumnRow({ table, column, open, disabled }: { table: Table; column: Column; open: boolean; disabled: boolean }) {
  const root = useRef<HTMLLIElement>(null)
  const mark = useStore((s) => s.marked.columns.get(table._id)?.get(column._id) ?? (s.marked.tables.get(table._id) === 'added' ? 'added' : undefined))
  const relational = useStore((s) => s.project?.capabilities?.relational !== false)
  const nulls = useStore((s) => s.project?.capabilities?.not_null !== false)
  const marks = marksOf(table, column.name)
  useEffect(() => {
    if (open) root.current?.scrollIntoView({ block: 'nearest' })
  }, [open])
  const doc = () => get().doc
  const toggleKey = () => run(relational ? edits.togglePrimary(doc(), table._id, column.name) : edits.cycleCqlKey(doc(), table._id, column.name))
  const key = marks.partition ? 'K' : marks.clustering ? 'C' : undefined
  const isKey = marks.primary || !!key
  return (
    <li ref={root} className={`column${open ? ' open' : ''}${mark ? ' ' + mark : ''}`} data-column={column.name}>
      <div className="column-line">
        <button
          type="button"
          className={`key-toggle${isKey ? ' on' : ''}`}
          aria-pressed={isKey}
          aria-label={`${column.name}: ${relational ? 'primary key' : marks.partition ? 'partition key' : marks.clustering ? 'clustering key' : 'no key'}`}
          title={relational ? 'Primary key' : 'Partition key, clustering key, none'}
          disabled={disabled}
          onClick={toggleKey}
        >
          {key ?? <Icon name="key" size={15} />}
        </button>
        <TextField
          label={`Name of ${column.name}`}
          hideLabel
          value={column.name}
          disabled={disabled}
          check={(name) => checkColumnName(table, column._id, name)}
          onCommit={(name) => run(edits.renameColumn(doc(), table._id, column._id, name.trim()))}
        />
        <TypeField
          label={`Type of ${column.name}`}
          value={column._type}
          disabled={disabled}
          onCommit={(choice) => run(edits.setColumn(doc(), table._id, column._id, `${column.name}: ${choice.text}`, { type: choice.type, _type: choice.text }))}
        />
        {nulls ? (
          <button
            type="button"
            className={`null-toggle${column.nullable ? ' on' : ''}`}
            aria-pressed={!!column.nullable}
            aria-label={`${column.name} may be null`}
            title={column.nullable ? 'May be NULL' : 'NOT NULL'}
            disabled={disabled || isKey}
            onClick={() => run(edits.setColumn(doc(), table._id, column._id, `${column.name}: ${column.nullable ? 'not null' : 'null'}`, { nullable: column.nullable ? undefined : true }))}
          >
            NULL
          </button>
        ) : (
          <span />
        )}
        <button type="button" className="icon-button small" aria-expanded={open} aria-label={`More of ${column.name}`} onClick={() => select([table._id], open ? undefined : column._id)}>
          <Icon name={open ? 'up' : 'down'} size={14} />
        </button>
      </div>
      {open && <ColumnMore table={table} column={column} disabled={disabled} unique={marks.unique} relational={relational} />}
    </li>
  )
}

function ColumnMore({ table, column, disabled, unique, relational }: { table: Table; column: Column; disabled: boolean; unique: boolean; relational: boolean }) {
  const doc = () => get().doc
  const dialect = useStore((s) => s.like.dialect)
  const comments = useStore((s) => s.project?.capabilities?.comments)
  const change = (label: string, members: Partial<Column>) => run(edits.setColumn(doc(), table._id, column._id, `${column.name}: ${label}`, members))
  const counts = column.identity && column.identity !== 'none' ? column.identity : column.auto_increment ? 'auto' : 'none'
  return (
    <div className="column-more">
      {relational && (
        <div className="pair">
          <TextField
            label="Default"
            mono
            value={edits.defaultText(column.default)}
            placeholder="none"
            disabled={disabled}
            list={['now()', '0', 'true', 'false', "''"]}
            onCommit={(text) => change('default', { default: edits.parseDefault(text) })}
          />
          <TextField
            label="Generated as"
            mono
            value={column.generated?.expression ?? ''}
            placeholder="not generated"
            disabled={disabled}
            onCommit={(text) => change('generated', { generated: text.trim() ? { ...column.generated, expression: text.trim() } : undefined })}
          />
        </div>
      )}
      {comments && <TextField label="Comment" value={column.comment ?? ''} disabled={disabled} onCommit={(comment) => change('comment', { comment: comment || undefined })} />}
      <div className="pair wrap">
        {relational && <Check label="Unique" checked={unique} disabled={disabled} onChange={() => run(edits.toggleUnique(doc(), table._id, column.name))} />}
        {!relational && <Check label="Static" checked={!!column.static} disabled={disabled} onChange={(on) => change('static', { static: on || undefined })} />}
        {dialect === 'postgres' && (
          <Select
            label="Identity"
            value={counts}
            disabled={disabled}
            options={[
              { value: 'none', text: 'no identity' },
              { value: 'by_default', text: 'identity, by default' },
              { value: 'always', text: 'identity, always' },
              ...(counts === 'auto' ? [{ value: 'auto', text: 'serial' }] : []),
            ]}
            onChange={(value) => change('identity', { identity: value === 'none' ? undefined : (value as Column['identity']), auto_increment: undefined, nullable: undefined })}
          />
        )}
        {relational && dialect !== 'postgres' && (
          <Check label="Auto increment" checked={!!column.auto_increment} disabled={disabled} onChange={(on) => change('auto increment', { auto_increment: on || undefined })} />
        )}
        <span className="grow" />
        <span className="row-actions">
          <IconButton icon="up" label="Move up" disabled={disabled} onClick={() => run(edits.moveColumn(doc(), table._id, column._id, -1))} />
          <IconButton icon="down" label="Move down" disabled={disabled} onClick={() => run(edits.moveColumn(doc(), table._id, column._id, 1))} />
          <IconButton icon="trash" label={`Drop column ${column.name}`} danger disabled={disabled} onClick={() => run(edits.dropColumn(doc(), table._id, column._id))} />
        </span>
      </div>
    </div>
  )
}

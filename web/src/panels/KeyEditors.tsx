// Indexes, unique keys, foreign keys and checks of a table, each a small card.
import * as edits from '../edits'
import { type Action, type Check as CheckOf, type ForeignKey, type Index, nameText, type Part, type Table } from '../model'
import { checkName } from '../names'
import { get, run, useStore } from '../store'
import { Check, IconButton, Section, Select, TextField } from '../ui/parts'

const doc = () => get().doc
const optionalName = (name: string) => (name === '' ? undefined : checkName(name))

/** Columns in their order; a click adds or takes away. */
export function Columns(props: { label: string; all: string[]; chosen: string[]; onChange: (columns: string[]) => void; disabled: boolean }) {
  return (
    <div className="chips" role="group" aria-label={props.label}>
      {props.all.map((name) => {
        const at = props.chosen.indexOf(name)
        return (
          <button
            key={name}
            type="button"
            className={`chip${at >= 0 ? ' on' : ''}`}
            aria-pressed={at >= 0}
            disabled={props.disabled}
            onClick={() => props.onChange(at >= 0 ? props.chosen.filter((each) => each !== name) : [...props.chosen, name])}
          >
            {at >= 0 && props.chosen.length > 1 && <b>{at + 1}</b>}
            {name}
          </button>
        )
      })}
    </div>
  )
}

const partsText = (parts: Part[]) => parts.map((part) => part.column ?? `(${part.expression})`).join(', ')

export function Indexes({ table, disabled }: { table: Table; disabled: boolean }) {
  const relational = useStore((s) => s.project?.capabilities?.relational !== false)
  const dialect = useStore((s) => s.like.dialect)
  const indexes = table.indexes ?? []
  const columns = table.columns.map((column) => column.name)
  const first = columns.find((name) => !indexes.some((index) => index.parts[0]?.column === name) && table.primary_key?.parts[0]?.column !== name) ?? columns[0]
  const put = (at: number, index: Index | undefined, label: string) => run(edits.setPart(doc(), table._id, 'indexes', at, index, label))
  return (
    <Section
      title="Indexes"
      count={indexes.length}
      action={<IconButton icon="plus" label="Add index" disabled={disabled || !first} onClick={() => put(indexes.length, { parts: [{ column: first! }] }, 'add index')} />}
    >
      {indexes.map((index, i) => (
        <div className="part" key={index.name ?? `new-${i}`}>
          <div className="part-line">
            <TextField
              label={`Name of index on ${partsText(index.parts)}`}
              hideLabel
              value={index.name ?? ''}
              placeholder="named by its columns"
              check={optionalName}
              disabled={disabled}
              onCommit={(name) => put(i, { ...index, name: name || undefined }, 'rename index')}
            />
            {relational && <Check label="Unique" checked={!!index.unique} disabled={disabled} onChange={(on) => put(i, { ...index, unique: on || undefined }, 'unique index')} />}
            <IconButton icon="trash" label="Drop index" danger disabled={disabled} onClick={() => put(i, undefined, 'drop index')} />
          </div>
          {index.parts.some((part) => part.expression) ? (
            <code className="definition">{partsText(index.parts)}</code>
          ) : (
            <Columns
              label="Columns of the index"
              all={columns}
              disabled={disabled}
              chosen={index.parts.map((part) => part.column ?? '')}
              onChange={(chosen) => chosen.length && put(i, { ...index, parts: chosen.map((column) => index.parts.find((part) => part.column === column) ?? { column }) }, 'index columns')}
            />
          )}
          {dialect === 'cql' && (
            <Select
              label="Method"
              value={index.method ?? ''}
              disabled={disabled}
              options={[...new Set(['', 'sai', index.method ?? ''])].map((value) => ({ value, text: value === 'sai' ? 'storage-attached (SAI)' : value || 'built in' }))}
              onChange={(method) => put(i, { ...index, method: method || undefined }, 'index method')}
            />
          )}
          {dialect === 'postgres' && (
            <div className="pair">
              <Select
                label="Method"
                value={index.method ?? ''}
                disabled={disabled}
                options={['', 'btree', 'hash', 'gin', 'gist', 'brin', 'spgist'].map((value) => ({ value, text: value || 'btree (usual)' }))}
                onChange={(method) => put(i, { ...index, method: method || undefined }, 'index method')}
              />
              <TextField label="Only where" mono value={index.where ?? ''} placeholder="all rows" disabled={disabled} onCommit={(where) => put(i, { ...index, where: where || undefined }, 'partial index')} />
            </div>
          )}
        </div>
      ))}
    </Section>
  )
}

export function Uniques({ table, disabled }: { table: Table; disabled: boolean }) {
  const uniques = table.uniques ?? []
  const columns = table.columns.map((column) => column.name)
  const put = (at: number, unique: { name?: string; columns: string[] } | undefined, label: string) => run(edits.setPart(doc(), table._id, 'uniques', at, unique, label))
  return (
    <Section
      title="Unique keys"
      count={uniques.length}
      action={<IconButton icon="plus" label="Add unique key" disabled={disabled || columns.length === 0} onClick={() => put(uniques.length, { columns: [columns.at(-1)!] }, 'add unique key')} />}
    >
      {uniques.map((unique, i) => (
        <div className="part" key={unique.name ?? `new-${i}`}>
          <div className="part-line">
            <TextField label="Name of unique key" hideLabel value={unique.name ?? ''} placeholder="named by its columns" check={optionalName} disabled={disabled} onCommit={(name) => put(i, { ...unique, name: name || undefined }, 'rename unique key')} />
            <IconButton icon="trash" label="Drop unique key" danger disabled={disabled} onClick={() => put(i, undefined, 'drop unique key')} />
          </div>
          <Columns label="Columns of the unique key" all={columns} chosen={unique.columns} disabled={disabled} onChange={(chosen) => chosen.length && put(i, { ...unique, columns: chosen }, 'unique columns')} />
        </div>
      ))}
    </Section>
  )
}

const ACTIONS: { value: Action; text: string }[] = [
  { value: 'no_action', text: 'no action' },
  { value: 'restrict', text: 'restrict' },
  { value: 'cascade', text: 'cascade' },
  { value: 'set_null', text: 'set null' },
  { value: 'set_default', text: 'set default' },
]

export function ForeignKeys({ table, disabled }: { table: Table; disabled: boolean }) {
  const tables = useStore((s) => s.doc.tables)
  const keys = table.foreign_keys ?? []
  const put = (at: number, key: ForeignKey | undefined, label: string) => run(edits.setPart(doc(), table._id, 'foreign_keys', at, key, label))
  const names = Object.values(tables)
    .map((each) => nameText(each.name))
    .sort()
  const byName = new Map(Object.values(tables).map((each) => [nameText(each.name), each]))
  const add = () => {
    const parent = Object.values(tables).find((each) => each._id !== table._id && each.primary_key) ?? table
    const command = edits.addReference(doc(), table._id, parent._id)
    if (command) run(command)
  }
  return (
    <Section title="Foreign keys" count={keys.length} action={<IconButton icon="plus" label="Add foreign key" disabled={disabled} onClick={add} />}>
      {keys.map((key, i) => {
        const parent = byName.get(nameText(key.referenced_table))
        const set = (members: Partial<ForeignKey>, label: string) => put(i, { ...key, ...members }, label)
        return (
          <div className="part" key={key.name ?? `new-${i}`}>
            <div className="part-line">
              <TextField label="Name of foreign key" hideLabel value={key.name ?? ''} placeholder={`${key.columns.join(', ')} → ${nameText(key.referenced_table)}`} check={optionalName} disabled={disabled} onCommit={(name) => set({ name: name || undefined }, 'rename foreign key')} />
              <IconButton icon="trash" label="Drop foreign key" danger disabled={disabled} onClick={() => put(i, undefined, 'drop foreign key')} />
            </div>
            {key.columns.map((column, at) => (
              <div className="pair arrow" key={at}>
                <Select
                  label="Column"
                  hideLabel={at > 0}
                  value={column}
                  disabled={disabled}
                  options={table.columns.map((each) => ({ value: each.name, text: each.name }))}
                  onChange={(value) => set({ columns: key.columns.map((each, n) => (n === at ? value : each)) }, 'foreign key column')}
                />
                {at === 0 && (
                  <Select
                    label="Refers to"
                    value={nameText(key.referenced_table)}
                    disabled={disabled}
                    options={names.map((value) => ({ value, text: value }))}
                    onChange={(value) => {
                      const target = byName.get(value)!
                      set({ referenced_table: target.name, referenced_columns: [target.primary_key?.parts[0]?.column ?? target.columns[0]!.name], columns: key.columns.slice(0, 1) }, 'foreign key table')
                    }}
                  />
                )}
                <Select
                  label="Its column"
                  hideLabel={at > 0}
                  value={key.referenced_columns?.[at] ?? parent?.primary_key?.parts[at]?.column ?? ''}
                  disabled={disabled}
                  options={(parent?.columns ?? []).map((each) => ({ value: each.name, text: each.name }))}
                  onChange={(value) => set({ referenced_columns: key.columns.map((_, n) => (n === at ? value : (key.referenced_columns?.[n] ?? ''))) }, 'foreign key column')}
                />
              </div>
            ))}
            <div className="pair">
              <Select label="On delete" value={key.on_delete ?? 'no_action'} disabled={disabled} options={ACTIONS} onChange={(value) => set({ on_delete: value === 'no_action' ? undefined : (value as Action) }, 'on delete')} />
              <Select label="On update" value={key.on_update ?? 'no_action'} disabled={disabled} options={ACTIONS} onChange={(value) => set({ on_update: value === 'no_action' ? undefined : (value as Action) }, 'on update')} />
            </div>
          </div>
        )
      })}
      {keys.length === 0 && <p className="hint">Drag from a column’s dot on the canvas to the column that it refers to.</p>}
    </Section>
  )
}

export function Checks({ table, disabled }: { table: Table; disabled: boolean }) {
  const checks = table.checks ?? []
  const put = (at: number, check: CheckOf | undefined, label: string) => run(edits.setPart(doc(), table._id, 'checks', at, check, label))
  const start = `${table.columns[0]?.name ?? 'x'} IS NOT NULL`
  return (
    <Section title="Checks" count={checks.length} action={<IconButton icon="plus" label="Add check" disabled={disabled} onClick={() => put(checks.length, { expression: start }, 'add check')} />}>
      {checks.map((check, i) => (
        <div className="part" key={check.name ?? `new-${i}`}>
          <div className="part-line">
            <TextField label="Condition" hideLabel mono value={check.expression} check={(text) => (text.trim() ? undefined : 'A condition is needed')} disabled={disabled} onCommit={(expression) => put(i, { ...check, expression }, 'check')} />
            <IconButton icon="trash" label="Drop check" danger disabled={disabled} onClick={() => put(i, undefined, 'drop check')} />
          </div>
        </div>
      ))}
    </Section>
  )
}

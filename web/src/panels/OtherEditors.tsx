// What is no table: enums, views and functions, notes, areas, several things at once.
import * as edits from '../edits'
import { type Area, type EnumType, nameText, newId, type Note, type SchemaObject } from '../model'
import { checkName } from '../names'
import { editable, get, run, select, useStore } from '../store'
import { Code } from '../ui/Code'
import { Icon } from '../ui/Icon'
import { IconButton, Section, TextField } from '../ui/parts'

const doc = () => get().doc

export function EnumEditor({ type }: { type: EnumType }) {
  const enabled = useStore(editable)
  const put = (value: EnumType | undefined, label: string) => run(edits.setEnum(doc(), type._id, value, label))
  const values = (next: string[]) => put({ ...type, values: next }, 'enum values')
  return (
    <div className="editor">
      <div className="editor-head">
        <TextField className="table-name" label="Enum" value={type.name.name} check={checkName} disabled={!enabled} onCommit={(name) => put({ ...type, name: { ...type.name, name } }, 'rename enum')} />
        <IconButton icon="trash" label="Drop enum" danger disabled={!enabled} onClick={() => put(undefined, `drop enum ${nameText(type.name)}`)} />
      </div>
      <Section
        title="Values"
        count={type.values.length}
        action={<IconButton icon="plus" label="Add value" disabled={!enabled} onClick={() => values([...type.values, edits.freeName(type.values, 'value')])} />}
      >
        {type.values.map((value, i) => (
          <div className="part-line" key={value}>
            <TextField
              label={`Value ${i + 1}`}
              hideLabel
              value={value}
              disabled={!enabled}
              check={(text) => (type.values.some((other, n) => n !== i && other === text) ? 'This value is there already' : undefined)}
              onCommit={(text) => values(type.values.map((other, n) => (n === i ? text : other)))}
            />
            <IconButton icon="trash" label={`Take ${value} away`} danger disabled={!enabled || type.values.length < 2} onClick={() => values(type.values.filter((_, n) => n !== i))} />
          </div>
        ))}
      </Section>
    </div>
  )
}

export function ObjectEditor({ object }: { object: SchemaObject }) {
  const enabled = useStore(editable)
  const dialect = useStore((s) => s.like.dialect)
  const tables = useStore((s) => s.doc.tables)
  const names = Object.fromEntries(Object.values(tables).map((table) => [nameText(table.name), table.columns.map((column) => column.name)]))
  const put = (value: SchemaObject | undefined, label: string) => run(edits.setObject(doc(), object._id, value, label))
  return (
    <div className="editor">
      <div className="editor-head">
        <h2 className="editor-title">
          <small>{object.kind}</small>
          {nameText(object.name)}
        </h2>
        <IconButton icon="trash" label={`Drop ${object.kind}`} danger disabled={!enabled} onClick={() => put(undefined, `drop ${object.kind} ${nameText(object.name)}`)} />
      </div>
      <Code
        key={object._id}
        label={`Definition of ${object.name.name}`}
        language="sql"
        text={object.definition}
        names={names}
        {...(dialect ? { dialect } : {})}
        {...(enabled
          ? {
              onCommit: (text: string) => {
                if (text.trim() && text !== object.definition) put({ ...object, definition: text.trim().replace(/;$/, ''), name: nameIn(text, object) }, `${object.kind} ${object.name.name}`)
              },
            }
          : {})}
      />
      <p className="hint">The database itself checks the definition; what it says stands under Changes.</p>
    </div>
  )
}

/** The name after CREATE VIEW, which is the object's. */
function nameIn(text: string, object: SchemaObject): SchemaObject['name'] {
  const found = /^\s*create\s+(?:or\s+replace\s+)?(?:materialized\s+)?\w+\s+(?:if\s+not\s+exists\s+)?["`]?([^\s"`(.]+)["`]?(?!\.)/i.exec(text)
  return object._was === undefined && found ? { ...object.name, name: found[1]! } : object.name
}

export function NoteEditor({ id, note }: { id: string; note: Note }) {
  return (
    <div className="editor">
      <div className="editor-head">
        <h2 className="editor-title">Note</h2>
        <IconButton icon="trash" label="Remove note" danger onClick={() => run(edits.setNote(doc(), id, undefined))} />
      </div>
      <label className="hidden" htmlFor="note-text">
        Text of the note
      </label>
      <textarea id="note-text" rows={8} defaultValue={note.text} key={id} onBlur={(event) => run(edits.setNote(doc(), id, { ...note, text: event.target.value }))} />
    </div>
  )
}

export function AreaEditor({ id, area }: { id: string; area: Area }) {
  return (
    <div className="editor">
      <div className="editor-head">
        <TextField className="table-name" label="Area" value={area.title} onCommit={(title) => run(edits.setArea(doc(), id, { ...area, title }))} />
        <IconButton icon="trash" label="Remove area" danger onClick={() => run(edits.setArea(doc(), id, undefined))} />
      </div>
      <div className="swatches" role="group" aria-label="Colour">
        {[0, 1, 2, 3, 4, 5].map((color) => (
          <button key={color} type="button" className={`swatch area-${color + 1}`} aria-label={`Colour ${color + 1}`} aria-pressed={area.color === color} onClick={() => run(edits.setArea(doc(), id, { ...area, color }))} />
        ))}
      </div>
      <p className="hint">{area.tables.length} {area.tables.length === 1 ? 'table' : 'tables'}; the area follows them when they move, and its title moves them all.</p>
    </div>
  )
}

export function ManyEditor({ ids }: { ids: string[] }) {
  const enabled = useStore(editable)
  const tables = useStore((s) => s.doc.tables)
  const chosen = ids.filter((id) => tables[id])
  const group = () => {
    const id = newId('a')
    run(edits.setArea(doc(), id, { title: 'Area', color: Object.keys(doc().areas).length % 6, tables: chosen }))
    select([id])
  }
  return (
    <div className="editor">
      <h2 className="editor-title">{chosen.length} tables</h2>
      <ul className="plain">
        {chosen.slice(0, 30).map((id) => (
          <li key={id}>{nameText(tables[id]!.name)}</li>
        ))}
        {chosen.length > 30 && <li>and {chosen.length - 30} more</li>}
      </ul>
      <div className="pair wrap">
        <button type="button" className="button" disabled={!enabled} onClick={group}>
          <Icon name="area" size={15} /> Group as an area
        </button>
        <button type="button" className="button danger" disabled={!enabled} onClick={() => run(edits.dropTables(doc(), chosen))}>
          <Icon name="trash" size={15} /> Drop them
        </button>
      </div>
    </div>
  )
}

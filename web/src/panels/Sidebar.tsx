// Everything by name: a list to look through with the keys, which is also what screen readers see of the canvas.
import { useEffect, useRef, useState } from 'react'
import * as edits from '../edits'
import { nameText, type Table } from '../model'
import { editable, filterOf, get, newTable, reveal, run, select, set, shownDoc, shownMarked, usualType, useStore } from '../store'
import { addType } from '../typeEdits'
import { useCanvas } from '../ui/canvasContext'
import { Icon } from '../ui/Icon'
import { IconButton, Menu, MenuItem } from '../ui/parts'

/** table_2 before table_10. */
const byName = new Intl.Collator('en', { numeric: true })

export function Sidebar() {
  const doc = useStore(shownDoc)
  const marks = useStore(shownMarked)
  const selection = useStore((s) => s.selection)
  const schema = useStore((s) => s.schema)
  const filter = useStore(steadyFilter)
  const enabled = useStore(editable)
  const capabilities = useStore((s) => s.project?.capabilities)
  const [text, setText] = useState('')
  const canvas = useCanvas()
  const lists = useRef<HTMLDivElement>(null)
  useEffect(() => {
    lists.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [selection])
  const wanted = text.trim().toLowerCase()
  const holds = (name: string, part = wanted) => name.toLowerCase().includes(part)
  const fits = (table: Table, part = wanted) => holds(nameText(table.name), part) || (part.length > 1 && table.columns.some((column) => holds(column.name, part)))
  const look = (next: string) => {
    setText(next)
    const part = next.trim().toLowerCase()
    set({ lit: part ? new Set(Object.values(doc.tables).flatMap((table) => (fits(table, part) ? [table._id] : []))) : undefined })
  }
  const all = Object.values(doc.tables)
  const tables = all
    .filter((table) => (!filter || filter(table)) && fits(table))
    .sort((a, b) => byName.compare(nameText(a.name), nameText(b.name)))
  const schemas = [...new Set(all.map((table) => table.name.schema))].sort()
  const enums = Object.values(doc.enums).filter((type) => holds(nameText(type.name)))
  const types = Object.values(doc.types).filter((type) => holds(nameText(type.name)))
  const objects = Object.values(doc.objects)
    .filter((object) => holds(nameText(object.name)))
    .sort((a, b) => (a.kind + nameText(a.name) < b.kind + nameText(b.name) ? -1 : 1))
  // With Ctrl or Shift held, one more: by the pointer as well as by Enter.
  const choose = (id: string, more: boolean) => {
    if (more) select(selection.includes(id) ? selection.filter((each) => each !== id) : [...selection, id])
    else if (doc.objects[id]) select([id])
    else reveal(id)
  }
  const item = (id: string, name: string, icon: string, mark?: string, extra?: string) => (
    <li key={id}>
      <button type="button" className={`item${mark ? ' ' + mark : ''}`} aria-current={selection.includes(id) ? 'true' : undefined} onClick={(event) => choose(id, event.ctrlKey || event.metaKey || event.shiftKey)}>
        <Icon name={icon} size={15} />
        <span className="item-name">{name}</span>
        {extra && <small>{extra}</small>}
        {mark && <em className="dot" title={mark} aria-label={mark} />}
      </button>
    </li>
  )
  return (
    <nav className="sidebar" aria-label="Schema">
      <div className="filter">
        <Icon name="search" size={15} />
        <input type="search" aria-label="Filter by name" placeholder="Filter" value={text} onChange={(event) => look(event.target.value)} />
      </div>
      {schemas.length > 1 && (
        <div className="field schema-filter">
          <label className="hidden" htmlFor="schema-filter">
            Schema shown
          </label>
          <select
            id="schema-filter"
            value={schema}
            onChange={(event) => {
              set({ schema: event.target.value, focus: { n: get().focus.n + 1 } })
            }}
          >
            <option value="">all schemas</option>
            {schemas.map((name) => (
              <option key={name} value={name || ' '}>
                {name || (get().like.default_schema ?? 'default')}
              </option>
            ))}
          </select>
        </div>
      )}
      <div className="lists" ref={lists}>
        <header>
          <h2>Tables</h2>
          <span className="count">{tables.length}</span>
          {enabled && <IconButton icon="plus" label="New table" hint="N" onClick={() => newTable(canvas.current?.freePlace() ?? { x: 0, y: 0 })} />}
        </header>
        <ul aria-label="Tables">
          {tables.map((table) => item(table._id, nameText(table.name), 'table', marks.tables.get(table._id), String(table.columns.length)))}
          {marks.removed.map((table) => (
            <li key={table._id}>
              <span className="item removed">
                <Icon name="table" size={15} />
                <s className="item-name">{nameText(table.name)}</s>
                <em className="dot" />
              </span>
            </li>
          ))}
        </ul>
        {all.length === 0 && enabled && <p className="hint">Double-click the canvas, or press N there, for the first table.</p>}
        {capabilities?.enum_types || enums.length > 0 ? (
          <>
            <header>
              <h2>Enums</h2>
              <span className="count">{enums.length}</span>
              {enabled && (
                <IconButton
                  icon="plus"
                  label="New enum"
                  onClick={() => {
                    const { command, id } = edits.addEnum(get().doc, get().schema.trim())
                    run(command)
                    select([id])
                  }}
                />
              )}
            </header>
            <ul aria-label="Enums">{enums.map((type) => item(type._id, nameText(type.name), 'list', marks.tables.get(type._id), String(type.values.length)))}</ul>
          </>
        ) : null}
        {capabilities?.structured_types || types.length > 0 ? (
          <>
            <header>
              <h2>Types</h2>
              <span className="count">{types.length}</span>
              {enabled && (
                <IconButton
                  icon="plus"
                  label="New type"
                  onClick={() => {
                    const { command, id } = addType(get().doc, get().schema.trim(), usualType())
                    run(command)
                    select([id])
                  }}
                />
              )}
            </header>
            <ul aria-label="Types">{types.map((type) => item(type._id, nameText(type.name), 'list', marks.tables.get(type._id), String(type.fields.length)))}</ul>
          </>
        ) : null}
        <header>
          <h2>Views and more</h2>
          <span className="count">{objects.length}</span>
          {enabled && (
            <Menu label="New view, function and more" icon="plus" bare align="right">
              {(close) =>
                edits.objectKinds(get().like.dialect ?? '').map((kind) => (
                  <MenuItem
                    key={kind}
                    text={`New ${kind}`}
                    onClick={() => {
                      close()
                      const { command, id } = edits.addObject(get().doc, kind, get().schema.trim(), get().like.dialect ?? '', get().doc.tables[selection[0] ?? ''])
                      run(command)
                      select([id])
                    }}
                  />
                ))
              }
            </Menu>
          )}
        </header>
        <ul aria-label="Views and more">{objects.map((object) => item(object._id, nameText(object.name), 'view', undefined, object.kind))}</ul>
      </div>
    </nav>
  )
}

// One function a schema, so that the store sees the same one again.
let lastSchema: string | undefined
let lastFilter: ReturnType<typeof filterOf>
function steadyFilter(s: Parameters<typeof filterOf>[0]): ReturnType<typeof filterOf> {
  if (lastSchema !== s.schema) {
    lastSchema = s.schema
    lastFilter = filterOf(s)
  }
  return lastFilter
}

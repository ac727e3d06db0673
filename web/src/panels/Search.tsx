// Ctrl-K: tables, columns and everything that can be done, by a few letters.
import { useMemo, useRef, useState } from 'react'
import { nameText } from '../model'
import { arrange, get, reveal, select, set, setTheme, shownDoc, useStore } from '../store'
import { showMode } from '../looking'
import { Icon } from '../ui/Icon'
import { Dialog } from '../ui/parts'
import { scoreOf } from './score'

interface Hit {
  text: string
  detail: string
  icon: string
  score: number
  run: () => void
}

const MOST = 60

export function Search() {
  const doc = useStore(shownDoc)
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const list = useRef<HTMLUListElement>(null)
  const close = () => set({ dialog: undefined })
  const hits = useMemo(() => {
    const wanted = text.trim().toLowerCase()
    const found: Hit[] = []
    const offer = (name: string, detail: string, icon: string, extra: number, run: () => void) => {
      const score = scoreOf(name, wanted)
      if (score !== undefined) found.push({ text: name, detail, icon, score: score + extra, run })
    }
    for (const table of Object.values(doc.tables)) {
      const name = nameText(table.name)
      offer(name, `${table.columns.length} columns`, 'table', 0, () => reveal(table._id))
      if (wanted.length > 1) for (const column of table.columns) offer(`${name}.${column.name}`, column._type, 'list', scoreOf(column.name, wanted) === undefined ? 30 : 3, () => reveal(table._id, column._id))
    }
    for (const object of Object.values(doc.objects)) offer(nameText(object.name), object.kind, 'view', 2, () => select([object._id]))
    for (const type of Object.values(doc.enums)) offer(nameText(type.name), 'enum', 'list', 2, () => reveal(type._id))
    for (const type of Object.values(doc.types)) offer(nameText(type.name), 'type', 'list', 2, () => reveal(type._id))
    offer('Arrange everything', 'view', 'arrange', 4, () => void arrange())
    offer('Drift view', 'view', 'drift', 4, () => void showMode('drift'))
    offer('History', 'view', 'clock', 4, () => void showMode('history'))
    offer('Design', 'view', 'pencil', 4, () => void showMode('design'))
    offer('Light or dark', 'view', 'sun', 4, () => setTheme(get().theme === 'dark' ? 'light' : 'dark'))
    offer('Import', 'SQL, DBML, a connection', 'upload', 4, () => set({ dialog: 'import' }))
    return found.sort((a, b) => a.score - b.score).slice(0, MOST)
  }, [doc, text])
  const take = (hit: Hit | undefined) => {
    if (!hit) return
    close()
    hit.run()
  }
  const move = (by: number) => {
    const next = Math.max(0, Math.min(hits.length - 1, active + by))
    setActive(next)
    list.current?.children[next]?.scrollIntoView({ block: 'nearest' })
  }
  return (
    <Dialog title="Search" onClose={close} className="search">
      <div className="search-field">
        <Icon name="search" />
        <input
          aria-label="Search tables and columns"
          placeholder="Table, column or command"
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls="search-hits"
          aria-activedescendant={hits.length ? `hit-${active}` : undefined}
          value={text}
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value)
            setActive(0)
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') move(1)
            else if (event.key === 'ArrowUp') move(-1)
            else if (event.key === 'Enter') take(hits[active])
            else return
            event.preventDefault()
          }}
        />
        <kbd>Esc</kbd>
      </div>
      <ul id="search-hits" role="listbox" aria-label="Found" ref={list}>
        {hits.map((hit, i) => (
          <li key={`${hit.icon}${hit.text}`} id={`hit-${i}`} role="option" aria-selected={i === active} onPointerMove={() => setActive(i)} onClick={() => take(hit)}>
            <Icon name={hit.icon} size={16} />
            <span>{hit.text}</span>
            <small>{hit.detail}</small>
          </li>
        ))}
        {hits.length === 0 && <li className="none">Nothing of that name</li>}
      </ul>
    </Dialog>
  )
}

import { useState } from 'react'
import { api, ApiError, type ApiFailure } from '../api'
import * as edits from '../edits'
import { docOf } from '../model'
import { get, run, set, settleConflict, toast, useStore } from '../store'
import { stopApply } from '../looking'
import { Icon } from '../ui/Icon'
import { Dialog } from '../ui/parts'
import { Failure } from './ChangesPanel'
import { Search } from './Search'

const close = () => set({ dialog: undefined })

export function Dialogs() {
  const dialog = useStore((s) => s.dialog)
  switch (dialog) {
    case 'search':
      return <Search />
    case 'import':
      return <Import />
    case 'help':
      return <Keys />
    case 'conflict':
      return <Conflict />
    case 'apply':
      return <Apply />
    default:
      return null
  }
}

function Import() {
  const connections = useStore((s) => s.project?.connections)
  const own = useStore((s) => s.project?.connection)
  const scheme = connections?.find((each) => each.name === own)?.scheme
  const others = (connections ?? []).filter((each) => each.name !== own && each.scheme === scheme)
  const [format, setFormat] = useState('sql')
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ApiFailure>()
  const load = async () => {
    setBusy(true)
    setFailure(undefined)
    try {
      const wire = await api.import(format, format === 'connection' ? text || (others[0]?.name ?? '') : text)
      const other = docOf(wire)
      const before = Object.keys(get().doc.tables).length
      run(edits.takeIn(get().doc, other, `import ${format}`))
      const added = Object.keys(get().doc.tables).length - before
      close()
      toast('good', `${added} of ${Object.keys(other.tables).length} tables were taken in`, wire.not_kept.length ? `Not kept: ${wire.not_kept.join('; ')}` : added < Object.keys(other.tables).length ? 'Those whose names are there already were left out.' : undefined)
    } catch (error) {
      if (error instanceof ApiError) setFailure(error.failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog title="Import" onClose={close} wide>
      <h2>Import</h2>
      <div className="tabs" role="group" aria-label="From what">
        {[
          ['sql', 'SQL'],
          ['dbml', 'DBML'],
          ...(others.length ? [['connection', 'Connection']] : []),
        ].map(([id, name]) => (
          <button key={id} type="button" aria-pressed={format === id} onClick={() => setFormat(id!)}>
            {name}
          </button>
        ))}
      </div>
      {format === 'connection' ? (
        <div className="field">
          <label htmlFor="import-connection">Connection</label>
          <select id="import-connection" value={text} onChange={(event) => setText(event.target.value)}>
            {others.map((each) => (
              <option key={each.name} value={each.name}>
                {each.name} {each.url}
              </option>
            ))}
          </select>
        </div>
      ) : (
        <>
          <label className="hidden" htmlFor="import-text">
            {format === 'sql' ? 'SQL' : 'DBML'}
          </label>
          <textarea
            id="import-text"
            className="mono"
            rows={14}
            spellCheck={false}
            placeholder={format === 'sql' ? 'CREATE TABLE users (…);' : 'Table users {\n  id integer [primary key]\n}'}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <p>
            <label className="button small file">
              <Icon name="upload" size={14} /> From a file
              <input
                type="file"
                className="hidden"
                accept=".sql,.dbml,.cql,.txt"
                onChange={(event) => {
                  const file = event.target.files?.[0]
                  if (!file) return
                  if (file.name.endsWith('.dbml')) setFormat('dbml')
                  void file.text().then(setText)
                }}
              />
            </label>
          </p>
        </>
      )}
      {failure && <Failure failure={failure} />}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button type="button" className="button primary" disabled={busy || (format !== 'connection' && !text.trim())} onClick={() => void load()}>
          {busy ? 'Loading…' : 'Import'}
        </button>
      </div>
    </Dialog>
  )
}

const KEYS: [string, string][] = [
  ['Ctrl K', 'search'],
  ['Ctrl Z, Ctrl Shift Z', 'undo, redo'],
  ['← ↑ → ↓', 'from table to table'],
  ['Shift ← ↑ → ↓', 'move the table'],
  ['Alt ← ↑ → ↓', 'move the view'],
  ['Enter', 'edit the table'],
  ['Ctrl Enter, Ctrl click', 'one more is selected'],
  ['N', 'new table'],
  ['Delete', 'drop what is selected'],
  ['F', 'show everything'],
  ['A', 'arrange'],
  ['+ − 0', 'larger, smaller, full size'],
  ['Ctrl E', 'the changes'],
  ['Shift drag', 'select several'],
  ['Drag from a column’s dot', 'a foreign key'],
]

function Keys() {
  return (
    <Dialog title="Keys" onClose={close}>
      <h2>Keys</h2>
      <dl className="keys">
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <div className="dialog-actions">
        <button type="button" className="button primary" onClick={close}>
          Close
        </button>
      </div>
    </Dialog>
  )
}

function Conflict() {
  return (
    <Dialog title="Changed elsewhere" onClose={close}>
      <h2>The drawing was changed elsewhere</h2>
      <p>Another tab or another program has written .sterna/design.json since this page read it. Nothing was overwritten.</p>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={() => void settleConflict(true)}>
          Keep this page’s drawing
        </button>
        <button type="button" className="button primary" onClick={() => void settleConflict(false)}>
          Show the other one
        </button>
      </div>
    </Dialog>
  )
}

function Apply() {
  const job = useStore((s) => s.applyState)
  const running = job?.state === 'running'
  const statement = job?.events.findLast((event) => event.kind === 'statement_started')
  const events = (job?.events ?? []).filter((event) => /migration_|failed|warning|lock_wait|retry/.test(event.kind))
  return (
    <Dialog title="Applying" onClose={() => !running && close()} wide>
      <h2>{running ? 'Applying…' : job?.state === 'done' ? 'Applied' : 'Not applied'}</h2>
      {running && <div className="progress" role="progressbar" aria-label="Migrations are being applied" />}
      {running && statement && (
        <div className="running">
          <span>
            {statement.migration}
            {`, statement ${statement.index}${statement.count > statement.index ? ` of ${statement.count}` : ''}`}
          </span>
          <code>{statement.text.split('\n')[0]}</code>
        </div>
      )}
      <ol className="log" aria-live="polite">
        {events.map((event, i) => (
          <li key={i}>
            <b>{event.kind.replaceAll('_', ' ')}</b> {event.migration} {event.text}
            {event.microseconds > 0 && <small>{(event.microseconds / 1000).toFixed(0)} ms</small>}
          </li>
        ))}
      </ol>
      {job?.error && <Failure failure={job.error} />}
      <div className="dialog-actions">
        {running ? (
          <button type="button" className="button danger" onClick={stopApply}>
            Cancel
          </button>
        ) : (
          <button type="button" className="button primary" onClick={close}>
            Close
          </button>
        )}
      </div>
    </Dialog>
  )
}

import { exportAs, exportPage, exportPng, FORMATS } from '../exporting'
import { baseName, changeCount, editable, onMigrations, open, redo, set, setTheme, undo, useStore } from '../store'
import { showMode } from '../looking'
import { Icon, Mark } from '../ui/Icon'
import { IconButton, Menu, MenuItem } from '../ui/parts'

const SAVING = { saved: 'saved', dirty: 'saving…', saving: 'saving…', failed: 'not saved', conflict: 'changed elsewhere' }

export function TopBar() {
  const project = useStore((s) => s.project)
  const mode = useStore((s) => s.mode)
  const readOnly = useStore((s) => s.readOnly)
  const theme = useStore((s) => s.theme)
  const saving = useStore((s) => s.saving)
  const enabled = useStore(editable)
  const count = useStore(changeCount)
  const done = useStore((s) => s.log.done.at(-1)?.label)
  const undone = useStore((s) => s.log.undone.at(-1)?.label)
  const others = project?.connections ?? []
  return (
    <header className="topbar">
      <div className="brand">
        <Mark />
        <div>
          <h1>{project?.name || 'Sterna'}</h1>
          <p>
            {project?.product} {/\d[\d.]*/.exec(project?.product_version ?? '')?.[0]}
          </p>
        </div>
        {others.length > 1 && (
          <select aria-label="Connection" className="connection" value={project?.connection} onChange={(event) => void open(event.target.value)}>
            {others.map((each) => (
              <option key={each.name} value={each.name}>
                {each.name}
              </option>
            ))}
          </select>
        )}
        {!onMigrations(project) && <span className="environment" title="what the drawing lies on, and its migration is derived from">on {baseName(project)}</span>}
        {project?.environment && project.environment !== 'development' && <span className={`environment${project.protected ? ' protected' : ''}`}>{project.environment}</span>}
      </div>
      {!readOnly && (
        <div className="modes" role="group" aria-label="What is shown">
          {(
            [
              ['design', 'Design', 'pencil'],
              ['drift', 'Drift', 'drift'],
              ['history', 'History', 'clock'],
            ] as const
          ).map(([id, text, icon]) => (
            <button key={id} type="button" aria-pressed={mode === id} onClick={() => void showMode(id)}>
              <Icon name={icon} size={15} />
              {text}
            </button>
          ))}
        </div>
      )}
      <button type="button" className="search-button" onClick={() => set({ dialog: 'search' })}>
        <Icon name="search" size={15} />
        <span>Search</span>
        <kbd>Ctrl K</kbd>
      </button>
      <div className="actions">
        {!readOnly && (
          <>
            <span className={`saving ${saving}`} role="status">
              {SAVING[saving]}
            </span>
            <IconButton icon="undo" label={done ? `Undo: ${done}` : 'Undo'} hint="Ctrl Z" disabled={!enabled || !done} onClick={undo} />
            <IconButton icon="redo" label={undone ? `Redo: ${undone}` : 'Redo'} hint="Ctrl Shift Z" disabled={!enabled || !undone} onClick={redo} />
            <span className="bar" />
            <IconButton icon="upload" label="Import" disabled={!enabled} onClick={() => set({ dialog: 'import' })} />
            <Menu label="Export" icon="download" align="right">
              {(close) => (
                <>
                  {FORMATS.map((each) => (
                    <MenuItem
                      key={each.format}
                      text={each.text}
                      onClick={() => {
                        close()
                        void exportAs(each.format, each.ending)
                      }}
                    />
                  ))}
                  <hr />
                  <MenuItem
                    text="Picture (PNG)"
                    onClick={() => {
                      close()
                      exportPng()
                    }}
                  />
                  <MenuItem
                    text="Picture for print (PNG)"
                    onClick={() => {
                      close()
                      exportPng(true)
                    }}
                  />
                  <MenuItem
                    text="SVG for print"
                    onClick={() => {
                      close()
                      void exportAs('svg', 'svg', true)
                    }}
                  />
                  <MenuItem
                    text="Page to share (HTML)"
                    onClick={() => {
                      close()
                      void exportPage()
                    }}
                  />
                </>
              )}
            </Menu>
          </>
        )}
        <IconButton icon={theme === 'dark' ? 'sun' : 'moon'} label={theme === 'dark' ? 'Light' : 'Dark'} onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')} />
        <IconButton icon="help" label="Keys" hint="?" onClick={() => set({ dialog: 'help' })} />
        {!readOnly && (
          <button type="button" className="button primary" disabled={mode !== 'design'} onClick={() => set({ panel: 'changes' })}>
            Changes
            {count > 0 && <span className="badge">{count}</span>}
          </button>
        )}
      </div>
    </header>
  )
}

import { useEffect, useRef } from 'react'
import type { CanvasController } from './canvas/controller'
import { CanvasView } from './canvas/CanvasView'
import { ChangesPanel, Failure } from './panels/ChangesPanel'
import { QueryGroupView } from './panels/CqlKeys'
import { Dialogs } from './panels/Dialogs'
import { DriftPanel, HistoryLine, HistoryPanel } from './panels/LookPanels'
import { AreaEditor, EnumEditor, ManyEditor, NoteEditor, ObjectEditor } from './panels/OtherEditors'
import { Sidebar } from './panels/Sidebar'
import { TableEditor } from './panels/TableEditor'
import { TopBar } from './panels/TopBar'
import { TypeEditor } from './panels/TypeEditor'
import { GROUP } from './queries'
import { dismiss, get, lookAgain, open, redo, save, savedInFarewell, set, shownDoc, undo, useStore } from './store'
import { CanvasContext } from './ui/canvasContext'
import { Icon, Mark } from './ui/Icon'

export function App() {
  const phase = useStore((s) => s.phase)
  const mode = useStore((s) => s.mode)
  const controller = useRef<CanvasController | null>(null)
  useEffect(() => {
    document.addEventListener('keydown', onKey)
    const look = () => void lookAgain()
    const leave = () => {
      if (get().saving === 'dirty') void save()
    }
    // What is too large to be sent by a page that goes must not be left behind: the browser asks.
    const ask = (event: BeforeUnloadEvent) => {
      const { saving, readOnly } = get()
      if (readOnly || saving === 'saved') return
      void save()
      if (saving === 'failed' || saving === 'conflict' || !savedInFarewell()) event.preventDefault()
    }
    window.addEventListener('focus', look)
    window.addEventListener('beforeunload', ask)
    window.addEventListener('pagehide', leave)
    return () => {
      document.removeEventListener('keydown', onKey)
      window.removeEventListener('focus', look)
      window.removeEventListener('beforeunload', ask)
      window.removeEventListener('pagehide', leave)
    }
  }, [])
  return (
    <CanvasContext value={controller}>
      <div className={`app ${mode}`} data-phase={phase}>
        <TopBar />
        {phase === 'failed' ? (
          <Failed />
        ) : (
          <>
            <Sidebar />
            <main>
              <CanvasView />
              {mode === 'history' && <HistoryLine />}
            </main>
            <SidePanel />
          </>
        )}
        {phase === 'loading' && (
          <div className="loading" role="status">
            <Mark size={44} />
            <p>Replaying the migrations…</p>
          </div>
        )}
        <Dialogs />
        <Toasts />
      </div>
    </CanvasContext>
  )
}

function onKey(event: KeyboardEvent): void {
  const command = event.ctrlKey || event.metaKey
  const key = event.key.toLowerCase()
  const inText = event.composedPath()[0] instanceof HTMLElement && (event.composedPath()[0] as HTMLElement).matches('input, textarea, select, [contenteditable=true], .cm-content')
  if (command && key === 'k') set({ dialog: 'search' })
  else if (command && key === 'e') set({ panel: 'changes' })
  else if (command && key === 'z' && !inText) (event.shiftKey ? redo : undo)()
  else if (command && key === 'y' && !inText) redo()
  else if (event.key === '?' && !inText) set({ dialog: 'help' })
  else return
  event.preventDefault()
}

function Failed() {
  const failure = useStore((s) => s.failure)
  return (
    <div className="failed">
      <Mark size={52} />
      <h2>The schema cannot be shown</h2>
      {failure && <Failure failure={failure} />}
      <button type="button" className="button primary" onClick={() => void open()}>
        Try again
      </button>
    </div>
  )
}

function SidePanel() {
  const mode = useStore((s) => s.mode)
  const panel = useStore((s) => s.panel)
  const count = useStore((s) => s.preview?.changes.length ?? s.marked.count)
  const readOnly = useStore((s) => s.readOnly)
  const first = (['edit', 'changes'] as const).map((id) => (
    <button key={id} type="button" role="tab" id={`panel-${id}`} aria-selected={panel === id} aria-controls="side-panel" onClick={() => set({ panel: id })}>
      {id === 'edit' ? (mode === 'design' ? 'Edit' : 'Look') : mode === 'drift' ? 'Drift' : mode === 'history' ? 'Migration' : 'Changes'}
      {id === 'changes' && mode === 'design' && count > 0 && <span className="badge">{count}</span>}
    </button>
  ))
  return (
    <aside className="side" aria-label="Details">
      {!readOnly && (
        <div className="tabs" role="tablist" aria-label="Details">
          {first}
        </div>
      )}
      <div className="side-body" id="side-panel" role={readOnly ? undefined : 'tabpanel'} aria-labelledby={readOnly ? undefined : `panel-${panel}`} tabIndex={-1}>
        {panel === 'edit' || readOnly ? <Editor /> : mode === 'drift' ? <DriftPanel /> : mode === 'history' ? <HistoryPanel /> : <ChangesPanel />}
      </div>
    </aside>
  )
}

function Editor() {
  const doc = useStore(shownDoc)
  const selection = useStore((s) => s.selection)
  const removed = useStore((s) => (s.mode === 'design' ? s.marked : s.shownMarked)?.removed)
  const id = selection[0]
  if (selection.length > 1) return <ManyEditor ids={selection} />
  const table = id ? (doc.tables[id] ?? removed?.find((each) => each._id === id)) : undefined
  if (table) return <TableEditor key={table._id} table={table} />
  if (id && doc.enums[id]) return <EnumEditor type={doc.enums[id]} />
  if (id && doc.types[id]) return <TypeEditor key={id} type={doc.types[id]} />
  if (id && doc.objects[id]) return <ObjectEditor object={doc.objects[id]} />
  if (id && doc.notes[id]) return <NoteEditor id={id} note={doc.notes[id]} />
  if (id && doc.areas[id]) return <AreaEditor id={id} area={doc.areas[id]} />
  if (id?.startsWith(GROUP)) return <QueryGroupView id={id} />
  return (
    <div className="empty">
      <Icon name="table" size={30} />
      <p>Nothing is selected</p>
      <p className="hint">
        Choose a table, or press <kbd>Ctrl K</kbd> to find one.
      </p>
    </div>
  )
}

function Toasts() {
  const toasts = useStore((s) => s.toasts)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <div key={toast.id} className={`toast ${toast.tone}`}>
          <div>
            <b>{toast.text}</b>
            {toast.detail && <p>{toast.detail}</p>}
          </div>
          <button type="button" className="icon-button small" aria-label="Close the message" onClick={() => dismiss(toast.id)}>
            <Icon name="close" size={14} />
          </button>
        </div>
      ))}
    </div>
  )
}

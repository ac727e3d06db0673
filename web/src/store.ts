// The page's state and what can be done with it. One object, replaced as a whole; React reads it through useStore, the canvas through subscribe.
import { useSyncExternalStore } from 'react'
import { api, ApiError, type ApiFailure, type ApplyState, type Comparison, type Migration, type Preview, type Project, chooseConnection, KEEPALIVE_LIMIT } from './api'
import { type AutoLayout, noLayout, sizeKey, tablesOf } from './canvas/scene'
import { type Measure, rowOffset, sizeOf } from './canvas/geometry'
import * as edits from './edits'
import { applied, type Command, emptyLog, type Log, redone, undone } from './log'
import { type Doc, docOf, edgesOf, emptyDoc, nameText, renamesOf, same, type Table, type WireModel, type WireState, wireOf } from './model'
import { accessOf, GROUP } from './queries'
import { type Marked, marked, nothingMarked } from './status'
import { opened, saved, type SavedDesign, settled } from './workingCopy'

export type Mode = 'design' | 'drift' | 'history'
export type Panel = 'edit' | 'changes'
export interface Toast {
  id: number
  tone: 'good' | 'bad' | 'plain'
  text: string
  detail?: string
}

export interface State {
  phase: 'loading' | 'ready' | 'failed'
  failure?: ApiFailure
  readOnly: boolean
  project?: Project
  like: WireModel
  fingerprint: string
  base: Doc
  doc: Doc
  log: Log
  revision: number
  saving: 'saved' | 'dirty' | 'saving' | 'failed' | 'conflict'
  marked: Marked
  mode: Mode
  panel: Panel
  selection: string[]
  column?: string
  /** The schema shown (""): all of them. */
  schema: string
  layout: AutoLayout
  /** What a filter leaves in full colour on the canvas. */
  lit?: Set<string>
  preview?: Preview
  previewing: boolean
  previewFailure?: ApiFailure
  wantsCpp: boolean
  declined: string[]
  comparison?: Comparison
  /** The two states that the drift view puts beside one another. */
  compared: { from: string; to: string }
  comparing: boolean
  shownDoc?: Doc
  shownMarked?: Marked
  history: Migration[]
  version?: string
  applyState?: ApplyState
  theme: 'light' | 'dark'
  dialog?: 'search' | 'import' | 'help' | 'generate' | 'conflict' | 'apply'
  toasts: Toast[]
  /** Counts up when the canvas is to show everything, or one card. */
  focus: { id?: string; n: number }
}

const initialTheme = (): 'light' | 'dark' => {
  try {
    const kept = localStorage.getItem('sterna-theme')
    if (kept === 'light' || kept === 'dark') return kept
  } catch {
    // A page without storage follows the system.
  }
  return typeof matchMedia === 'function' && matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

let state: State = {
  phase: 'loading',
  readOnly: false,
  like: {},
  fingerprint: '',
  base: emptyDoc(),
  doc: emptyDoc(),
  log: emptyLog(),
  revision: 0,
  saving: 'saved',
  marked: nothingMarked(),
  mode: 'design',
  panel: 'edit',
  selection: [],
  schema: '',
  layout: noLayout(),
  previewing: false,
  wantsCpp: false,
  declined: [],
  comparing: false,
  compared: { from: 'applied', to: 'database' },
  history: [],
  theme: initialTheme(),
  toasts: [],
  focus: { n: 0 },
}

const listeners = new Set<() => void>()
export const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
export const get = (): State => state
export function set(change: Partial<State>): void {
  state = { ...state, ...change }
  for (const listener of listeners) listener()
}
export const useStore = <T>(select: (state: State) => T): T => useSyncExternalStore(subscribe, () => select(state))

// ---- what is shown ----

// One empty value for all askers: whoever compares sees that nothing changed.
const NOTHING = emptyDoc()
const UNMARKED = nothingMarked()
export const shownDoc = (s: State): Doc => (s.mode === 'design' ? s.doc : (s.shownDoc ?? NOTHING))
export const shownMarked = (s: State): Marked => (s.mode === 'design' ? s.marked : (s.shownMarked ?? UNMARKED))
export const editable = (s: State): boolean => s.mode === 'design' && !s.readOnly
export const filterOf = (s: State): ((table: Table) => boolean) | undefined => (s.schema === '' ? undefined : (table) => table.name.schema === s.schema || (s.schema === ' ' && !table.name.schema))

let toastCount = 0
export function toast(tone: Toast['tone'], text: string, detail?: string): void {
  const id = ++toastCount
  set({ toasts: [...state.toasts.slice(-3), { id, tone, text, ...(detail ? { detail } : {}) }] })
  setTimeout(() => dismiss(id), tone === 'bad' ? 9000 : 4500)
}
export const dismiss = (id: number): void => set({ toasts: state.toasts.filter((each) => each.id !== id) })

const failureOf = (error: unknown): ApiFailure =>
  error instanceof ApiError ? error.failure : { kind: 'internal', message: error instanceof Error ? error.message : String(error), suggestions: [] }
export const complain = (error: unknown): void => {
  const failure = failureOf(error)
  toast('bad', failure.message, failure.suggestions[0] ?? failure.detail)
}

// ---- opening ----

/** What lies under the drawing, in words: `sterna design STATE`. */
export const onMigrations = (project?: Project): boolean => (project?.base ?? 'migrations') === 'migrations'
export const baseName = (project?: Project): string => (onMigrations(project) ? 'the migrations' : project!.base === 'database' ? 'the database' : project!.base === 'applied' ? 'what is applied' : project!.base!)

let measure: Measure = (text) => text.length * 7
export const setMeasure = (by: Measure): void => {
  measure = by
}

export async function open(connection?: string): Promise<void> {
  if (connection) chooseConnection(connection)
  set({ phase: 'loading' })
  try {
    // All at once; why a server cannot be reached is told by the project.
    const rest = Promise.all([api.state('base'), api.design()])
    rest.catch(() => undefined)
    const project = await api.project()
    chooseConnection(project.connection)
    set({ project })
    if (project.unreachable) {
      set({ phase: 'failed', failure: project.unreachable })
      return
    }
    const [wire, design] = await rest
    take(wire, design.revision, design.document as unknown as SavedDesign | null)
    await layOut(true)
    set({ phase: 'ready', focus: { n: state.focus.n + 1 } })
    schedulePreview(0)
  } catch (error) {
    set({ phase: 'failed', failure: failureOf(error) })
  }
}

function take(wire: WireState & { fingerprint: string }, revision: number, design: SavedDesign | null): void {
  const base = docOf(wire)
  const fresh = { base, like: likeOf(wire.model), fingerprint: wire.fingerprint, revision, saving: 'saved' as const, selection: [] }
  if (!design || design.version !== 1) {
    set({ ...fresh, doc: base, log: emptyLog(), marked: nothingMarked() })
    return
  }
  const open = opened(design, base, wire.fingerprint)
  set({ ...fresh, doc: open.doc, log: open.log, marked: marked(open.doc, base) })
  if (open.conflicts.length)
    toast('bad', `Changed in ${baseName(state.project)} and here: ${open.conflicts.join(', ')}`, 'Your form is kept; look at the changes before you generate.')
  else if (open.moved && state.marked.count) toast('plain', `What lies under it has changed (${baseName(state.project)}): your drawing was put on top of it`)
}

const likeOf = (model: WireModel): WireModel => {
  const { dialect, product, version, default_schema, schemas, not_managed } = model as Record<string, unknown>
  return { dialect, product, version, default_schema, schemas, not_managed } as WireModel
}

/** A page that carries its schema within itself: nothing is asked of a server, nothing can be edited. */
export async function openEmbedded(data: { name: string; wire: WireState; places: Record<string, [number, number]>; notes: Doc['notes']; areas: Record<string, { title: string; color: number; tables: string[] }>; engine: string }): Promise<void> {
  const doc = docOf(data.wire)
  const ids = new Map(Object.values(doc.tables).map((table) => [nameText(table.name), table._id]))
  for (const [name, [x, y]] of Object.entries(data.places)) {
    const id = ids.get(name)
    if (id) doc.places[id] = { x, y }
  }
  doc.notes = data.notes
  for (const [id, area] of Object.entries(data.areas)) doc.areas[id] = { ...area, tables: area.tables.map((name) => ids.get(name) ?? '').filter(Boolean) }
  set({
    phase: 'ready',
    readOnly: true,
    base: doc,
    doc,
    like: likeOf(data.wire.model),
    project: { name: data.name, version: '', environment: '', connection: '', connections: [], folder: '', protected: true, allow_apply: false, product: data.engine },
    focus: { n: 1 },
  })
}

// ---- layout ----

let layoutsAsked = 0
let arranging = false
/** Asks for the places of what has none. `afresh`: what was placed by the machine may move. */
export async function layOut(afresh: boolean): Promise<void> {
  const doc = shownDoc(state)
  const marks = shownMarked(state)
  const tables = tablesOf(doc, marks)
  const missing = tables.some((table) => !doc.places[table._id] && !state.layout.places.has(table._id))
  if (!afresh && !missing) return
  const asked = ++layoutsAsked
  arranging ||= afresh
  const index = new Map(tables.map((table, i) => [table._id, i]))
  const edges = edgesOf(tables)
  try {
    const result = await api.layout(
      tables.map((table) => {
        const at = doc.places[table._id] ?? (arranging ? undefined : state.layout.places.get(table._id))
        const node = { ...sizeOf(table, measure), group: areaOf(doc, table._id) ?? (accessOf(table) || table.name.schema) }
        return at ? { ...node, ...at } : node
      }),
      edges.map((edge) => ({
        from: index.get(edge.child)!,
        to: index.get(edge.parent)!,
        from_offset: rowOffset(edge.childColumn),
        to_offset: rowOffset(edge.parentColumn),
      })),
    )
    // Answers may come in another order than they were asked for; only the newest question counts.
    if (asked !== layoutsAsked) return
    arranging = false
    const layout = noLayout()
    const placeAt = (id: string) => {
      const [x, y] = result.positions[index.get(id)!]!
      return { x, y }
    }
    for (const table of tables) layout.places.set(table._id, placeAt(table._id))
    edges.forEach((edge, i) =>
      layout.routes.set(edge.key, {
        points: result.routes[i]!,
        child: placeAt(edge.child),
        parent: placeAt(edge.parent),
        childSize: sizeKey(tables[index.get(edge.child)!]!),
        parentSize: sizeKey(tables[index.get(edge.parent)!]!),
      }),
    )
    set({ layout })
  } catch (error) {
    complain(error)
  }
}
const areaOf = (doc: Doc, table: string): string | undefined => Object.entries(doc.areas).find(([, area]) => area.tables.includes(table))?.[0]

export async function arrange(): Promise<void> {
  if (editable(state) && Object.keys(state.doc.places).length) run(edits.arrange(state.doc))
  await layOut(true)
  set({ focus: { n: state.focus.n + 1 } })
}

// ---- editing ----

function show(step: { doc: Doc; log: Log }): void {
  const changedSchema = (['tables', 'enums', 'types', 'objects'] as const).some((collection) => step.doc[collection] !== state.doc[collection])
  const selection = state.selection.filter((id) => step.doc.tables[id] || step.doc.notes[id] || step.doc.enums[id] || step.doc.objects[id] || step.doc.types[id] || step.doc.areas[id] || id.startsWith(GROUP))
  set({
    ...step,
    ...(selection.length === state.selection.length ? {} : { selection }),
    ...(changedSchema ? { marked: marked(step.doc, state.base) } : {}),
    saving: 'dirty',
  })
  void layOut(false)
  scheduleSave()
  if (changedSchema) schedulePreview(220)
}

export function run(command: Command): void {
  if (!editable(state) || command.patches.length === 0) return
  show(applied(state, command))
}
export const undo = (): void => {
  if (editable(state) && state.log.done.length) show(undone(state))
}
export const redo = (): void => {
  if (editable(state) && state.log.undone.length) show(redone(state))
}

export const select = (ids: string[], column?: string): void => set({ selection: ids, column, ...(ids.length && state.mode === 'design' ? { panel: 'edit' as const } : {}) })
export const reveal = (id: string, column?: string): void => {
  select([id], column)
  set({ focus: { id, n: state.focus.n + 1 } })
}

export const keyType = (): edits.TypeChoice | undefined => {
  const types = state.project?.types ?? []
  const wanted = state.project?.capabilities?.relational === false ? 'uuid' : state.like.dialect === 'sqlite' ? 'integer' : 'big_integer'
  return types.find((choice) => choice.type.kind === wanted) ?? types[0]
}
export const usualType = (): edits.TypeChoice => {
  const types = state.project?.types ?? []
  return types.find((choice) => choice.type.kind === 'text') ?? types[0] ?? { type: { kind: 'text' }, text: 'text', group: 'text' }
}

export function newTable(at: { x: number; y: number }): void {
  if (!editable(state)) return
  const relational = state.project?.capabilities?.relational !== false
  const schema = state.schema.trim()
  const { dialect } = state.like
  // Keys that count by themselves, in the database's own way.
  const counts = dialect === 'postgres' ? { identity: 'by_default' as const } : dialect === 'mysql' ? { auto_increment: true } : {}
  const { command, id } = edits.addTable(state.doc, at, schema, keyType(), relational, counts)
  run(command)
  select([id])
}

const typeCache = new Map<string, edits.TypeChoice>()
/** The database's own reading of a type that a person has typed. */
export async function resolveType(text: string): Promise<edits.TypeChoice> {
  const given = text.trim()
  const known = (state.project?.types ?? []).find((choice) => choice.text.toLowerCase() === given.toLowerCase())
  if (known) return known
  const type = Object.values(state.doc.enums).find((each) => nameText(each.name) === given)
  if (type) return { type: { kind: 'native', name: nameText(type.name) }, text: given, group: 'enums' }
  // Structured types of the drawing are not in the database yet: they go along, and what was said of them before may be wrong.
  const types = Object.values(state.doc.types).some((each) => given.includes(each.name.name)) ? wireOf({ ...emptyDoc(), types: state.doc.types }, state.like) : undefined
  const cached = types ? undefined : typeCache.get(given)
  if (cached) return cached
  const wire = await api.type(given, types)
  const column = docOf(wire).tables['t:type']?.columns[0]
  if (!column) throw new Error(`'${given}' is not a type`)
  const choice = { type: column.type, text: column._type, group: 'other' }
  if (!types) typeCache.set(given, choice)
  return choice
}

// ---- keeping ----

let saveTimer: ReturnType<typeof setTimeout> | undefined
let saveRunning = false
let savedSize = 0
function scheduleSave(): void {
  clearTimeout(saveTimer)
  saveTimer = setTimeout(() => void save(), 150)
}
export async function save(): Promise<void> {
  if (saveRunning || state.saving === 'conflict' || state.readOnly) return
  clearTimeout(saveTimer)
  saveRunning = true
  const { doc, base, fingerprint, log, revision } = state
  set({ saving: 'saving' })
  try {
    const document = saved(doc, base, fingerprint, log)
    savedSize = JSON.stringify(document).length
    const result = await api.save(revision, document)
    set({ revision: result.revision, saving: state.doc === doc && state.log === log ? 'saved' : 'dirty' })
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) set({ saving: 'conflict', dialog: 'conflict' })
    else {
      set({ saving: 'failed' })
      complain(error)
    }
  } finally {
    saveRunning = false
    if (state.saving === 'dirty') scheduleSave()
  }
}

/** Whether the last request to keep the drawing is small enough to outlive the page. */
export const savedInFarewell = (): boolean => savedSize < KEEPALIVE_LIMIT

/** After a conflict: what is on disk, or what is on this page. */
export async function settleConflict(mine: boolean): Promise<void> {
  try {
    const design = await api.design()
    if (mine) {
      set({ revision: design.revision, saving: 'dirty', dialog: undefined })
      await save()
      return
    }
    const wire = await api.state('base')
    take(wire, design.revision, design.document as unknown as SavedDesign | null)
    set({ dialog: undefined })
    await layOut(false)
    schedulePreview(0)
  } catch (error) {
    complain(error)
  }
}

/** Another tab, another program or a pull may have changed something while this page was not looked at. */
export async function lookAgain(): Promise<void> {
  if (state.phase !== 'ready' || state.readOnly || state.saving !== 'saved') return
  try {
    const design = await api.design()
    const wire = await api.state('base')
    if (state.saving !== 'saved' || (design.revision === state.revision && wire.fingerprint === state.fingerprint)) return
    take(wire, design.revision, design.document as unknown as SavedDesign | null)
    await layOut(false)
    schedulePreview(0)
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 0) complain(error)
  }
}

export async function discardAll(): Promise<void> {
  try {
    const design = await api.discard(state.revision)
    const { places, notes, areas } = state.doc
    const doc = settled({ ...state.doc, places, notes, areas }, state.base)
    set({ revision: design.revision, doc, log: emptyLog(), marked: nothingMarked(), selection: [], saving: 'dirty' })
    scheduleSave()
    schedulePreview(0)
    toast('good', `The drawing is as ${baseName(state.project)} ${onMigrations(state.project) ? 'are' : 'is'}`, 'What was discarded lies in .sterna/design.json.discarded')
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) set({ saving: 'conflict', dialog: 'conflict' })
    else complain(error)
  }
}

// ---- from edit to migration ----

let previewTimer: ReturnType<typeof setTimeout> | undefined
let previewAbort: AbortController | undefined
export function schedulePreview(after: number): void {
  clearTimeout(previewTimer)
  previewAbort?.abort()
  // From the edit on: nothing is generated while what is shown is not yet what would be written.
  set({ previewing: true })
  previewTimer = setTimeout(() => void refreshPreview(), after)
}

const requestOf = (cpp: boolean) => ({ state: 'base', model: wireOf(state.doc, state.like), renames: renamesOf(state.doc, state.base), cpp })

async function refreshPreview(): Promise<void> {
  if (state.marked.count === 0 && !otherChanges()) {
    set({ preview: undefined, previewFailure: undefined, previewing: false })
    return
  }
  const abort = new AbortController()
  previewAbort = abort
  set({ previewing: true })
  try {
    const preview = await api.preview(requestOf(state.wantsCpp), abort.signal)
    if (!abort.signal.aborted) set({ preview, previewFailure: undefined, previewing: false })
  } catch (error) {
    if (!abort.signal.aborted) set({ previewFailure: failureOf(error), previewing: false })
  }
}
/** Beside tables: views, enums and types. */
export const otherChanges = (): boolean =>
  (['enums', 'types', 'objects'] as const).some((collection) => {
    const now = state.doc[collection] as Record<string, unknown>
    const was = state.base[collection] as Record<string, unknown>
    const ids = Object.keys(now)
    return ids.length !== Object.keys(was).length || ids.some((id) => now[id] !== was[id] && !same(now[id], was[id]))
  })

export const changeCount = (s: State): number => s.preview?.changes.length ?? s.marked.count

export function wantCpp(on: boolean): void {
  if (state.wantsCpp === on) return
  set({ wantsCpp: on })
  if (on && !state.preview?.cpp) schedulePreview(0)
}

export async function generate(name: string, language: 'sql' | 'cpp'): Promise<string | undefined> {
  try {
    const made = await api.generate({ ...requestOf(false), name, language, fingerprint: state.fingerprint })
    const wire = await api.state('base')
    const base = docOf(wire)
    const doc = settled(state.doc, base)
    const layout = { places: new Map(state.layout.places), routes: new Map() }
    for (const table of Object.values(state.doc.tables)) {
      const at = state.layout.places.get(table._id)
      const twin = Object.values(base.tables).find((each) => nameText(each.name) === nameText(table.name))
      if (at && twin) layout.places.set(twin._id, at)
    }
    set({ base, doc, layout, fingerprint: wire.fingerprint, like: likeOf(wire.model), log: emptyLog(), marked: marked(doc, base), preview: undefined, selection: [], declined: [], saving: 'dirty' })
    await save()
    toast('good', `Wrote ${made.path}`, onMigrations(state.project) ? 'Review it like any other migration, then run sterna up.' : `The drawing shows ${baseName(state.project)} again. Review the migration, then run sterna up.`)
    return made.path
  } catch (error) {
    complain(error)
    return undefined
  }
}

export function setTheme(theme: 'light' | 'dark'): void {
  set({ theme })
  document.documentElement.dataset.theme = theme
  try {
    localStorage.setItem('sterna-theme', theme)
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

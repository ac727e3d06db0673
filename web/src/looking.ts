// What is only looked at: drift, history, and a run of the pending migrations.
import { api, type Comparison } from './api'
import * as edits from './edits'
import { docOf } from './model'
import { marked } from './status'
import { complain, get, layOut, type Mode, run, set, toast } from './store'

export async function showMode(mode: Mode): Promise<void> {
  set({ mode, comparison: undefined, shownDoc: undefined, shownMarked: undefined, version: undefined, selection: [], column: undefined })
  if (mode === 'design') {
    await layOut(false)
    set({ focus: { n: get().focus.n + 1 } })
    return
  }
  set({ comparing: true })
  try {
    if (mode === 'drift') {
      const { compared } = get()
      const comparison = await api.compare(compared.from, compared.to)
      if (get().mode === mode && get().compared === compared) await showComparison(comparison)
    } else {
      const { migrations } = await api.history()
      if (get().mode !== mode) return
      set({ history: migrations })
      const last = migrations.filter((migration) => migration.kind !== 'repeatable' && migration.file).at(-1)
      if (last) await showVersion(last.version)
    }
  } catch (error) {
    complain(error)
  } finally {
    set({ comparing: false })
  }
}

async function showComparison(comparison: Comparison): Promise<void> {
  const doc = docOf(comparison.to)
  const from = docOf(comparison.from)
  doc.places = { ...get().doc.places }
  for (const [id, at] of get().layout.places) doc.places[id] ??= at
  const ids = new Set([doc.tables, from.tables, doc.enums, doc.types].flatMap((values) => Object.keys(values)))
  for (const id of Object.keys(doc.places)) if (!ids.has(id)) delete doc.places[id]
  set({ comparison, shownDoc: doc, shownMarked: marked(doc, from), panel: 'changes' })
  await layOut(false)
  set({ focus: { n: get().focus.n + 1 } })
}

export async function compare(from: string, to: string): Promise<void> {
  set({ compared: { from, to } })
  await showMode('drift')
}

/** What is looked at becomes what is drawn: from there a migration can be written that leads to it. */
export async function drawComparison(): Promise<void> {
  const { comparison, compared } = get()
  if (!comparison) return
  await showMode('design')
  run(edits.takeOver(get().doc, docOf(comparison.to), `draw ${compared.to}`))
  set({ panel: 'changes' })
}

export async function showVersion(version: string): Promise<void> {
  const versions = get().history.filter((migration) => migration.kind !== 'repeatable' && migration.file).map((migration) => migration.version)
  const before = versions[versions.indexOf(version) - 1]
  set({ version, comparing: true })
  try {
    const comparison = await api.compare(before === undefined ? 'empty' : `migrations@${before}`, `migrations@${version}`)
    if (get().mode === 'history' && get().version === version) await showComparison(comparison)
  } catch (error) {
    complain(error)
  } finally {
    set({ comparing: false })
  }
}

export async function startApply(): Promise<void> {
  try {
    set({ dialog: 'apply', applyState: await api.apply() })
    while (get().applyState?.state === 'running') {
      await new Promise((resolve) => setTimeout(resolve, 200))
      set({ applyState: await api.applyState() })
    }
    const { applyState, mode } = get()
    if (applyState?.state === 'done') toast('good', applyState.applied.length === 1 ? `${applyState.applied[0]!} was applied` : `${applyState.applied.length} migrations were applied`)
    if (mode === 'history') set({ history: (await api.history()).migrations })
  } catch (error) {
    complain(error)
  }
}
export const stopApply = (): void => void api.stopApply().catch(complain)

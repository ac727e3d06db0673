// The schema as files to take away. Words and drawings are made by the server; the picture and the page that holds everything are made here.
import { api } from './api'
import { sceneOf, type Scene } from './canvas/scene'
import { draw, measurer } from './canvas/draw'
import { boundsOf, grown } from './canvas/geometry'
import { printTheme, readTheme } from './canvas/theme'
import { type Area, type Doc, nameText, wireOf } from './model'
import { complain, get, shownDoc, shownMarked, toast } from './store'

export const FORMATS = [
  { format: 'sql', text: 'SQL', ending: 'sql' },
  { format: 'mermaid', text: 'Mermaid', ending: 'mmd' },
  { format: 'dbml', text: 'DBML', ending: 'dbml' },
  { format: 'markdown', text: 'Data dictionary (Markdown)', ending: 'md' },
  { format: 'svg', text: 'SVG', ending: 'svg' },
  { format: 'cpp', text: 'C++ entities', ending: 'hpp' },
  { format: 'json', text: 'Snapshot (JSON)', ending: 'json' },
] as const

function save(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  toast('good', `Saved ${name}`)
}

const fileName = (ending: string) => `${get().project?.name || 'schema'}.${ending}`

function placesByName(doc: Doc, scene: Scene): Record<string, [number, number]> {
  return Object.fromEntries(scene.cards.filter((card) => doc.tables[card.id]).map((card) => [nameText(card.table.name), [card.x, card.y]]))
}
const currentScene = (): Scene => {
  const state = get()
  return sceneOf(shownDoc(state), state.layout, shownMarked(state), measurer())
}

export async function exportAs(format: string, ending: string, print = false): Promise<void> {
  const state = get()
  const doc = shownDoc(state)
  try {
    const placed = Object.fromEntries(Object.entries(doc.places).flatMap(([id, at]) => (doc.tables[id] ? [[nameText(doc.tables[id].name), [at.x, at.y] as [number, number]]] : [])))
    const text = await api.export(format, wireOf(doc, state.like), format === 'svg' ? placed : undefined, print ? 'print' : state.theme)
    save(fileName(ending), new Blob([text], { type: 'text/plain' }))
  } catch (error) {
    complain(error)
  }
}

const MOST_PIXELS = 60_000_000

export function exportPng(print = false): void {
  const scene = currentScene()
  const box = boundsOf([...scene.cards, ...scene.areas.map((area) => area.box), ...scene.notes.map((note) => note.box)])
  if (!box) return
  const frame = grown(box, 48)
  const ratio = Math.min(2, Math.sqrt(MOST_PIXELS / (frame.width * frame.height)))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(frame.width * ratio)
  canvas.height = Math.round(frame.height * ratio)
  draw(canvas.getContext('2d')!, scene, { x: -frame.x, y: -frame.y, scale: 1 }, frame, ratio, print ? printTheme() : readTheme(), { selected: new Set() })
  canvas.toBlob((blob) => blob && save(fileName('png'), blob), 'image/png')
}

/** One file with the page, its program and the schema inside: it opens anywhere, and nothing in it can be edited. */
export async function exportPage(): Promise<void> {
  const state = get()
  const doc = shownDoc(state)
  try {
    const html = await (await fetch(location.pathname)).text()
    const parsed = new DOMParser().parseFromString(html, 'text/html')
    const read = async (address: string | null) => (address ? await (await fetch(address)).text() : '')
    const script = await read(parsed.querySelector('script[src]')?.getAttribute('src') ?? null)
    const style = await read(parsed.querySelector('link[rel=stylesheet]')?.getAttribute('href') ?? null)
    const tables = Object.values(doc.tables).sort((a, b) => (nameText(a.name) < nameText(b.name) ? -1 : 1))
    const types = Object.values(doc.types).sort((a, b) => (nameText(a.name) < nameText(b.name) ? -1 : 1))
    const areas: Record<string, Area> = {}
    for (const [id, area] of Object.entries(doc.areas)) areas[id] = { ...area, tables: area.tables.flatMap((table) => (doc.tables[table] ? [nameText(doc.tables[table].name)] : [])) }
    const data = {
      name: state.project?.name ?? 'schema',
      engine: state.project?.product ?? '',
      wire: {
        model: wireOf(doc, state.like),
        type_texts: tables.map((table) => table.columns.map((column) => column._type)),
        field_texts: types.map((type) => type.fields.map((field) => field._type)),
      },
      places: placesByName(doc, currentScene()),
      notes: doc.notes,
      areas,
    }
    const safe = (text: string) => text.replaceAll('</script', '<\\/script')
    const json = JSON.stringify(data).replaceAll('<', '\\u003c')
    const page = `<!doctype html>
<html lang="en" data-theme="${state.theme}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${data.name.replaceAll('<', '&lt;')}</title>
<style>${style}</style></head>
<body><div id="root"></div><script type="application/json" id="sterna-schema">${json}</script>
<script type="module">${safe(script)}</script></body></html>
`
    save(fileName('html'), new Blob([page], { type: 'text/html' }))
  } catch (error) {
    complain(error)
  }
}

// What is kept between two openings of the page: only what differs from the migrations, each part with what it was, so that a drawing can be
// put on top of migrations that others have added meanwhile.
import { type Command, type Log, emptyLog } from './log'
import { type Area, type Collection, type Doc, type Note, type Place, SCHEMA_COLLECTIONS, nameText, same } from './model'

interface Delta {
  base?: unknown
  now?: unknown
}
export interface SavedDesign {
  version: 1
  fingerprint: string
  delta: Partial<Record<Collection, Record<string, Delta>>>
  places: Record<string, Place>
  notes: Record<string, Note>
  areas: Record<string, Area>
  done: Command[]
  undone: Command[]
}

const KEPT_COMMANDS = 5000

export function saved(doc: Doc, base: Doc, fingerprint: string, log: Log): SavedDesign {
  const delta: SavedDesign['delta'] = {}
  for (const collection of SCHEMA_COLLECTIONS) {
    const before = base[collection] as Record<string, unknown>
    const now = doc[collection] as Record<string, unknown>
    for (const id of new Set([...Object.keys(before), ...Object.keys(now)])) {
      // What came from the log of a former page is a copy.
      if (before[id] === now[id] || JSON.stringify(before[id]) === JSON.stringify(now[id])) continue
      ;(delta[collection] ??= {})[id] = {
        ...(before[id] === undefined ? {} : { base: before[id] }),
        ...(now[id] === undefined ? {} : { now: now[id] }),
      }
    }
  }
  return {
    version: 1,
    fingerprint,
    delta,
    places: doc.places,
    notes: doc.notes,
    areas: doc.areas,
    done: log.done.slice(-KEPT_COMMANDS),
    undone: log.undone.slice(-KEPT_COMMANDS),
  }
}

export interface Opened {
  doc: Doc
  log: Log
  /** Names of what both the drawing and the migrations have changed; the drawing's form is kept. */
  conflicts: string[]
  /** Something was put on top of other migrations than it began with. */
  moved: boolean
}

const labelOf = (value: unknown): string => {
  const name = (value as { name?: { schema: string; name: string } } | undefined)?.name
  return name ? nameText(name) : '?'
}

export function opened(design: SavedDesign, base: Doc, fingerprint: string): Opened {
  const doc: Doc = { ...base, places: design.places, notes: design.notes, areas: design.areas }
  const moved = design.fingerprint !== fingerprint
  const conflicts: string[] = []
  for (const collection of SCHEMA_COLLECTIONS) {
    const values = { ...(base[collection] as Record<string, unknown>) }
    for (const [id, { base: was, now }] of Object.entries(design.delta[collection] ?? {})) {
      const present = values[id]
      // Made meanwhile by a migration just as it was drawn: most often the one that was generated from this drawing.
      const name = now === undefined ? undefined : labelOf(now)
      const twin = now === undefined ? undefined : Object.entries(values).find(([other, value]) => other !== id && labelOf(value) === name)
      if (moved && (same(present, now) || (twin && was === undefined && same(twin[1], now)))) {
        if (twin) adoptPlace(doc, id, twin[0])
        continue
      }
      if (moved && !same(present, was)) conflicts.push(labelOf(now ?? was))
      if (now === undefined) delete values[id]
      else values[id] = now
    }
    ;(doc as unknown as Record<Collection, unknown>)[collection] = values
  }
  return { doc, log: moved ? emptyLog() : { done: design.done, undone: design.undone }, conflicts, moved }
}

function adoptPlace(doc: Doc, from: string, to: string): void {
  const at = doc.places[from]
  if (!at || doc.places[to]) return
  const places = { ...doc.places, [to]: at }
  delete places[from]
  doc.places = places
}

/** After a migration was generated: the migrations hold what was drawn; places and areas follow the names. */
export function settled(doc: Doc, base: Doc): Doc {
  const ids = new Map<string, string>()
  for (const collection of ['tables', 'enums', 'types'] as const)
    for (const value of Object.values(base[collection])) ids.set(`${collection} ${nameText(value.name)}`, value._id)
  const now = (id: string): string | undefined => {
    for (const collection of ['tables', 'enums', 'types'] as const) {
      const value = doc[collection][id]
      if (value) return ids.get(`${collection} ${nameText(value.name)}`)
    }
    return undefined
  }
  const places: Record<string, Place> = {}
  for (const [id, at] of Object.entries(doc.places)) {
    const next = now(id)
    if (next) places[next] = at
  }
  const areas: Record<string, Area> = {}
  for (const [id, area] of Object.entries(doc.areas)) areas[id] = { ...area, tables: area.tables.map(now).filter((table) => table !== undefined) }
  return { ...base, places, areas, notes: doc.notes }
}

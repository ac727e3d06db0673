// The command log: every edit is a list of patches, so that undo and redo are the same walk in two directions. Knows nothing of what is edited.
import { type Collection, type Doc } from './model'

export interface Patch {
  in: Collection
  id: string
  before?: unknown
  after?: unknown
}
export interface Command {
  label: string
  patches: Patch[]
}
export interface Log {
  done: Command[]
  undone: Command[]
}

export const emptyLog = (): Log => ({ done: [], undone: [] })

/** Collects the patches of one edit; reading gives what was set before. */
export class Draft {
  readonly #doc: Doc
  readonly #patches = new Map<string, Patch>()

  constructor(doc: Doc) {
    this.#doc = doc
  }
  get<C extends Collection>(collection: C, id: string): Doc[C][string] | undefined {
    const patch = this.#patches.get(`${collection}/${id}`)
    return (patch ? patch.after : this.#doc[collection][id]) as Doc[C][string] | undefined
  }
  all<C extends Collection>(collection: C): Doc[C][string][] {
    const ids = new Set(Object.keys(this.#doc[collection]))
    for (const patch of this.#patches.values()) if (patch.in === collection) ids.add(patch.id)
    return [...ids].map((id) => this.get(collection, id)).filter((value) => value !== undefined) as Doc[C][string][]
  }
  set<C extends Collection>(collection: C, id: string, value: Doc[C][string] | undefined): void {
    this.#patches.set(`${collection}/${id}`, { in: collection, id, before: this.#doc[collection][id], after: value })
  }
  patches(): Patch[] {
    // The page's own members count here: that a column is another one renamed is an edit too.
    return [...this.#patches.values()].filter((patch) => JSON.stringify(patch.before) !== JSON.stringify(patch.after))
  }
}

/** The document after the patches, or before them; everything untouched is shared. */
export function patched(doc: Doc, patches: Patch[], backward = false): Doc {
  const result: Doc = { ...doc }
  const fresh = new Set<Collection>()
  for (const patch of patches) {
    if (!fresh.has(patch.in)) {
      fresh.add(patch.in)
      ;(result as unknown as Record<Collection, unknown>)[patch.in] = { ...result[patch.in] }
    }
    const values = result[patch.in] as Record<string, unknown>
    const value = backward ? patch.before : patch.after
    if (value === undefined) delete values[patch.id]
    else values[patch.id] = value
  }
  return result
}

export interface Step {
  doc: Doc
  log: Log
}
export function applied(step: Step, command: Command): Step {
  return { doc: patched(step.doc, command.patches), log: { done: [...step.log.done, command], undone: [] } }
}
export function undone(step: Step): Step {
  const command = step.log.done.at(-1)
  if (!command) return step
  return {
    doc: patched(step.doc, command.patches, true),
    log: { done: step.log.done.slice(0, -1), undone: [...step.log.undone, command] },
  }
}
export function redone(step: Step): Step {
  const command = step.log.undone.at(-1)
  if (!command) return step
  return {
    doc: patched(step.doc, command.patches),
    log: { done: [...step.log.done, command], undone: step.log.undone.slice(0, -1) },
  }
}

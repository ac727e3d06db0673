// The canvas: draws when something changed, and turns the pointer, the wheel and the keys into edits. Lives beside React, which only gives it
// its element.
import * as edits from '../edits'
import { nameText, type Place } from '../model'
import { setType, usersOf } from '../typeEdits'
import { arrange, editable, filterOf, get, newTable, run, select, set, setMeasure, shownDoc, shownMarked, subscribe, toast } from '../store'
import { draw, type Look, measurer } from './draw'
import { type Box, boundsOf, type Camera, type Card, fitting, grown, intersects, neighbour, rowOffset, toWorld, zoomed } from './geometry'
import { hit } from './hit'
import { type Scene, sceneOf } from './scene'
import { readTheme, type Theme } from './theme'

type Gesture =
  | { kind: 'pan'; at: Place; moved: boolean }
  | { kind: 'move'; ids: string[]; start: Place; from: Map<string, Place>; moved: boolean }
  | { kind: 'key'; card: string; row: number; from: Place; to: Place; target?: { card: string; row: number } }
  | { kind: 'marquee'; start: Place; to: Place }

const DRAG_THRESHOLD = 4

export class CanvasController {
  camera: Camera = { x: 60, y: 60, scale: 1 }
  scene: Scene
  theme: Theme
  view = { width: 1, height: 1 }
  /** Milliseconds that the last frames took to draw, for the status line and the tests. */
  readonly frames: number[] = []
  /** The first picture with everything in it has been drawn. */
  shown = false
  onCamera: () => void = () => undefined

  readonly #canvas: HTMLCanvasElement
  readonly #ctx: CanvasRenderingContext2D
  readonly #measure = measurer()
  #dirty = true
  #sceneKey: unknown[] = []
  #gesture: Gesture | undefined
  #moving: Map<string, Place> | undefined
  #hovered: Look['hovered']
  #focusSeen = 0
  #animation: { from: Camera; to: Camera; start: number } | undefined
  #frame = 0
  readonly #ends: (() => void)[] = []

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
    this.#ctx = canvas.getContext('2d', { alpha: false })!
    setMeasure(this.#measure)
    this.theme = readTheme()
    this.scene = this.#makeScene()
    this.#listen()
    this.#frame = requestAnimationFrame(this.#tick)
  }

  close(): void {
    cancelAnimationFrame(this.#frame)
    for (const end of this.#ends) end()
  }

  redraw(): void {
    this.#dirty = true
  }

  #listen(): void {
    const on = <K extends keyof HTMLElementEventMap>(name: K, handler: (event: HTMLElementEventMap[K]) => void, options?: AddEventListenerOptions) => {
      this.#canvas.addEventListener(name, handler, options)
      this.#ends.push(() => this.#canvas.removeEventListener(name, handler))
    }
    on('pointerdown', this.#down)
    on('pointermove', this.#move)
    on('pointerup', this.#up)
    on('pointercancel', this.#cancel)
    on('pointerleave', () => this.#hover(undefined))
    on('dblclick', this.#double)
    on('wheel', this.#wheel, { passive: false })
    on('keydown', this.#key)
    this.#ends.push(
      subscribe(() => {
        this.#dirty = true
      }),
    )
    const observer = new ResizeObserver(() => this.#resize())
    observer.observe(this.#canvas)
    this.#ends.push(() => observer.disconnect())
    this.#resize()
  }

  #resize(): void {
    const box = this.#canvas.getBoundingClientRect()
    const ratio = window.devicePixelRatio || 1
    this.view = { width: Math.max(1, box.width), height: Math.max(1, box.height) }
    this.#canvas.width = Math.round(this.view.width * ratio)
    this.#canvas.height = Math.round(this.view.height * ratio)
    this.#dirty = true
    this.onCamera()
  }

  #makeScene(): Scene {
    const state = get()
    return sceneOf(shownDoc(state), state.layout, shownMarked(state), this.#measure, this.#moving, filterOf(state))
  }

  #tick = (now: number): void => {
    this.#frame = requestAnimationFrame(this.#tick)
    if (this.#animation) this.#animate(now)
    const state = get()
    // Until places are known all cards would be drawn upon each other, unseen behind the page's "loading".
    if (!this.#dirty || state.phase === 'loading') return
    this.#dirty = false
    const began = performance.now()
    const key = [shownDoc(state), shownMarked(state), state.layout, state.schema, this.#moving]
    if (key.some((value, i) => value !== this.#sceneKey[i])) {
      this.#sceneKey = key
      this.scene = this.#makeScene()
      this.onCamera()
    }
    if (state.phase === 'ready' && state.focus.n !== this.#focusSeen) {
      const first = this.#focusSeen === 0
      this.#focusSeen = state.focus.n
      if (state.focus.id) this.show(state.focus.id)
      else this.fit(!first)
    }
    draw(this.#ctx, this.scene, this.camera, this.view, window.devicePixelRatio || 1, this.theme, this.#look())
    this.frames.push(performance.now() - began)
    this.shown = true
    if (this.frames.length > 600) this.frames.splice(0, 300)
  }

  #look(): Look {
    const { selection, column, project, lit } = get()
    const look: Look = { selected: new Set(selection), hovered: this.#hovered, withoutNulls: project?.capabilities?.not_null === false, lit }
    const first = selection[0]
    if (first && column) look.selectedColumn = { table: first, column }
    const gesture = this.#gesture
    if (gesture?.kind === 'key') look.drag = { from: gesture.from, to: gesture.to, target: gesture.target }
    if (gesture?.kind === 'marquee') look.marquee = boxOf(gesture.start, gesture.to)
    return look
  }

  // ---- camera ----

  moveCamera(camera: Camera): void {
    this.#animation = undefined
    this.camera = camera
    this.#dirty = true
    this.onCamera()
  }
  #glide(to: Camera): void {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.moveCamera(to)
      return
    }
    this.#animation = { from: this.camera, to, start: performance.now() }
  }
  #animate(now: number): void {
    const { from, to, start } = this.#animation!
    const t = Math.min(1, Math.max(0, now - start) / 240)
    const ease = 1 - (1 - t) ** 3
    const mix = (a: number, b: number) => a + (b - a) * ease
    this.camera = { x: mix(from.x, to.x), y: mix(from.y, to.y), scale: mix(from.scale, to.scale) }
    if (t === 1) this.#animation = undefined
    this.#dirty = true
    this.onCamera()
  }
  bounds(): Box | undefined {
    return boundsOf([...this.scene.cards, ...this.scene.areas.map((area) => area.box), ...this.scene.notes.map((note) => note.box)])
  }
  fit(gliding = true): void {
    const box = this.bounds()
    const camera = box ? fitting(box, this.view) : { x: this.view.width / 2 - 100, y: this.view.height / 2 - 80, scale: 1 }
    if (gliding) this.#glide(camera)
    else this.moveCamera(camera)
  }
  zoom(factor: number): void {
    this.#glide(zoomed(this.camera, { x: this.view.width / 2, y: this.view.height / 2 }, factor))
  }
  zoomTo(scale: number): void {
    this.zoom(scale / this.camera.scale)
  }
  /** Brings a card into the middle, at a size that can be read. */
  show(id: string): void {
    const card = this.scene.byId.get(id)
    const note = this.scene.notes.find((each) => each.id === id)
    const box = card ?? note?.box
    if (!box) return
    const scale = Math.max(0.75, Math.min(1.1, this.camera.scale))
    this.#glide({ scale, x: this.view.width / 2 - (box.x + box.width / 2) * scale, y: Math.max(40, this.view.height / 2 - (box.height / 2) * scale) - box.y * scale })
  }
  middle(): Place {
    return toWorld(this.camera, { x: this.view.width / 2, y: this.view.height / 2 })
  }
  /** A place near the middle where a new card covers nothing. */
  freePlace(): Place {
    const middle = this.middle()
    for (let ring = 0; ring < 40; ++ring) {
      for (let turn = 0; turn < Math.max(1, ring * 6); ++turn) {
        const angle = (turn / Math.max(1, ring * 6)) * 2 * Math.PI
        const at = { x: Math.round(middle.x - 100 + Math.cos(angle) * ring * 70), y: Math.round(middle.y - 60 + Math.sin(angle) * ring * 60) }
        const box = grown({ ...at, width: 230, height: 120 }, 20)
        if (!this.scene.cards.some((card) => intersects(card, box))) return at
      }
    }
    return middle
  }

  // ---- pointer ----

  #point(event: MouseEvent): Place {
    const box = this.#canvas.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  #down = (event: PointerEvent): void => {
    if (event.button > 1) return
    this.#canvas.setPointerCapture(event.pointerId)
    const screen = this.#point(event)
    const at = toWorld(this.camera, screen)
    const found = event.button === 1 ? { row: -1, handle: false } : hit(this.scene, at, this.camera.scale)
    const state = get()
    const rowId = found.card?.table.columns[found.row]?._id ?? ''
    const gone = found.card && (this.scene.marked.tables.get(found.card.id) === 'removed' || this.scene.marked.columns.get(found.card.id)?.get(rowId) === 'removed')
    if (found.card && found.handle && editable(state) && !gone) {
      const left = at.x < found.card.x + found.card.width / 2
      const from = { x: left ? found.card.x : found.card.x + found.card.width, y: found.card.y + rowOffset(found.row) }
      this.#gesture = { kind: 'key', card: found.card.id, row: found.row, from, to: at }
      return
    }
    const id = found.card?.id ?? found.note
    if (id) {
      const column = found.card && found.row >= 0 ? found.card.table.columns[found.row]?._id : undefined
      if (event.shiftKey || event.metaKey || event.ctrlKey)
        select(state.selection.includes(id) ? state.selection.filter((each) => each !== id) : [...state.selection, id])
      else if (!state.selection.includes(id)) select([id], column)
      else set({ column })
      const ids = get().selection
      const from = new Map<string, Place>()
      for (const each of ids) {
        const box = this.scene.byId.get(each) ?? this.scene.notes.find((note) => note.id === each)?.box
        if (box) from.set(each, { x: box.x, y: box.y })
      }
      this.#gesture = { kind: 'move', ids, start: at, from, moved: false }
      return
    }
    if (found.line) {
      select([found.line.edge.child], undefined)
      return
    }
    if (found.area && !event.shiftKey) {
      select([found.area])
      const from = new Map((this.scene.areas.find((area) => area.id === found.area)?.tables ?? []).flatMap((each) => {
        const card = this.scene.byId.get(each)
        return card ? [[each, { x: card.x, y: card.y }] as const] : []
      }))
      this.#gesture = { kind: 'move', ids: [...from.keys()], start: at, from, moved: false }
      return
    }
    if (event.shiftKey) {
      this.#gesture = { kind: 'marquee', start: at, to: at }
      return
    }
    this.#gesture = { kind: 'pan', at: screen, moved: false }
    this.#canvas.style.cursor = 'grabbing'
  }

  #move = (event: PointerEvent): void => {
    const screen = this.#point(event)
    const at = toWorld(this.camera, screen)
    const gesture = this.#gesture
    if (!gesture) {
      const found = hit(this.scene, at, this.camera.scale)
      this.#hover(found.card ? { card: found.card.id, row: found.row } : found.line ? { line: found.line.edge.key } : undefined)
      this.#canvas.style.cursor = found.handle && editable(get()) ? 'crosshair' : found.card || found.note ? 'default' : found.line ? 'pointer' : 'grab'
      return
    }
    if (gesture.kind === 'pan') {
      const dx = screen.x - gesture.at.x
      const dy = screen.y - gesture.at.y
      if (!gesture.moved && Math.hypot(dx, dy) < DRAG_THRESHOLD) return
      gesture.moved = true
      gesture.at = screen
      this.moveCamera({ ...this.camera, x: this.camera.x + dx, y: this.camera.y + dy })
    } else if (gesture.kind === 'move') {
      const dx = at.x - gesture.start.x
      const dy = at.y - gesture.start.y
      if (!gesture.moved && Math.hypot(dx, dy) * this.camera.scale < DRAG_THRESHOLD) return
      if (get().readOnly || get().mode !== 'design') return
      gesture.moved = true
      this.#moving = new Map([...gesture.from].map(([id, from]) => [id, { x: from.x + dx, y: from.y + dy }]))
      this.#dirty = true
    } else if (gesture.kind === 'key') {
      gesture.to = at
      const found = hit(this.scene, at, this.camera.scale)
      gesture.target = found.card?.kind === 'table' && !(found.card.id === gesture.card && found.row === gesture.row) ? { card: found.card.id, row: found.row } : undefined
      this.#dirty = true
    } else {
      gesture.to = at
      this.#dirty = true
    }
  }

  #up = (): void => {
    const gesture = this.#gesture
    this.#gesture = undefined
    this.#canvas.style.cursor = 'grab'
    this.#dirty = true
    if (!gesture) return
    if (gesture.kind === 'pan' && !gesture.moved) select([])
    if (gesture.kind === 'move' && gesture.moved) this.#drop(gesture.ids)
    if (gesture.kind === 'key' && gesture.target) this.#connect(gesture.card, gesture.row, gesture.target)
    if (gesture.kind === 'marquee') {
      const box = boxOf(gesture.start, gesture.to)
      select(this.scene.cards.filter((card) => intersects(card, box)).map((card) => card.id))
    }
  }

  #cancel = (): void => {
    this.#gesture = undefined
    this.#moving = undefined
    this.#dirty = true
  }

  #drop(ids: string[]): void {
    const moving = this.#moving
    this.#moving = undefined
    if (!moving) return
    const { doc } = get()
    const tables: Record<string, Place> = {}
    for (const id of ids) {
      const at = moving.get(id)
      if (!at) continue
      const note = doc.notes[id]
      if (note) run(edits.setNote(get().doc, id, { ...note, ...at }))
      else if (doc.tables[id] || doc.enums[id] || doc.types[id]) tables[id] = at
    }
    if (Object.keys(tables).length) run(edits.place(get().doc, tables))
  }

  #connect(childId: string, row: number, target: { card: string; row: number }): void {
    const child = this.scene.byId.get(childId)!.table
    const parent = this.scene.byId.get(target.card)!.table
    const { doc, project } = get()
    if (target.row >= 0 && !doc.tables[target.card]?.columns[target.row]) return
    if (project?.capabilities?.relational === false) {
      toast('plain', `${project.product ?? 'This database'} has no foreign keys`)
      return
    }
    const column = child.columns[row]!
    if (target.row >= 0) run(edits.addForeignKey(doc, child._id, column.name, parent._id, parent.columns[target.row]!.name))
    else {
      const key = parent.primary_key?.parts[0]?.column
      if (key) run(edits.addForeignKey(doc, child._id, column.name, parent._id, key))
      else toast('plain', `${parent.name.name} has no primary key to refer to`, 'Drop the line on one of its columns instead.')
    }
    select([child._id], column._id)
  }

  #hover(hovered: Look['hovered']): void {
    const now = this.#hovered
    if (now?.card === hovered?.card && now?.row === hovered?.row && now?.line === hovered?.line) return
    this.#hovered = hovered
    this.#dirty = true
  }

  #double = (event: MouseEvent): void => {
    const at = toWorld(this.camera, this.#point(event))
    const found = hit(this.scene, at, this.camera.scale)
    if (found.card) document.dispatchEvent(new CustomEvent('sterna-edit', { detail: found.row >= 0 ? 'column' : 'name' }))
    else if (!found.note && !found.line) newTable({ x: at.x - 100, y: at.y - 20 })
  }

  #wheel = (event: WheelEvent): void => {
    event.preventDefault()
    // A mouse's wheel turns in steps and along one axis; fingers on a touchpad do not.
    const mouse = event.deltaMode === 1 || (event.deltaX === 0 && Math.abs(event.deltaY) >= 80 && Number.isInteger(event.deltaY))
    if (event.ctrlKey || event.metaKey || (mouse && !event.shiftKey)) {
      const strength = event.ctrlKey && !mouse ? 0.01 : 0.0016
      const delta = event.deltaMode === 1 ? event.deltaY * 30 : event.deltaY
      this.moveCamera(zoomed(this.camera, this.#point(event), Math.exp(-delta * strength)))
      return
    }
    const dx = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX
    const dy = event.shiftKey && event.deltaX === 0 ? 0 : event.deltaY
    this.moveCamera({ ...this.camera, x: this.camera.x - dx, y: this.camera.y - dy })
  }

  // ---- keys ----

  #key = (event: KeyboardEvent): void => {
    const arrows: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
    const arrow = arrows[event.key]
    const plain = !event.ctrlKey && !event.metaKey
    if (arrow && plain) this.#arrow(event, arrow)
    else if (plain && this.#letter(event.key)) event.preventDefault()
    else return
    event.preventDefault()
  }

  #arrow(event: KeyboardEvent, [dx, dy]: [number, number]): void {
    const { selection } = get()
    const card = selection.map((id) => this.scene.byId.get(id)).find((each) => each !== undefined)
    if (event.altKey) {
      this.moveCamera({ ...this.camera, x: this.camera.x - dx * 80, y: this.camera.y - dy * 80 })
    } else if (event.shiftKey && card && editable(get())) {
      const cards = selection.map((id) => this.scene.byId.get(id)).filter((each): each is Card => each !== undefined)
      run(edits.place(get().doc, Object.fromEntries(cards.map((each) => [each.id, { x: each.x + dx * 24, y: each.y + dy * 24 }]))))
    } else {
      const next = card ? neighbour(this.scene.cards, card, dx, dy) : this.#firstCard()
      if (!next) return
      select([next.id])
      this.#keepInView(next)
    }
  }

  #firstCard(): Card | undefined {
    const middle = this.middle()
    const away = (card: Card) => Math.hypot(card.x + card.width / 2 - middle.x, card.y + card.height / 2 - middle.y)
    return this.scene.cards.reduce<Card | undefined>((best, card) => (!best || away(card) < away(best) ? card : best), undefined)
  }

  #keepInView(card: Card): void {
    const low = { x: card.x * this.camera.scale + this.camera.x, y: card.y * this.camera.scale + this.camera.y }
    const inside = low.x >= 20 && low.y >= 20 && low.x + card.width * this.camera.scale <= this.view.width - 20 && low.y + 60 <= this.view.height
    if (!inside) this.show(card.id)
  }

  #letter(key: string): boolean {
    const state = get()
    switch (key) {
      case 'Enter':
        if (state.selection.length) document.dispatchEvent(new CustomEvent('sterna-edit', { detail: 'name' }))
        return true
      case 'Delete':
      case 'Backspace':
        removeSelected()
        return true
      case 'Escape':
        select([])
        return true
      case 'n':
        newTable(this.freePlace())
        return true
      case 'f':
      case '1':
        this.fit()
        return true
      case '0':
        this.zoomTo(1)
        return true
      case '+':
      case '=':
        this.zoom(1.3)
        return true
      case '-':
        this.zoom(1 / 1.3)
        return true
      case 'a':
        void arrange()
        return true
      default:
        return false
    }
  }
}

export function removeSelected(): void {
  const { selection, doc } = get()
  if (!editable(get())) return
  const tables = selection.filter((id) => doc.tables[id])
  if (tables.length) run(edits.dropTables(doc, tables))
  for (const id of selection) {
    if (doc.notes[id]) run(edits.setNote(get().doc, id, undefined))
    if (doc.enums[id]) run(edits.setEnum(get().doc, id, undefined, `drop enum ${nameText(doc.enums[id].name)}`))
    if (doc.types[id] && usersOf(doc, doc.types[id]).length === 0) run(setType(get().doc, id, undefined, `drop type ${nameText(doc.types[id].name)}`))
    if (doc.areas[id]) run(edits.setArea(get().doc, id, undefined))
  }
  select([])
}

const boxOf = (a: Place, b: Place): Box => ({ x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) })


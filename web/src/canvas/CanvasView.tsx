// The canvas element with what floats above it: zoom, the small map, the frame's time.
import { useEffect, useRef, useState } from 'react'
import { arrange, get, newTable, run, select, set, shownDoc, useStore } from '../store'
import * as edits from '../edits'
import { newId } from '../model'
import { useCanvas } from '../ui/canvasContext'
import { IconButton } from '../ui/parts'
import { CanvasController } from './controller'
import { describeCard } from './draw'
import { boundsOf, grown, visibleBox } from './geometry'
import { readTheme } from './theme'

export function CanvasView() {
  const element = useRef<HTMLCanvasElement>(null)
  const controller = useCanvas()
  const theme = useStore((s) => s.theme)
  const selection = useStore((s) => s.selection)
  const mode = useStore((s) => s.mode)
  const doc = useStore(shownDoc)
  const [scale, setScale] = useState(1)
  const map = useRef<HTMLCanvasElement>(null)

  useEffect(() => {
    const made = new CanvasController(element.current!)
    controller.current = made
    ;(window as unknown as { sternaCanvas: CanvasController }).sternaCanvas = made
    let waiting = false
    made.onCamera = () => {
      if (waiting) return
      waiting = true
      requestAnimationFrame(() => {
        waiting = false
        setScale(made.camera.scale)
        if (map.current) drawMap(map.current, made)
      })
    }
    made.onCamera()
    return () => {
      made.close()
      controller.current = null
    }
  }, [controller])

  useEffect(() => {
    const made = controller.current
    if (!made) return
    made.theme = readTheme()
    made.redraw()
    made.onCamera()
  }, [theme, controller])

  const first = selection[0] ? doc.tables[selection[0]] : undefined
  const jump = (event: React.PointerEvent<HTMLCanvasElement>) => {
    const made = controller.current
    if (!made || (event.type === 'pointermove' && event.buttons === 0)) return
    const box = event.currentTarget.getBoundingClientRect()
    const at = mapToWorld(made, { x: event.clientX - box.left, y: event.clientY - box.top }, box)
    made.moveCamera({ ...made.camera, x: made.view.width / 2 - at.x * made.camera.scale, y: made.view.height / 2 - at.y * made.camera.scale })
  }
  const empty = Object.keys(doc.tables).length === 0
  return (
    <div className="canvas">
      <canvas
        ref={element}
        id="canvas"
        tabIndex={0}
        role="application"
        aria-label="Diagram. Arrow keys go from table to table, Shift with an arrow moves the table, Enter edits it, N makes a new one. The list of tables on the left holds the same."
      />
      <div className="hidden" role="status">
        {first ? describeCard(first) : ''}
      </div>
      {empty && mode === 'design' && (
        <div className="canvas-empty">
          <h2>Nothing drawn yet</h2>
          <p>Begin with a table: double-click anywhere, or</p>
          <button type="button" className="button primary" onClick={() => newTable(controller.current?.freePlace() ?? { x: 0, y: 0 })}>
            New table
          </button>
          <p>
            or take a schema in:{' '}
            <button type="button" className="link" onClick={() => set({ dialog: 'import' })}>
              import SQL, DBML or a connection
            </button>
          </p>
        </div>
      )}
      <div className="canvas-tools" role="toolbar" aria-label="View">
        <IconButton icon="minus" label="Smaller" hint="-" onClick={() => controller.current?.zoom(1 / 1.3)} />
        <button type="button" className="zoom" aria-label={`Size ${Math.round(scale * 100)} percent; set to 100`} title="Size (0)" onClick={() => controller.current?.zoomTo(1)}>
          {Math.round(scale * 100)}%
        </button>
        <IconButton icon="plus" label="Larger" hint="+" onClick={() => controller.current?.zoom(1.3)} />
        <IconButton icon="fit" label="Show everything" hint="F" onClick={() => controller.current?.fit()} />
        <span className="bar" />
        <IconButton icon="arrange" label="Arrange" hint="A" onClick={() => void arrange()} />
        {mode === 'design' && (
          <IconButton
            icon="note"
            label="New note"
            onClick={() => {
              const at = controller.current?.freePlace() ?? { x: 0, y: 0 }
              const id = newId('n')
              run(edits.setNote(get().doc, id, { text: 'A note', ...at, width: 200, height: 120 }))
              select([id])
              set({ panel: 'edit' })
            }}
          />
        )}
      </div>
      <canvas ref={map} className="minimap" width={360} height={230} aria-hidden="true" onPointerDown={jump} onPointerMove={jump} />
    </div>
  )
}

function mapFrame(made: CanvasController) {
  const view = visibleBox(made.camera, made.view)
  const all = made.bounds()
  return grown(boundsOf(all ? [all, view] : [view])!, 40)
}

function mapScale(frame: { width: number; height: number }, size: { width: number; height: number }): number {
  return Math.min(size.width / frame.width, size.height / frame.height)
}

function mapToWorld(made: CanvasController, at: { x: number; y: number }, size: { width: number; height: number }) {
  const frame = mapFrame(made)
  const scale = mapScale(frame, size)
  return {
    x: frame.x + (at.x - (size.width - frame.width * scale) / 2) / scale,
    y: frame.y + (at.y - (size.height - frame.height * scale) / 2) / scale,
  }
}

function drawMap(canvas: HTMLCanvasElement, made: CanvasController): void {
  const ctx = canvas.getContext('2d')!
  const { theme } = made
  const frame = mapFrame(made)
  const scale = mapScale(frame, canvas)
  const left = (canvas.width - frame.width * scale) / 2
  const top = (canvas.height - frame.height * scale) / 2
  ctx.clearRect(0, 0, canvas.width, canvas.height)
  const rect = (box: { x: number; y: number; width: number; height: number }) =>
    ctx.rect(left + (box.x - frame.x) * scale, top + (box.y - frame.y) * scale, Math.max(1.5, box.width * scale), Math.max(1.5, box.height * scale))
  ctx.fillStyle = theme.faint
  ctx.beginPath()
  for (const card of made.scene.cards) rect(card)
  ctx.fill()
  for (const card of made.scene.cards) {
    const mark = made.scene.marked.tables.get(card.id)
    if (!mark) continue
    ctx.fillStyle = mark === 'added' ? theme.added : mark === 'removed' ? theme.removed : theme.altered
    ctx.beginPath()
    rect(card)
    ctx.fill()
  }
  ctx.strokeStyle = theme.accent
  ctx.lineWidth = 2
  ctx.beginPath()
  rect(visibleBox(made.camera, made.view))
  ctx.stroke()
}

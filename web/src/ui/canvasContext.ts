import { createContext, type RefObject, useContext } from 'react'
import type { CanvasController } from '../canvas/controller'

export const CanvasContext = createContext<RefObject<CanvasController | null>>({ current: null })
export const useCanvas = (): RefObject<CanvasController | null> => useContext(CanvasContext)

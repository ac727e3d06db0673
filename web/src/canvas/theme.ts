// The canvas' colours, read from the page's own custom properties, so that both change together.
export interface Theme {
  background: string
  dots: string
  card: string
  cardEdge: string
  header: string
  ink: string
  soft: string
  faint: string
  line: string
  lineSelected: string
  accent: string
  accentSoft: string
  gold: string
  added: string
  altered: string
  removed: string
  note: string
  noteInk: string
  shadow: string
  areas: string[]
  dark: boolean
}

/** For paper: black on white, whatever the page looks like. */
export function printTheme(): Theme {
  const probe = document.createElement('div')
  probe.className = 'print-theme'
  document.body.append(probe)
  const theme = { ...readTheme(probe), dark: false }
  probe.remove()
  return theme
}

export function readTheme(element: Element = document.documentElement): Theme {
  const style = getComputedStyle(element)
  const value = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    background: value('canvas'),
    dots: value('canvas-dots'),
    card: value('card'),
    cardEdge: value('card-edge'),
    header: value('card-header'),
    ink: value('ink'),
    soft: value('ink-soft'),
    faint: value('ink-faint'),
    line: value('line'),
    lineSelected: value('accent'),
    accent: value('accent'),
    accentSoft: value('accent-soft'),
    gold: value('gold'),
    added: value('added'),
    altered: value('altered'),
    removed: value('removed'),
    note: value('note'),
    noteInk: value('note-ink'),
    shadow: value('card-shadow'),
    areas: [1, 2, 3, 4, 5, 6].map((i) => value(`area-${i}`)),
    dark: document.documentElement.dataset.theme === 'dark',
  }
}

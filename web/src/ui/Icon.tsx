// Line icons of one hand: 24 units, 1.75 strokes.
const paths: Record<string, string> = {
  undo: 'M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3',
  redo: 'm15 14 5-5-5-5m5 5H10a6 6 0 0 0 0 12h3',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  fit: 'M4 9V4h5M20 9V4h-5M4 15v5h5m11-5v5h-5',
  search: 'm20 20-4.2-4.2M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Z',
  sun: 'M12 4V2m0 20v-2M4 12H2m20 0h-2M6.3 6.3 4.9 4.9m14.2 14.2-1.4-1.4m0-11.4 1.4-1.4M4.9 19.1l1.4-1.4M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Z',
  moon: 'M20.5 14.5A8.5 8.5 0 0 1 9.5 3.5a8.5 8.5 0 1 0 11 11Z',
  table: 'M4 5h16v14H4zM4 10h16M10 10v9',
  view: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Zm9.5 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  key: 'M8 15.5a4.5 4.5 0 1 1 4.2-6H21v3h-2.5v2.5h-3v-2.5h-3.3A4.5 4.5 0 0 1 8 15.5Zm0-3.2a1.3 1.3 0 1 0 0-2.6 1.3 1.3 0 0 0 0 2.6Z',
  link: 'm9.5 14.5 5-5M10.5 7l1.8-1.8a4 4 0 0 1 5.7 5.7L16.2 12.7M13.5 17l-1.8 1.8A4 4 0 0 1 6 13.1L7.8 11.3',
  trash: 'M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10 11v5m4-5v5',
  chevron: 'm9 6 6 6-6 6',
  close: 'M6 6l12 12M18 6 6 18',
  arrange: 'M4 4h6v6H4zM14 14h6v6h-6zM14 4h6v6h-6zM10 7h4M17 10v4',
  download: 'M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 20h14',
  upload: 'M12 15V4M7.5 8.5 12 4l4.5 4.5M5 20h14',
  warning: 'M12 4 2.5 20h19L12 4Zm0 6v4.5m0 2.5v.01',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3.5 2',
  note: 'M5 4h14v10l-6 6H5zM19 14h-6v6',
  area: 'M4 8V5.5A1.5 1.5 0 0 1 5.5 4H8m8 0h2.5A1.5 1.5 0 0 1 20 5.5V8m0 8v2.5a1.5 1.5 0 0 1-1.5 1.5H16m-8 0H5.5A1.5 1.5 0 0 1 4 18.5V16M9 9h6v6H9z',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  up: 'm6 15 6-6 6 6',
  down: 'm6 9 6 6 6-6',
  play: 'M7 4.5v15l12-7.5-12-7.5Z',
  help: 'M9.2 9.2a2.8 2.8 0 1 1 4.2 2.4c-.9.5-1.4 1.1-1.4 2.1M12 17v.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z',
  drift: 'M7 4v9a4 4 0 0 0 4 4h6m-3-3.5 3.5 3.5-3.5 3.5M7 8h.01M17 4v6',
  pencil: 'M4 20h4L19.5 8.5l-4-4L4 16v4ZM13 7l4 4',
}

export function Icon({ name, size = 17 }: { name: keyof typeof paths | string; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={paths[name] ?? ''} />
    </svg>
  )
}

/** An Arctic tern: the bird that migrates farthest. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="mark">
      <path className="mark-wing" d="M2 9c6.5-.6 11.4 1.4 14.3 5.3C19.5 9.6 24 6.3 30.5 5c-3 3.6-5.2 6.6-6.7 10.2-1.2 3-3.4 5-6.6 5.5-2.3.4-4.3 1.7-6.7 4.8.2-2.5.9-4.6 2.2-6.4C10.2 14.8 6.9 11.2 2 9Z" />
      <path className="mark-cap" d="M23.9 15c1.9-1 3.7-.7 4.9.5l-3.9 1.9c-.9.3-1.6-.4-1-2.4Z" />
      <path className="mark-beak" d="M28.6 15.3 32 17l-4.3.4Z" />
    </svg>
  )
}

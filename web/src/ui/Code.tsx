// SQL and C++ to be read or written. The editor lives in a shadow root, where its styles need no permission of the page's content policy.
import { autocompletion, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { cpp } from '@codemirror/lang-cpp'
import { Cassandra, MySQL, PostgreSQL, sql, SQLite, StandardSQL } from '@codemirror/lang-sql'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'

const theme = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'transparent', fontSize: '12.5px' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-content': { fontFamily: 'var(--mono)', padding: '10px 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 14px' },
  '.cm-gutters': { backgroundColor: 'transparent', border: 'none', color: 'var(--ink-soft)' },
  '.cm-scroller': { lineHeight: '1.6', overflow: 'auto' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--accent-soft) !important' },
  '.cm-tooltip': { backgroundColor: 'var(--card)', color: 'var(--ink)', border: '1px solid var(--card-edge)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--on-accent)' },
})
const colors = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: 'var(--code-keyword)', fontWeight: '600' },
  { tag: [tags.typeName, tags.className, tags.standard(tags.name)], color: 'var(--code-type)' },
  { tag: tags.string, color: 'var(--code-string)' },
  { tag: tags.special(tags.string), color: 'var(--ink)' }, // a name in quotes
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
  { tag: tags.comment, color: 'var(--ink-soft)', fontStyle: 'italic' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--code-function)' },
])
const dialects: Record<string, typeof PostgreSQL> = { postgres: PostgreSQL, mysql: MySQL, sqlite: SQLite, cql: Cassandra }

export function Code(props: { text: string; language: 'sql' | 'cpp'; dialect?: string; label: string; names?: Record<string, string[]>; onCommit?: (text: string) => void }) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const commit = useRef(props.onCommit)
  const { language, dialect, label } = props
  const readOnly = props.onCommit === undefined
  const names = JSON.stringify(props.names ?? {})
  useEffect(() => {
    commit.current = props.onCommit
  })
  useEffect(() => {
    const element = host.current!
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
    const extensions: Extension[] = [
      theme,
      syntaxHighlighting(colors),
      EditorView.contentAttributes.of({ 'aria-label': label }),
      EditorView.lineWrapping,
      language === 'cpp' ? cpp() : sql({ dialect: dialects[dialect ?? ''] ?? StandardSQL, schema: JSON.parse(names) as Record<string, string[]>, upperCaseKeywords: true }),
      keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
    ]
    if (readOnly) extensions.push(EditorState.readOnly.of(true))
    else
      extensions.push(
        history(),
        lineNumbers(),
        autocompletion(),
        EditorView.domEventHandlers({
          blur: (_event, editor) => {
            commit.current?.(editor.state.doc.toString())
          },
        }),
      )
    const editor = new EditorView({ parent: root, root, state: EditorState.create({ doc: '', extensions }) })
    view.current = editor
    return () => editor.destroy()
  }, [language, dialect, label, readOnly, names])
  useEffect(() => {
    const editor = view.current
    if (editor && editor.state.doc.toString() !== props.text) editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: props.text } })
  }, [props.text, language, dialect, label, readOnly, names])
  return <div className="code" ref={host} />
}

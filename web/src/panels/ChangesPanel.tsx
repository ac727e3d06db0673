// What the drawing means: changes in words, what would be lost, renames asked, both directions as SQL and C++, and the button that writes them.
import { useState } from 'react'
import { type ApiFailure } from '../api'
import * as edits from '../edits'
import { nameText } from '../model'
import { discardAll, generate, get, otherChanges, reveal, run, set, useStore, wantCpp } from '../store'
import { Code } from '../ui/Code'
import { Icon } from '../ui/Icon'

export function Failure({ failure }: { failure: ApiFailure }) {
  return (
    <div className="failure" role="alert">
      <p>
        <Icon name="warning" size={16} /> <b>{failure.message}</b>
      </p>
      {failure.detail && <p>{failure.detail}</p>}
      {failure.statement && <pre>{failure.statement}</pre>}
      {failure.suggestions.map((text) => (
        <p key={text} className="suggestion">
          {text}
        </p>
      ))}
    </div>
  )
}

const toneOf = (text: string): string => (/^drop|[:,] drop /.test(text) ? 'removed' : /^create|: add /.test(text) ? 'added' : 'altered')

export function Changes({ changes }: { changes: { text: string; subject: string }[] }) {
  const go = (subject: string) => {
    const state = get()
    const doc = state.mode === 'design' ? state.doc : state.shownDoc
    const table = Object.values(doc?.tables ?? {}).find((each) => nameText(each.name) === subject || each._was === subject)
    if (table) reveal(table._id)
    set({ panel: 'changes' })
  }
  return (
    <ol className="changes">
      {changes.map((change, i) => (
        <li key={i} className={toneOf(change.text)}>
          <button type="button" onClick={() => go(change.subject)}>
            {change.text}
          </button>
        </li>
      ))}
    </ol>
  )
}

type Tab = 'up' | 'down' | 'cpp'

export function ChangesPanel() {
  const preview = useStore((s) => s.preview)
  const failure = useStore((s) => s.previewFailure)
  const busy = useStore((s) => s.previewing)
  const count = useStore((s) => s.marked.count)
  const declined = useStore((s) => s.declined)
  const dialect = useStore((s) => s.like.dialect)
  const [tab, setTab] = useState<Tab>('up')
  if (!preview && !failure && !busy && count === 0 && !otherChanges())
    return (
      <div className="empty">
        <Icon name="check" size={30} />
        <p>The drawing is what the migrations make.</p>
        <p className="hint">Every edit appears here as SQL before anything is written.</p>
      </div>
    )
  const questions = (preview?.possible_renames ?? []).filter((question) => !declined.includes(question.old_name + question.new_name))
  return (
    <div className="changes-panel" aria-busy={busy}>
      {busy && <div className="progress" role="progressbar" aria-label="The changes are being worked out" />}
      {failure && <Failure failure={failure} />}
      {questions.map((question) => (
        <div className="question" key={question.old_name + question.new_name} role="group" aria-label="Rename?">
          <p>
            Is <b>{question.new_name}</b> the former <b>{question.old_name}</b> under a new name?
          </p>
          <div className="pair">
            <button type="button" className="button small primary" onClick={() => run(edits.joinRename(get().doc, get().base, question))}>
              Yes, renamed
            </button>
            <button type="button" className="button small" onClick={() => set({ declined: [...declined, question.old_name + question.new_name] })}>
              No, drop and add
            </button>
          </div>
        </div>
      ))}
      {preview && (
        <>
          <Changes changes={preview.changes} />
          {preview.losses.map((loss) => (
            <p className="loss" key={loss.text}>
              <Icon name="warning" size={15} /> {loss.text}
            </p>
          ))}
          {preview.no_way_down && (
            <p className="loss">
              <Icon name="warning" size={15} /> no way down: {preview.no_way_down}
            </p>
          )}
          {preview.findings.map((finding, i) => (
            <p className={`finding ${finding.severity}`} key={i}>
              <b>{finding.rule}</b> {finding.message}
              {finding.lock && (
                <span className="suggestion">
                  {finding.lock} on {finding.lock_on}
                  {finding.blocks && `: blocks ${finding.blocks}`}
                </span>
              )}
              {finding.advice && <code className="suggestion">{finding.advice}</code>}
            </p>
          ))}
          {preview.notes.map((note) => (
            <p className="hint" key={note}>
              {note}
            </p>
          ))}
          <div className="tabs small">
            <div className="tab-list" role="tablist" aria-label="The migration">
              {(['up', 'down', 'cpp'] as const).map((each) => (
                <button
                  key={each}
                  type="button"
                  role="tab"
                  id={`tab-${each}`}
                  aria-selected={tab === each}
                  aria-controls="migration-text"
                  onClick={() => {
                    setTab(each)
                    wantCpp(each === 'cpp')
                  }}
                >
                  {each === 'up' ? 'Up' : each === 'down' ? 'Down' : 'C++'}
                </button>
              ))}
            </div>
            <span className="grow" />
            <button type="button" className="button small quiet" onClick={() => void navigator.clipboard.writeText(tab === 'cpp' ? preview.cpp : tab === 'up' ? preview.up : preview.down)}>
              <Icon name="copy" size={14} /> Copy
            </button>
          </div>
          <div id="migration-text" role="tabpanel" aria-labelledby={`tab-${tab}`} className="migration-text">
            <Code label="The migration's text" language={tab === 'cpp' ? 'cpp' : 'sql'} text={(tab === 'cpp' ? preview.cpp : tab === 'up' ? preview.up : preview.down).trimEnd()} {...(dialect ? { dialect } : {})} />
          </div>
        </>
      )}
      <GenerateForm enabled={!!preview && preview.changes.length > 0 && !failure && !busy} questions={questions.length} />
      <button type="button" className="button quiet danger small" onClick={() => void discardAll()}>
        Discard the drawing’s changes
      </button>
    </div>
  )
}

/** A name for the migration from its first change. */
function suggestedName(texts: string[]): string {
  const words = (texts[0] ?? 'change').replace(/\(.*$/, '').replace(/[^\p{L}\p{N}]+/gu, '_').toLowerCase()
  return words.split('_').filter(Boolean).slice(0, 5).join('_') + (texts.length > 1 ? '_and_more' : '')
}

function GenerateForm({ enabled, questions }: { enabled: boolean; questions: number }) {
  const preview = useStore((s) => s.preview)
  const folder = useStore((s) => s.project?.folder)
  const [name, setName] = useState<string>()
  const [language, setLanguage] = useState<'sql' | 'cpp'>('sql')
  const [writing, setWriting] = useState(false)
  const text = name ?? suggestedName(preview?.changes.map((change) => change.text) ?? [])
  const submit = async () => {
    setWriting(true)
    if (await generate(text, language)) setName(undefined)
    setWriting(false)
  }
  return (
    <form
      className="generate"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <div className="pair">
        <div className="field grow">
          <label htmlFor="migration-name">Migration</label>
          <input id="migration-name" className="mono" value={text} spellCheck={false} autoComplete="off" onChange={(event) => setName(event.target.value)} />
        </div>
        <div className="field">
          <label htmlFor="migration-language">As</label>
          <select id="migration-language" value={language} onChange={(event) => setLanguage(event.target.value as 'sql' | 'cpp')}>
            <option value="sql">SQL</option>
            <option value="cpp">C++</option>
          </select>
        </div>
      </div>
      {questions > 0 && <p className="hint warn">Answer the rename {questions === 1 ? 'question' : 'questions'} first, or the old column’s values are dropped.</p>}
      <button type="submit" className="button primary wide" disabled={!enabled || writing || !text.trim()}>
        <Icon name="pencil" size={16} /> Generate migration
      </button>
      {folder && <p className="hint">into {folder}/, with sterna.sum</p>}
    </form>
  )
}

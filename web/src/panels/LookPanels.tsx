// Drift and history: what differs between two states, and the way back.
import { type Migration } from '../api'
import { compare, drawComparison, showVersion, startApply } from '../looking'
import { get, useStore } from '../store'
import { Code } from '../ui/Code'
import { Icon } from '../ui/Icon'
import { Section, Select } from '../ui/parts'
import { Changes } from './ChangesPanel'

const STATES: Record<string, string> = { migrations: 'all migrations', applied: 'applied migrations', database: 'the database', empty: 'nothing' }
const stateName = (state: string): string => STATES[state] ?? (state.startsWith('@') ? `connection ${state.slice(1)}` : state)

function CompareForm() {
  const states = useStore((s) => s.project?.states)
  const compared = useStore((s) => s.compared)
  const options = [...new Set([...(states ?? []), compared.from, compared.to])].map((value) => ({ value, text: stateName(value) }))
  return (
    <div className="pair">
      <Select label="From" value={compared.from} options={options} onChange={(from) => void compare(from, compared.to)} />
      <Select label="To" value={compared.to} options={options} onChange={(to) => void compare(compared.from, to)} />
    </div>
  )
}

export function DriftPanel() {
  const comparison = useStore((s) => s.comparison)
  const compared = useStore((s) => s.compared)
  const busy = useStore((s) => s.comparing)
  const drift = compared.from === 'applied' && compared.to === 'database'
  return (
    <div className="changes-panel">
      <CompareForm />
      {busy && <div className="progress" role="progressbar" aria-label="The two are being compared" />}
      {!busy && comparison?.equal && (
        <div className="empty" data-testid="no-drift">
          <Icon name="check" size={30} />
          <p>{drift ? 'No drift' : 'No difference'}</p>
          <p className="hint">{drift ? 'The database is what its applied migrations make.' : `${stateName(compared.from)} and ${stateName(compared.to)} are the same.`}</p>
        </div>
      )}
      {!busy && comparison && !comparison.equal && <Differences drift={drift} />}
    </div>
  )
}

function Differences({ drift }: { drift: boolean }) {
  const comparison = useStore((s) => s.comparison)!
  const compared = useStore((s) => s.compared)
  const dialect = useStore((s) => s.like.dialect)
  return (
    <>
      <p className="lead">{drift ? 'Somebody changed the database by hand:' : `What ${stateName(compared.to)} has otherwise:`}</p>
      <Legend />
      <Changes changes={comparison.changes} />
      {compared.to !== 'migrations' && (
        <button type="button" className="button" onClick={() => void drawComparison()}>
          <Icon name="pencil" size={15} /> Draw it: take {stateName(compared.to)} into the drawing
        </button>
      )}
      <Section title={drift ? 'Bring the database back' : 'Back as SQL'}>
        <div className="migration-text">
          <Code label={drift ? 'SQL that brings the database back' : 'SQL that leads back'} language="sql" text={comparison.back.trimEnd()} {...(dialect ? { dialect } : {})} />
        </div>
        {drift && (
          <p className="hint">
            <code>sterna schema drift</code> prints the same.
          </p>
        )}
      </Section>
    </>
  )
}

const Legend = () => (
  <p className="legend">
    <span className="added">added</span>
    <span className="altered">altered</span>
    <span className="removed">removed</span>
  </p>
)

export function HistoryPanel() {
  const comparison = useStore((s) => s.comparison)
  const version = useStore((s) => s.version)
  const history = useStore((s) => s.history)
  const busy = useStore((s) => s.comparing)
  const migration = history.find((each) => each.version === version)
  return (
    <div className="changes-panel">
      {busy && <div className="progress" role="progressbar" aria-label="The schema at this version is being made" />}
      {migration && (
        <>
          <h2 className="editor-title">
            <small>{migration.version}</small>
            {migration.name || migration.version}
          </h2>
          <p className="hint">
            {migration.state}
            {migration.applied_at && `, ${migration.applied_at.slice(0, 16)} UTC`}
            {migration.file && ` · ${migration.file}`}
          </p>
          {migration.description && <p>{migration.description}</p>}
          {comparison && (comparison.equal ? <p className="hint">It leaves the schema as it was.</p> : <Changes changes={comparison.changes} />)}
        </>
      )}
      {history.length === 0 && !busy && (
        <div className="empty">
          <Icon name="clock" size={30} />
          <p>No migrations yet</p>
        </div>
      )}
      <ApplyButton />
    </div>
  )
}

function ApplyButton() {
  const allowed = useStore((s) => s.project?.allow_apply)
  const pending = useStore((s) => s.history.filter((each) => each.state === 'pending').length)
  if (!allowed || pending === 0) return null
  return (
    <button type="button" className="button primary wide" onClick={() => void startApply()}>
      <Icon name="play" size={15} /> Apply {pending} pending
    </button>
  )
}

const shown = (migration: Migration) => migration.kind !== 'repeatable' && !!migration.file

/** All migrations on a line; each shows the schema as it was then. */
export function HistoryLine() {
  const history = useStore((s) => s.history)
  const version = useStore((s) => s.version)
  const migrations = history.filter(shown)
  const step = (by: number) => {
    const next = migrations[migrations.findIndex((each) => each.version === get().version) + by]
    if (next) void showVersion(next.version)
  }
  return (
    <nav className="history-line" aria-label="History">
      <ol
        onKeyDown={(event) => {
          if (event.key === 'ArrowLeft') step(-1)
          if (event.key === 'ArrowRight') step(1)
        }}
      >
        {migrations.map((migration) => (
          <li key={migration.id} className={migration.state}>
            <button type="button" aria-current={migration.version === version ? 'step' : undefined} title={`${migration.id}, ${migration.state}`} onClick={() => void showVersion(migration.version)}>
              <i />
              <span>{migration.name || migration.version}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}


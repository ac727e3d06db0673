// A column's type: chosen from what the database has, or typed; the database itself says whether there is such a type.
import { useId, useState } from 'react'
import { ApiError } from '../api'
import { type TypeChoice } from '../edits'
import { nameText } from '../model'
import { resolveType, useStore } from '../store'

export function TypeField(props: { value: string; onCommit: (choice: TypeChoice) => void; disabled?: boolean; label: string }) {
  const types = useStore((s) => s.project?.types)
  const enums = useStore((s) => s.doc.enums)
  const structured = useStore((s) => s.doc.types)
  const [draft, setDraft] = useState<string>()
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const [problem, setProblem] = useState<string>()
  const id = useId()
  const text = draft ?? props.value
  const user = (name: string) => ({ kind: 'user_type', name })
  const all = [
    ...(types ?? []),
    ...Object.values(enums).map((type) => ({ text: nameText(type.name), group: 'enums', type: { kind: 'native', name: nameText(type.name) } })),
    ...Object.values(structured).map((type) => ({ text: `frozen<${nameText(type.name)}>`, group: 'types', type: { kind: 'frozen', arguments: [user(nameText(type.name))] } })),
  ]
  const wanted = draft?.trim().toLowerCase() ?? ''
  const shown = all.filter((choice) => choice.text.toLowerCase().includes(wanted)).slice(0, 40)

  const take = (choice: TypeChoice) => {
    setDraft(undefined)
    setOpen(false)
    setProblem(undefined)
    if (choice.text !== props.value) props.onCommit(choice)
  }
  const commit = async () => {
    setOpen(false)
    if (draft === undefined || draft.trim() === '' || draft === props.value) {
      setDraft(undefined)
      setProblem(undefined)
      return
    }
    try {
      take(await resolveType(draft))
    } catch (error) {
      setProblem(error instanceof ApiError ? error.failure.message : String(error))
    }
  }
  return (
    <div className="field type-field">
      <label className="hidden" htmlFor={id}>
        {props.label}
      </label>
      <input
        id={id}
        className="mono"
        role="combobox"
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open && active >= 0 ? `${id}-${active}` : undefined}
        aria-invalid={problem ? true : undefined}
        value={text}
        spellCheck={false}
        autoComplete="off"
        disabled={props.disabled}
        onChange={(event) => {
          setDraft(event.target.value)
          setActive(-1)
          setOpen(true)
          setProblem(undefined)
        }}
        onFocus={(event) => event.target.select()}
        onClick={() => setOpen(true)}
        onBlur={() => void commit()}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault()
            setOpen(true)
            setActive((now) => Math.max(-1, Math.min(shown.length - 1, now + (event.key === 'ArrowDown' ? 1 : -1))))
          } else if (event.key === 'Enter') {
            const choice = open ? shown[active] : undefined
            if (choice) take(choice)
            else void commit()
          } else if (event.key === 'Escape') {
            event.stopPropagation()
            setDraft(undefined)
            setOpen(false)
            setProblem(undefined)
          }
        }}
      />
      <div className="options" id={`${id}-list`} role="listbox" aria-label="Types" hidden={!open || shown.length === 0}>
        {open &&
          shown.map((choice, i) => (
            <div
              key={choice.text}
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === active}
              className={i === active ? 'option active' : 'option'}
              onPointerDown={(event) => {
                event.preventDefault()
                take(choice)
              }}
            >
              <span className="mono">{choice.text}</span>
              <span className="option-group">{choice.group}</span>
            </div>
          ))}
      </div>
      {problem && (
        <span className="problem" role="alert">
          {problem}
        </span>
      )}
    </div>
  )
}

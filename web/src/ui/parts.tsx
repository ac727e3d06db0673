// Small parts that the panels share.
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { Icon } from './Icon'

export function IconButton(props: { icon: string; label: string; onClick: () => void; disabled?: boolean; pressed?: boolean; danger?: boolean; hint?: string }) {
  const title = props.hint ? `${props.label} (${props.hint})` : props.label
  return (
    <button type="button" className={`icon-button${props.danger ? ' danger' : ''}`} title={title} aria-label={props.label} aria-pressed={props.pressed} disabled={props.disabled} onClick={props.onClick}>
      <Icon name={props.icon} />
    </button>
  )
}

/** A field whose text becomes an edit when it is left or Enter is pressed; Escape gives up. What is wrong is said while typing. */
export function TextField(props: {
  label: string
  value: string
  onCommit: (value: string) => void
  check?: (value: string) => string | undefined
  placeholder?: string
  mono?: boolean
  hideLabel?: boolean
  disabled?: boolean
  className?: string
  list?: string[]
  autoFocus?: boolean
}) {
  const [draft, setDraft] = useState<string>()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const text = draft ?? props.value
  const problem = draft === undefined ? undefined : props.check?.(draft)
  const commit = () => {
    if (draft === undefined) return
    setDraft(undefined)
    if (!problem && draft !== props.value) props.onCommit(draft)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') commit()
    if (event.key === 'Escape') {
      setDraft(undefined)
      event.stopPropagation()
    }
  }
  return (
    <div className={`field ${props.className ?? ''}`}>
      <label htmlFor={id} className={props.hideLabel ? 'hidden' : undefined}>
        {props.label}
      </label>
      <input
        id={id}
        ref={input}
        value={text}
        placeholder={props.placeholder}
        className={props.mono ? 'mono' : undefined}
        disabled={props.disabled}
        spellCheck={false}
        autoComplete="off"
        autoFocus={props.autoFocus}
        list={props.list ? `${id}-list` : undefined}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
        onChange={(event) => setDraft(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={commit}
        onKeyDown={onKeyDown}
      />
      {props.list && (
        <datalist id={`${id}-list`}>
          {props.list.map((item) => (
            <option key={item} value={item} />
          ))}
        </datalist>
      )}
      {problem && (
        <span className="problem" id={`${id}-problem`} role="alert">
          {problem}
        </span>
      )}
    </div>
  )
}

export function Select(props: { label: string; value: string; options: { value: string; text: string }[]; onChange: (value: string) => void; hideLabel?: boolean; disabled?: boolean }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id} className={props.hideLabel ? 'hidden' : undefined}>
        {props.label}
      </label>
      <select id={id} value={props.value} disabled={props.disabled} onChange={(event) => props.onChange(event.target.value)}>
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </div>
  )
}

export function Check(props: { label: string; checked: boolean; onChange: (on: boolean) => void; disabled?: boolean }) {
  return (
    <label className="check">
      <input type="checkbox" checked={props.checked} disabled={props.disabled} onChange={(event) => props.onChange(event.target.checked)} />
      <span>{props.label}</span>
    </label>
  )
}

export function Section(props: { title: string; count?: number; action?: ReactNode; children?: ReactNode; open?: boolean }) {
  const [open, setOpen] = useState(props.open ?? true)
  return (
    <section className="section">
      <header>
        <button type="button" className="section-title" aria-expanded={open} onClick={() => setOpen(!open)}>
          <span className={open ? 'turn open' : 'turn'}>
            <Icon name="chevron" size={13} />
          </span>
          <h3>{props.title}</h3>
          {props.count !== undefined && <span className="count">{props.count}</span>}
        </button>
        {props.action}
      </header>
      {open && props.children}
    </section>
  )
}

export function Dialog(props: { title: string; onClose: () => void; children: ReactNode; wide?: boolean; className?: string }) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = ref.current
    if (dialog && !dialog.open) dialog.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={ref}
      className={`dialog${props.wide ? ' wide' : ''} ${props.className ?? ''}`}
      aria-label={props.title}
      onCancel={(event) => {
        event.preventDefault()
        props.onClose()
      }}
      onClick={(event) => {
        if (event.target === ref.current) props.onClose()
      }}
    >
      <div className="dialog-body">{props.children}</div>
    </dialog>
  )
}

/** `bare`: the icon alone, with the label as its name. */
export function Menu(props: { label: string; icon?: string; bare?: boolean; children: (close: () => void) => ReactNode; align?: 'right' }) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open) return
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [open])
  return (
    <div className="menu" ref={root} onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}>
      <button
        type="button"
        className={props.bare ? 'icon-button' : 'button quiet'}
        aria-haspopup="menu"
        aria-expanded={open}
        {...(props.bare ? { 'aria-label': props.label, title: props.label } : {})}
        onClick={() => setOpen(!open)}
      >
        {props.icon && <Icon name={props.icon} />}
        {!props.bare && props.label}
        {!props.bare && <Icon name="down" size={13} />}
      </button>
      {open && (
        <div className={`menu-list${props.align === 'right' ? ' right' : ''}`} role="menu">
          {props.children(() => setOpen(false))}
        </div>
      )}
    </div>
  )
}

export function MenuItem(props: { icon?: string; text: string; hint?: string; onClick: () => void; checked?: boolean }) {
  return (
    <button type="button" role="menuitem" className="menu-item" onClick={props.onClick}>
      <span className="menu-icon">{props.icon && <Icon name={props.icon} size={15} />}</span>
      <span>{props.text}</span>
      {props.hint && <kbd>{props.hint}</kbd>}
      {props.checked && <Icon name="check" size={14} />}
    </button>
  )
}

// A structured type: its fields, which are added at its end, renamed, and never taken away once rows may hold them.
import { nameText, type UserType } from '../model'
import { checkName } from '../names'
import { editable, get, run, usualType, useStore } from '../store'
import * as edits from '../typeEdits'
import { Icon } from '../ui/Icon'
import { IconButton, Section, TextField } from '../ui/parts'
import { TypeField } from './TypeField'

const doc = () => get().doc

export function TypeEditor({ type }: { type: UserType }) {
  const enabled = useStore(editable)
  const whole = useStore((s) => s.doc)
  const product = useStore((s) => s.project?.product ?? 'The database')
  const users = edits.usersOf(whole, type)
  const isNew = type._was === undefined
  const put = (value: UserType | undefined, label: string) => run(edits.setType(doc(), type._id, value, label))
  const checkTypeName = (name: string) =>
    checkName(name) ?? (Object.values(whole.types).some((other) => other._id !== type._id && other.name.name === name && other.name.schema === type.name.schema) ? `There is a type ${name} already` : undefined)
  return (
    <div className="editor">
      <div className="editor-head">
        <TextField className="table-name" label="Type" value={type.name.name} check={checkTypeName} disabled={!enabled || !isNew} onCommit={(name) => put({ ...type, name: { ...type.name, name } }, 'rename type')} />
        <IconButton
          icon="trash"
          label={users.length ? `Drop type: ${users[0]} is of it` : `Drop type ${nameText(type.name)}`}
          danger
          disabled={!enabled || users.length > 0}
          onClick={() => put(undefined, `drop type ${nameText(type.name)}`)}
        />
      </div>
      <Section
        title="Fields"
        count={type.fields.length}
        action={
          <button type="button" className="button small" disabled={!enabled} onClick={() => run(edits.addField(doc(), type, usualType()))}>
            <Icon name="plus" size={14} /> Field
          </button>
        }
      >
        <ul className="columns">
          {type.fields.map((field, i) => {
            const kept = field._was !== undefined
            return (
              <li className={`column field-row${kept ? '' : ' added'}`} key={i} data-field={field.name}>
                <div className="column-line">
                  <TextField
                    label={`Name of ${field.name}`}
                    hideLabel
                    value={field.name}
                    disabled={!enabled}
                    check={(name) => checkName(name) ?? (type.fields.some((other, n) => n !== i && other.name.toLowerCase() === name.toLowerCase()) ? `There is a field ${name} already` : undefined)}
                    onCommit={(name) => run(edits.setField(doc(), type, i, { name: name.trim() }, `rename field ${field.name} to ${name.trim()}`))}
                  />
                  <TypeField
                    label={`Type of ${field.name}`}
                    value={field._type}
                    disabled={!enabled || kept}
                    onCommit={(choice) => run(edits.setField(doc(), type, i, { type: choice.type, _type: choice.text }, `${field.name}: ${choice.text}`))}
                  />
                  <IconButton
                    icon="trash"
                    label={kept ? `${product} takes no field away from a type` : `Drop field ${field.name}`}
                    danger
                    disabled={!enabled || kept || type.fields.length < 2}
                    onClick={() => run(edits.setField(doc(), type, i, undefined, `drop field ${field.name}`))}
                  />
                </div>
              </li>
            )
          })}
        </ul>
        {!isNew && <p className="hint">Fields can be added and renamed. Their types and their order stay, because stored values are written by them.</p>}
      </Section>
      <Section title="Used by" count={users.length}>
        {users.length === 0 ? (
          <p className="hint">Nothing yet: give a column the type {`frozen<${nameText(type.name)}>`}.</p>
        ) : (
          <ul className="plain">
            {users.map((user) => (
              <li key={user}>{user}</li>
            ))}
          </ul>
        )}
      </Section>
    </div>
  )
}

import { type Doc, docOf, type WireState } from '../../src/model'

export const wire = (): WireState & { fingerprint: string } => ({
  fingerprint: 'first',
  model: {
    dialect: 'sqlite',
    tables: [
      {
        name: 'posts',
        columns: [
          { name: 'id', type: { kind: 'integer' } },
          { name: 'author_id', type: { kind: 'integer' }, nullable: true },
          { name: 'title', type: { kind: 'text' } },
        ],
        primary_key: { parts: [{ column: 'id' }] },
        indexes: [{ name: 'posts_by_title', parts: [{ column: 'title' }], where: 'title <> subtitle' }],
        checks: [{ expression: 'length(title) > 3' }],
        foreign_keys: [{ columns: ['author_id'], referenced_table: 'users', referenced_columns: ['id'] }],
      },
      {
        name: { schema: 'app', name: 'tags' },
        columns: [{ name: 'word', type: { kind: 'text' } }],
      },
      {
        name: 'users',
        columns: [
          { name: 'id', type: { kind: 'integer' } },
          { name: 'name', type: { kind: 'text' } },
        ],
        primary_key: { parts: [{ column: 'id' }] },
      },
    ],
  },
  type_texts: [['integer', 'integer', 'text'], ['text'], ['integer', 'text']],
  field_texts: [],
})

export const document = (): Doc => docOf(wire())

/** The same numbers on every run. */
export function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * below)
  }
}

// The server's JSON API (docs/designer-api.yaml). The token comes behind # in the address, is kept for this tab and taken out of the address bar.
import type { Rename, TypeJson, WireModel, WireState } from './model'

export interface ApiFailure {
  kind: string
  message: string
  object?: string
  detail?: string
  statement?: string
  position?: string
  state?: string
  code?: string
  suggestions: string[]
}

export class ApiError extends Error {
  readonly status: number
  readonly failure: ApiFailure
  readonly body: Record<string, unknown>
  constructor(status: number, body: Record<string, unknown>) {
    const failure = (body.error as ApiFailure | undefined) ?? { kind: 'unknown', message: `the server answered ${status}`, suggestions: [] }
    super(failure.message)
    this.status = status
    this.failure = failure
    this.body = body
  }
}

export interface Project {
  name: string
  version: string
  environment: string
  connection: string
  connections: { name: string; url?: string; scheme?: string; protected: boolean }[]
  folder: string
  protected: boolean
  allow_apply: boolean
  /** What can be compared and opened: "database", "@reports", "schema.sql". */
  states?: string[]
  /** What lies under the drawing: "migrations", or what `sterna design` was given. */
  base?: string
  dialect?: string
  product?: string
  product_version?: string
  capabilities?: {
    enum_types: boolean
    structured_types: boolean
    comments: boolean
    schemas: boolean
    relational: boolean
    not_null: boolean
    column_positions: boolean
    transactional_ddl: boolean
    max_identifier_length: number
  }
  types?: { type: TypeJson; text: string; group: string }[]
  unreachable?: ApiFailure
}

export interface ChangeLine {
  text: string
  subject: string
}
export interface LossLine {
  object: string
  text: string
}
export interface RenameQuestion extends Rename {
  old_name: string
  new_name: string
}
export interface Finding {
  rule: string
  severity: string
  message: string
  advice?: string
  statement?: string
  lock?: string
  lock_on?: string
  blocks?: string
}
export interface Preview {
  fingerprint: string
  changes: ChangeLine[]
  losses: LossLine[]
  down_losses: LossLine[]
  possible_renames: RenameQuestion[]
  notes: string[]
  up: string
  down: string
  no_way_down: string
  sql: string
  cpp: string
  findings: Finding[]
}
export interface Comparison {
  equal: boolean
  changes: ChangeLine[]
  losses: LossLine[]
  notes: string[]
  back: string
  from: WireState
  to: WireState
}
export interface Migration {
  id: string
  version: string
  name: string
  kind: string
  file: string
  state: string
  applied_at: string
  detail: string
  description: string
}
export interface ApplyState {
  state: 'idle' | 'running' | 'done' | 'failed'
  events: { kind: string; migration: string; index: number; count: number; text: string; microseconds: number }[]
  applied: string[]
  error?: ApiFailure
}
export interface LayoutNode {
  width: number
  height: number
  x?: number
  y?: number
  group?: string
}
export interface LayoutEdge {
  from: number
  to: number
  from_offset?: number
  to_offset?: number
}
export interface LayoutResult {
  positions: [number, number][]
  routes: [number, number][][]
}
export interface PreviewRequest {
  state: string
  model: WireModel
  renames: Rename[]
  cpp?: boolean
}

const TOKEN_KEY = 'sterna-token'
/** Of bodies that browsers still send for a page that goes (Fetch, 4.6: 64 KiB in all). */
export const KEEPALIVE_LIMIT = 60_000

function takeToken(): string {
  const found = /(?:^#|&)token=([0-9a-zA-Z._-]+)/.exec(location.hash)
  if (found) {
    sessionStorage.setItem(TOKEN_KEY, found[1]!)
    history.replaceState(null, '', location.pathname + location.search)
  }
  return sessionStorage.getItem(TOKEN_KEY) ?? ''
}

let token = ''
let connection = ''
export const chooseConnection = (name: string): void => {
  connection = name
}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  token ||= takeToken()
  const address = new URL(`/api/v1/${path}`, location.origin)
  if (connection) address.searchParams.set('connection', connection)
  const sent = body === undefined ? undefined : JSON.stringify(body)
  let response: Response
  try {
    response = await fetch(address, {
      method,
      headers: { 'X-Sterna-Token': token, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(sent === undefined ? {} : { body: sent }),
      // What is kept when the tab closes still arrives, as far as browsers allow it.
      keepalive: method === 'PUT' && (sent?.length ?? 0) < KEEPALIVE_LIMIT,
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiError(0, {
      error: { kind: 'connection', message: 'sterna design is not running any more', suggestions: ['start it again and open the address that it prints'] },
    })
  }
  const text = await response.text()
  const json = response.headers.get('Content-Type')?.startsWith('application/json')
  if (!response.ok) throw new ApiError(response.status, json ? (JSON.parse(text) as Record<string, unknown>) : {})
  return (json && path !== 'export' ? JSON.parse(text) : text) as T
}

export interface Design {
  revision: number
  document: Record<string, unknown> | null
}

export const api = {
  project: () => call<Project>('GET', 'project'),
  state: (state: string) => call<WireState & { fingerprint: string }>('GET', `state?state=${encodeURIComponent(state)}`),
  design: () => call<Design>('GET', 'design'),
  save: (revision: number, document: unknown) => call<{ revision: number }>('PUT', 'design', { revision, document }),
  discard: (revision: number) => call<Design>('DELETE', 'design', { revision }),
  preview: (request: PreviewRequest, signal?: AbortSignal) => call<Preview>('POST', 'preview', request, signal),
  generate: (request: PreviewRequest & { name: string; language: string; fingerprint: string }) =>
    call<{ path: string; version: string }>('POST', 'generate', request),
  type: (text: string, types?: WireModel) => call<WireState>('POST', 'type', { text, types }),
  layout: (nodes: LayoutNode[], edges: LayoutEdge[]) => call<LayoutResult>('POST', 'layout', { nodes, edges }),
  export: (format: string, model: WireModel, placed?: Record<string, [number, number]>, theme?: string) =>
    call<string>('POST', 'export', { format, model, placed, theme }),
  import: (format: string, text: string) => call<WireState & { not_kept: string[] }>('POST', 'import', { format, text }),
  compare: (from: string, to: string) => call<Comparison>('GET', `compare?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`),
  history: () => call<{ migrations: Migration[]; up_to_date: boolean }>('GET', 'history'),
  apply: () => call<ApplyState>('POST', 'apply', {}),
  applyState: () => call<ApplyState>('GET', 'apply'),
  stopApply: () => call<ApplyState>('DELETE', 'apply'),
}

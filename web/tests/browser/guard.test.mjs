// Requests that must be refused, and the page's own rules.
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { missing, Project } from './support.mjs'

const options = { skip: missing, timeout: 300_000 }
let made
before(async () => {
  if (missing) return
  made = new Project()
  await made.serve()
})
after(() => made?.end())

/** fetch() lets nobody set Host and Origin. */
const raw = (path, headers = {}, method = 'GET') =>
  new Promise((done, bad) => {
    const { hostname, port } = new URL(made.origin)
    const sent = request({ hostname, port, path, method, headers }, (answer) => {
      answer.resume()
      answer.on('end', () => done(answer))
    })
    sent.on('error', bad)
    sent.end()
  })
const token = () => ({ 'X-Sterna-Token': made.token })

test('without the token of this start nothing is told', options, async () => {
  assert.equal((await raw('/api/v1/project')).statusCode, 401)
  assert.equal((await raw('/api/v1/project', { 'X-Sterna-Token': 'a'.repeat(64) })).statusCode, 401)
  assert.equal((await raw('/api/v1/project', token())).statusCode, 200)
})

test('a name that was bound to this machine by somebody else is refused', options, async () => {
  assert.equal((await raw('/api/v1/project', { ...token(), Host: 'evil.example' })).statusCode, 421)
  assert.equal((await raw('/ui/', { Host: 'evil.example' })).statusCode, 421)
})

test('a page of another site is refused even with the token', options, async () => {
  assert.equal((await raw('/api/v1/project', { ...token(), Origin: 'https://evil.example' })).statusCode, 403)
  assert.equal((await raw('/api/v1/project', { ...token(), 'Sec-Fetch-Site': 'cross-site' })).statusCode, 403)
  assert.equal((await raw('/api/v1/design', { ...token(), Origin: 'null' }, 'DELETE')).statusCode, 403)
})

test('the page may load nothing from elsewhere and is framed by nobody', options, async () => {
  const answer = await raw('/ui/', { 'Accept-Encoding': 'gzip' })
  assert.equal(answer.statusCode, 200)
  assert.match(answer.headers['content-security-policy'], /default-src 'none'/)
  assert.doesNotMatch(answer.headers['content-security-policy'], /unsafe/)
  assert.match(answer.headers['content-security-policy'], /frame-ancestors 'none'/)
  assert.equal((await raw('/ui/', { 'Accept-Encoding': 'gzip', 'If-None-Match': answer.headers.etag })).statusCode, 304)
})

test('other machines are let in only with a token of the person’s own', options, async () => {
  await assert.rejects(made.sterna('design', '--no-open', '--host', '0.0.0.0'), /STERNA_DESIGN_TOKEN/)
})

test('a taken port is refused when it was asked for', options, async () => {
  await assert.rejects(made.sterna('design', '--no-open', '--port', new URL(made.origin).port), /in use|taken/i)
})

test('applying is refused unless it was allowed', options, async () => {
  assert.equal((await made.api('POST', 'apply', {})).status, 403)
})

// Views, functions and triggers: what a new one begins with is taken by the database itself, on each of them.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { missing, newColumn, newTable, Project, server } from './support.mjs'

const projects = []
after(() => Promise.all(projects.map((each) => each.end())))

const databases = [
  { name: 'SQLite', url: 'sqlite:app.db', skip: missing, kinds: ['view', 'trigger'] },
  { name: 'PostgreSQL', ...server('STERNA_TEST_POSTGRES_URL'), kinds: ['view', 'materialized view', 'function'] },
  { name: 'MariaDB', ...server('STERNA_TEST_MYSQL_URL'), kinds: ['view', 'function', 'trigger'] },
  { name: 'Cassandra', ...server('STERNA_TEST_CQL_URL'), kinds: ['materialized view', 'function'] },
]
for (const { name, url, skip, kinds } of databases)
  test(`a new ${kinds.join(', ')} begins with what ${name} takes`, { skip, timeout: 300_000 }, async () => {
    const made = new Project({ url })
    projects.push(made)
    await made.serve()
    const page = await made.page()
    await newTable(page, 'birds')
    await newColumn(page, 'species', name === 'Cassandra' ? 'text' : 'varchar(40)')
    for (const kind of kinds) {
      await page.locator('.sidebar').getByRole('button', { name: /^birds/ }).click()
      await page.getByRole('button', { name: 'New view, function and more' }).click()
      await page.getByRole('menuitem', { name: `New ${kind}`, exact: true }).click()
      await page.locator('.editor-title small').getByText(kind, { exact: true }).waitFor()
    }
    await page.getByRole('tab', { name: /^Changes/ }).click()
    await page.locator('.changes li, .failure').nth(kinds.length).or(page.locator('.failure')).first().waitFor()
    assert.equal(await page.locator('.failure').count(), 0, await page.locator('.failure').allInnerTexts().then((texts) => texts.join()))
    const changes = await page.locator('.changes li').allInnerTexts()
    for (const kind of kinds) assert.ok(changes.some((text) => text.startsWith(`create ${kind} new_`)), `${kind}: ${changes.join('; ')}`)
    assert.deepEqual(page.problems, [])
  })

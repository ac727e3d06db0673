// A person's way from an empty project to an applied migration, and what must hold on it.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { drag, generate, missing, newColumn, newTable, picture, Project, ready, saved, server, settled, spot, type } from './support.mjs'

const options = { skip: missing, timeout: 300_000 }
const projects = []
const project = (settings) => {
  const made = new Project(settings)
  projects.push(made)
  return made
}
after(() => Promise.all(projects.map((each) => each.end())))

const USERS = `-- sterna:up
CREATE TABLE users (id integer PRIMARY KEY, name varchar(40) NOT NULL, age integer);
-- sterna:down
DROP TABLE users;
`

test('an empty project becomes two related tables, a migration, and a database without drift', options, async () => {
  const made = project()
  await made.serve()
  const page = await made.page()
  await picture(page, 'empty')
  await newTable(page, 'authors')
  await newColumn(page, 'email', 'varchar(120)')
  await page.keyboard.press('Escape')
  await newTable(page, 'posts')
  await newColumn(page, 'title', 'varchar(200)')
  await newColumn(page, 'author_id', 'integer')
  await page.getByRole('button', { name: 'Show everything' }).click()
  await drag(page, await spot(page, 'posts', 'author_id', 'right'), await spot(page, 'authors', 'id'))
  await page.getByRole('tab', { name: /^Changes/ }).click()
  await page.getByText('create table posts', { exact: false }).first().waitFor()
  await page.locator('.code').getByText('REFERENCES', { exact: false }).first().waitFor()
  await picture(page, 'changes')
  await generate(page, 'add blog')
  const [file] = readdirSync(join(made.folder, 'migrations')).filter((name) => name.endsWith('.sql'))
  assert.match(file, /^\d{14}_add_blog\.sql$/)
  const text = readFileSync(join(made.folder, 'migrations', file), 'utf8')
  assert.match(text, /-- sterna:up[\s\S]*CREATE TABLE[\s\S]*REFERENCES "authors"[\s\S]*-- sterna:down[\s\S]*DROP TABLE/)
  await made.sterna('up', '--yes')
  assert.equal(JSON.parse(await made.sterna('schema', 'drift', '--format', 'json')).equal, true)
  await page.getByRole('button', { name: 'Drift' }).click()
  await page.getByTestId('no-drift').waitFor()
  await page.getByRole('button', { name: 'Design' }).click()
  await page.getByText('The drawing is what the migrations make.').waitFor()
  assert.deepEqual(page.problems, [])
})

test('nothing is generated while an edit is still being worked out', options, async () => {
  const made = project()
  await made.serve()
  const page = await made.page()
  await newTable(page, 'nests')
  await newTable(page, 'birds')
  await page.getByRole('tab', { name: /^Changes/ }).click()
  await page.locator('.generate button[type=submit]:enabled').waitFor()
  let release
  const held = new Promise((done) => (release = done))
  await page.route('**/api/v1/preview', async (route) => {
    await held
    await route.continue()
  })
  const disabled = await page.evaluate(async () => {
    document.querySelector('[aria-label^="Undo"]').click()
    await new Promise(requestAnimationFrame)
    return document.querySelector('.generate button[type=submit]').disabled
  })
  assert.equal(disabled, true)
  release()
  await generate(page, 'nests')
  assert.deepEqual(page.problems, [])
})

test('a rename is kept as a rename, and its rows with it', options, async () => {
  const made = project({ migrations: { '001_users.sql': USERS } })
  await made.sterna('up', '--yes')
  await made.sterna('query', "INSERT INTO users (id, name, age) VALUES (1, 'Ada', 36)").catch(() => undefined)
  await made.serve()
  const page = await made.page()
  await page.locator('.sidebar').getByRole('button', { name: /^users/ }).click()
  await type(page, 'Name of age', 'years')
  await type(page, 'Table', 'people')
  await page.getByRole('tab', { name: /^Changes/ }).click()
  await page.locator('.changes').getByText(/rename/).first().waitFor()
  assert.equal(await page.locator('.loss').count(), 0)
  await picture(page, 'rename')
  await generate(page, 'people')
  const text = readFileSync(join(made.folder, 'migrations', '002_people.sql'), 'utf8')
  assert.match(text, /RENAME TO "people"/)
  assert.match(text, /RENAME COLUMN "age" TO "years"/)
  assert.doesNotMatch(text.split('-- sterna:down')[0], /DROP/)
  assert.deepEqual(page.problems, [])
})

test('something dropped and added alike is asked about, and the answer makes it a rename', options, async () => {
  const made = project({ migrations: { '001_users.sql': USERS } })
  await made.serve()
  const page = await made.page()
  await page.locator('.sidebar').getByRole('button', { name: /^users/ }).click()
  await page.getByRole('button', { name: 'More of age' }).click()
  await page.getByRole('button', { name: 'Drop column age' }).click()
  await newColumn(page, 'ages', 'integer')
  await page.getByRole('tab', { name: /^Changes/ }).click()
  await page.getByRole('group', { name: 'Rename?' }).waitFor()
  assert.ok((await page.locator('.loss').count()) > 0)
  await picture(page, 'rename-question')
  await page.getByRole('button', { name: 'Yes, renamed' }).click()
  await page.locator('.changes').getByText(/rename/).first().waitFor()
  await page.waitForFunction(() => document.querySelectorAll('.loss').length === 0)
})

test('two hundred edits are undone to the start and done again', options, async () => {
  const made = project({ migrations: { '001_users.sql': USERS } })
  await made.serve()
  const page = await made.page()
  await page.locator('#canvas').focus()
  const counts = () => page.locator('ul[aria-label="Tables"] .item').count()
  for (let i = 0; i < 200; ++i) {
    const kind = i % 5
    if (kind < 3) await page.keyboard.press('n')
    else if (kind === 3) await page.keyboard.press('Shift+ArrowRight')
    else await page.keyboard.press('Delete')
  }
  const tables = await counts()
  assert.ok(tables > 40, `${tables} tables`)
  for (let i = 0; i < 200; ++i) await page.keyboard.press('Control+z')
  assert.equal(await counts(), 1)
  assert.ok(await page.getByRole('button', { name: /^Undo/ }).isDisabled())
  await page.getByRole('tab', { name: /^Changes/ }).click()
  await page.getByText('The drawing is what the migrations make.').waitFor()
  await page.locator('#canvas').focus()
  for (let i = 0; i < 200; ++i) await page.keyboard.press('Control+Shift+z')
  assert.equal(await counts(), tables)
  assert.ok(await page.getByRole('button', { name: /^Redo/ }).isDisabled())
})

test('nothing is lost by a reload, and a second tab overwrites nothing', options, async () => {
  const made = project({ migrations: { '001_users.sql': USERS } })
  await made.serve()
  const page = await made.page()
  await page.locator('#canvas').focus()
  await page.keyboard.press('n')
  await saved(page)
  await page.reload()
  await ready(page)
  assert.equal(await page.locator('ul[aria-label="Tables"] .item').count(), 2)
  await page.locator('#canvas').focus()
  await page.keyboard.press('Control+z')
  assert.equal(await page.locator('ul[aria-label="Tables"] .item').count(), 1, 'undo reaches behind the reload')
  await page.keyboard.press('Control+Shift+z')
  await saved(page)

  const other = await made.page()
  await other.locator('#canvas').focus()
  await other.keyboard.press('n')
  await saved(other)
  await page.locator('#canvas').focus()
  await page.keyboard.press('n')
  await page.getByRole('dialog', { name: 'Changed elsewhere' }).waitFor()
  await picture(page, 'conflict')
  await page.getByRole('button', { name: 'Show the other one' }).click()
  await page.waitForFunction(() => document.querySelectorAll('ul[aria-label="Tables"] .item').length === 3)
})

test('everything of a first table can be done with the keys alone', options, async () => {
  const made = project()
  await made.serve()
  const page = await made.page()
  await page.locator('#canvas').focus()
  await page.keyboard.press('n')
  await page.locator('#canvas').focus()
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement?.closest('.table-name') !== null)
  await page.keyboard.type('birds')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: 'Search' }).waitFor()
  await page.keyboard.type('bir')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+e')
  await page.getByText('create table birds', { exact: false }).first().waitFor()
  assert.deepEqual(page.problems, [])
})

test('what was changed by hand is shown in the drift view', options, async () => {
  const made = project({ migrations: { '001_users.sql': USERS } })
  await made.sterna('up', '--yes')
  const byHand = spawnSync('sqlite3', [join(made.folder, 'app.db'), 'ALTER TABLE users ADD COLUMN nick text; CREATE TABLE stray (id integer PRIMARY KEY);'])
  assert.equal(byHand.status, 0)
  await made.serve()
  const page = await made.page()
  await page.getByRole('button', { name: 'Drift' }).click()
  await page.locator('.changes').getByText(/stray/).first().waitFor()
  await page.locator('.changes').getByText(/nick/).first().waitFor()
  await picture(page, 'designer-drift')
  // The database as it is may be drawn: what was made by hand becomes a migration.
  writeFileSync(join(made.folder, 'wanted.sql'), 'CREATE TABLE users (id integer PRIMARY KEY, name varchar(40) NOT NULL);')
  await page.reload()
  await ready(page)
  await page.getByRole('button', { name: 'Drift' }).click()
  await page.getByLabel('To', { exact: true }).selectOption('wanted.sql')
  await page.locator('.changes').getByText(/drop column age/).waitFor()
  const ghost = await page.evaluate(() => {
    const { scene } = window.sternaCanvas
    const card = scene.cards.find((each) => each.table.name.name === 'users')
    return card.table.columns.map((column) => [column.name, scene.marked.columns.get(card.id)?.get(column._id)])
  })
  assert.deepEqual(ghost, [
    ['id', undefined],
    ['name', undefined],
    ['age', 'removed'],
  ])
  await picture(page, 'compare')
  await page.getByLabel('From', { exact: true }).selectOption('migrations')
  await page.getByLabel('To', { exact: true }).selectOption('database')
  await page.getByRole('button', { name: /^Draw it/ }).click()
  await page.locator('.changes').getByText('create table stray').waitFor()
  await generate(page, 'by hand')
  assert.match(readFileSync(join(made.folder, 'migrations', '002_by_hand.sql'), 'utf8'), /ADD COLUMN "nick"[\s\S]*CREATE TABLE "stray"|CREATE TABLE "stray"[\s\S]*ADD COLUMN "nick"/)
  rmSync(join(made.folder, 'migrations', '002_by_hand.sql'))
  rmSync(join(made.folder, 'migrations', 'sterna.sum'), { force: true })
  await page.getByRole('button', { name: 'History' }).click()
  await page.locator('.history-line').getByRole('button', { name: 'users' }).waitFor()
  await page.locator('.changes').getByText(/create table users/).waitFor()
  await picture(page, 'history')
  assert.deepEqual(page.problems, [])
})

test('pending migrations are applied from the page where that was allowed', options, async () => {
  const made = project({ migrations: { '001_users.sql': USERS } })
  await made.serve('--allow-apply')
  const page = await made.page()
  await page.getByRole('button', { name: 'History' }).click()
  await page.getByRole('button', { name: 'Apply 1 pending' }).click()
  await page.getByRole('dialog').getByRole('heading', { name: 'Applied' }).waitFor()
  await picture(page, 'applied')
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await page.locator('.history-line .applied').waitFor()
  assert.match(await made.sterna('status'), /applied\s+001_users/)
  assert.deepEqual(page.problems, [])
})

// Servers of the environment, each an empty database of these tests' own.
const postgres = server('STERNA_TEST_POSTGRES_URL')
test('the same way on PostgreSQL, with an enum', { ...options, skip: postgres.skip }, async () => {
  const made = project({ url: postgres.url })
  await made.serve()
  const page = await made.page()
  await page.locator('.sidebar').getByRole('button', { name: 'New enum' }).click()
  await type(page, 'Enum', 'mood')
  await newTable(page, 'birds')
  await newColumn(page, 'name', 'varchar(40)')
  await newColumn(page, 'feels', 'mood')
  await generate(page, 'birds')
  await settled(made, page)
  await picture(page, 'postgres')
})

const mysql = server('STERNA_TEST_MYSQL_URL')
test('the same way on MariaDB', { ...options, skip: mysql.skip }, async () => {
  const made = project({ url: mysql.url })
  await made.serve()
  const page = await made.page()
  await newTable(page, 'nests')
  await newTable(page, 'birds')
  await newColumn(page, 'nest_id', 'bigint')
  await page.getByRole('button', { name: 'Show everything' }).click()
  await drag(page, await spot(page, 'birds', 'nest_id', 'right'), await spot(page, 'nests', 'id'))
  await generate(page, 'birds')
  await settled(made, page)
  await picture(page, 'mysql')
})

// A database that was there before the project: the drawing lies on it, and the migration is derived from it.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { missing, picture, Project, type } from './support.mjs'

const projects = []
after(() => Promise.all(projects.map((each) => each.end())))

test('a database without migrations is opened, drawn on, and altered by what is generated', { skip: missing, timeout: 300_000 }, async () => {
  const made = new Project()
  projects.push(made)
  await made.sterna('query', 'CREATE TABLE cities (id integer PRIMARY KEY, name varchar(40) NOT NULL)')
  await made.serve('database')
  const page = await made.page()
  await page.getByText('on the database').waitFor()
  await page.locator('.sidebar').getByRole('button', { name: /^cities/ }).click()
  await type(page, 'Name of name', 'title')
  await page.getByRole('tab', { name: /^Changes/ }).click()
  await page.locator('.changes li').first().waitFor()
  await picture(page, 'on-the-database')
  await page.getByRole('button', { name: 'Generate migration' }).click()
  await page.getByText('The drawing shows the database again').waitFor()
  const files = readdirSync(join(made.folder, 'migrations')).filter((name) => name.endsWith('.sql'))
  assert.equal(files.length, 1)
  assert.match(readFileSync(join(made.folder, 'migrations', files[0]), 'utf8'), /RENAME COLUMN "name" TO "title"/)
  await made.sterna('up', '--yes')
  assert.match(await made.sterna('schema', 'inspect'), /title/)
  assert.deepEqual(page.problems, [])
})

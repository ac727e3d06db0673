// The way on Cassandra: tables by what they serve, keys with their order, structured types that grow.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { accessible, generate, newColumn, newTable, picture, Project, server, settled, type } from './support.mjs'

const cql = server('STERNA_TEST_CQL_URL')
let made
after(() => made?.end())

async function setType(page, label, text) {
  const field = page.getByLabel(label, { exact: true })
  await field.click()
  await field.fill(text)
  await field.press('Enter')
}
const chip = (page, group, name) => page.getByRole('group', { name: group, exact: true }).getByRole('button', { name, exact: true })
const written = () =>
  readdirSync(join(made.folder, 'migrations'))
    .filter((name) => name.endsWith('.cql'))
    .sort()
    .map((name) => readFileSync(join(made.folder, 'migrations', name), 'utf8'))

test('tables, keys and types are drawn, applied and altered on Cassandra', { skip: cql.skip, timeout: 300_000 }, async () => {
  made = new Project({ name: 'birdwatch', url: cql.url })
  await made.serve()
  const page = await made.page()

  await page.locator('.sidebar').getByRole('button', { name: 'New type' }).click()
  await type(page, 'Type', 'place')
  await type(page, 'Name of field', 'name')
  await page.getByRole('button', { name: 'Field', exact: true }).click()
  await type(page, 'Name of field', 'latitude')
  await setType(page, 'Type of latitude', 'double')

  for (const [name, partition] of [
    ['sightings_by_user', 'user_id'],
    ['totals_by_user', 'user_id'],
    ['sightings_by_day', 'day'],
  ]) {
    await newTable(page, name)
    await type(page, 'Name of id', partition)
    if (partition === 'day') await setType(page, 'Type of day', 'date')
    await newColumn(page, name.startsWith('totals') ? 'species' : 'seen_at', name.startsWith('totals') ? 'text' : 'timestamp')
  }
  await newColumn(page, 'place', 'list<frozen<place>>')
  // The chips: which columns are clustering columns, and the order of each.
  await chip(page, 'Clustering columns', 'seen_at').click()
  await page.getByRole('group', { name: 'Order of seen_at' }).getByRole('button', { name: 'descending' }).click()
  await page.getByRole('button', { name: 'Options' }).click()
  await type(page, 'Another option', 'default_time_to_live = 86400')
  await page.locator('.sidebar').getByRole('button', { name: /^sightings_by_user/ }).click()
  await chip(page, 'Clustering columns', 'seen_at').click()
  await page.getByRole('button', { name: 'Serves' }).click()
  await page.locator('.queries').getByText('WHERE user_id = ? AND seen_at >= ? AND seen_at < ?', { exact: false }).waitFor()

  const areas = () => page.evaluate(() => window.sternaCanvas.scene.areas.map((area) => [area.title, area.tables.length]))
  await page.getByRole('button', { name: 'Arrange' }).click()
  await page.waitForFunction(() => window.sternaCanvas.scene.areas.length === 2)
  assert.deepEqual(await areas(), [
    ['by day', 1],
    ['by user_id', 2],
  ])
  await page.waitForFunction(() => {
    const [a, b] = window.sternaCanvas.scene.areas.map((area) => area.box)
    return a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
  })
  await picture(page, 'designer-cql')
  await accessible(page, 'keys and what they serve')
  await generate(page, 'birds')
  const [first] = written()
  assert.match(first, /CREATE TYPE "?place"?/)
  assert.match(first, /CLUSTERING ORDER BY \("?seen_at"? DESC\)/)
  assert.match(first, /default_time_to_live = 86400/)
  await settled(made, page)

  // What is there: a field under another name, one more, and its column is left alone.
  await page.locator('.sidebar').getByRole('button', { name: /^place/ }).click()
  await type(page, 'Name of name', 'title')
  await page.getByRole('button', { name: 'Field', exact: true }).click()
  await type(page, 'Name of field', 'longitude')
  await setType(page, 'Type of longitude', 'double')
  assert.ok(await page.getByLabel('Type of latitude', { exact: true }).isDisabled(), 'stored values are written by it')
  await page.getByRole('tab', { name: /^Changes/ }).click()
  await page.locator('.changes li').nth(1).waitFor()
  await picture(page, 'cql-type')
  await page.getByRole('tab', { name: 'Edit' }).click()
  await accessible(page, 'a type')
  await page.getByRole('tab', { name: /^Changes/ }).click()
  await generate(page, 'places')
  const second = written()[1]
  assert.match(second, /RENAME "?name"? TO "?title"?/)
  assert.match(second, /ADD "?longitude"? double/)
  await settled(made, page)

  // A click on a group's title shows what its tables answer, and can make it a person's own area.
  const title = await page.evaluate(() => {
    const area = window.sternaCanvas.scene.areas.find((each) => each.title === 'by user_id')
    const { camera } = window.sternaCanvas
    const box = document.getElementById('canvas').getBoundingClientRect()
    return { x: box.left + (area.box.x + 40) * camera.scale + camera.x, y: box.top + (area.box.y + 14) * camera.scale + camera.y }
  })
  await page.mouse.click(title.x, title.y)
  await page.getByRole('heading', { name: /by user_id/ }).waitFor()
  await picture(page, 'cql-group')
  await accessible(page, 'a group')
  await page.getByRole('button', { name: 'Make it an area of its own' }).click()
  await type(page, 'Area', 'Q1: what a user saw')
  await page.waitForFunction(() => window.sternaCanvas.scene.areas.some((area) => area.title === 'Q1: what a user saw' && !area.served))
  assert.deepEqual(page.problems, [])
})

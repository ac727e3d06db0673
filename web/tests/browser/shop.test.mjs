// A shop's schema: the states that the documentation shows, areas and notes, and what can be taken away and brought in.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { drag, missing, picture, pictures, Project, saved, spot } from './support.mjs'

const options = { skip: missing, timeout: 300_000 }
const migrations = {
  '20260110090000_people.sql': `-- sterna:up
CREATE TABLE customers (id integer PRIMARY KEY, email varchar(120) NOT NULL UNIQUE, full_name varchar(80) NOT NULL, phone varchar(30), created_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE addresses (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers (id) ON DELETE CASCADE, street varchar(120) NOT NULL, city varchar(60) NOT NULL, country char(2) NOT NULL);
-- sterna:down
DROP TABLE addresses;
DROP TABLE customers;
`,
  '20260204113000_catalogue.sql': `-- sterna:up
CREATE TABLE categories (id integer PRIMARY KEY, name varchar(60) NOT NULL UNIQUE, parent_id integer REFERENCES categories (id));
CREATE TABLE products (id integer PRIMARY KEY, sku varchar(40) NOT NULL UNIQUE, title varchar(200) NOT NULL, description text, price decimal(10,2) NOT NULL CHECK (price >= 0), category_id integer REFERENCES categories (id), active boolean NOT NULL DEFAULT 1);
CREATE INDEX products_by_category ON products (category_id);
-- sterna:down
DROP TABLE products;
DROP TABLE categories;
`,
  '20260301100000_orders.sql': `-- sterna:up
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers (id), address_id integer REFERENCES addresses (id), state varchar(20) NOT NULL DEFAULT 'new', total decimal(12,2) NOT NULL, placed_at datetime NOT NULL);
CREATE TABLE order_lines (order_id integer NOT NULL REFERENCES orders (id) ON DELETE CASCADE, line integer NOT NULL, product_id integer NOT NULL REFERENCES products (id), quantity integer NOT NULL DEFAULT 1, price decimal(10,2) NOT NULL, PRIMARY KEY (order_id, line));
CREATE TABLE payments (id integer PRIMARY KEY, order_id integer NOT NULL UNIQUE REFERENCES orders (id), method varchar(20) NOT NULL, amount decimal(12,2) NOT NULL, paid_at datetime);
CREATE VIEW open_orders AS SELECT id, customer_id, total FROM orders WHERE state = 'new';
-- sterna:down
DROP VIEW open_orders;
DROP TABLE payments;
DROP TABLE order_lines;
DROP TABLE orders;
`,
}
let made
let page
before(async () => {
  if (missing) return
  made = new Project({ name: 'shop', migrations })
  await made.sterna('up', '--yes')
  await made.serve()
  page = await made.page()
})
after(() => made?.end())

async function exported(name) {
  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name, exact: true }).click()])
  const path = join(pictures, download.suggestedFilename())
  await download.saveAs(path)
  return path
}

test('the schema is laid out and one table edited', options, async () => {
  await picture(page, 'designer')
  await page.locator('.sidebar').getByRole('button', { name: /^orders/ }).click()
  await page.getByRole('button', { name: 'Show everything' }).click()
  await picture(page, 'designer-table')
})

test('tables can be gathered in an area, which follows them', options, async () => {
  await page.locator('#canvas').focus()
  const first = await spot(page, 'customers')
  await page.mouse.click(first.x, first.y)
  const second = await spot(page, 'addresses')
  await page.keyboard.down('Shift')
  await page.mouse.click(second.x, second.y)
  await page.keyboard.up('Shift')
  await page.getByRole('button', { name: 'Group as an area' }).click()
  await page.getByLabel('Area', { exact: true }).fill('People')
  await page.keyboard.press('Enter')
  const before = await page.evaluate(() => window.sternaCanvas.scene.areas[0].box)
  const from = await spot(page, 'customers')
  await drag(page, from, { x: from.x - 40, y: from.y + 60 })
  await page.waitForFunction((was) => window.sternaCanvas.scene.areas[0].box.x < was - 20, before.x)
  await saved(page)
  await picture(page, 'designer-area')
})

test('changes are shown as words and SQL with what they would lose', options, async () => {
  await page.locator('.sidebar').getByRole('button', { name: /^orders/ }).click()
  await page.getByRole('button', { name: 'Column', exact: true }).click()
  await page.locator('.column.open').getByLabel(/^Name of/).fill('coupon')
  await page.keyboard.press('Enter')
  await page.locator('.sidebar').getByRole('button', { name: /^customers/ }).click()
  await page.getByLabel('Name of full_name', { exact: true }).fill('name')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Show everything' }).click()
  await page.getByRole('tab', { name: /^Changes/ }).click()
  await page.locator('.changes').getByText('customers: rename column full_name to name').waitFor()
  await page.locator('.changes').getByText('orders: add column coupon').waitFor()
  await picture(page, 'designer-changes')
  await page.getByRole('tab', { name: 'C++' }).click()
  await page.locator('.code').getByText('rename_column', { exact: false }).first().waitFor()
})

test('every form can be taken away', options, async () => {
  assert.match(readFileSync(await exported('SQL'), 'utf8'), /CREATE TABLE "orders"/)
  assert.match(readFileSync(await exported('Mermaid'), 'utf8'), /erDiagram/)
  assert.match(readFileSync(await exported('SVG'), 'utf8'), /<svg/)
  assert.equal(readFileSync(await exported('Picture (PNG)')).subarray(1, 4).toString(), 'PNG')
  // For paper: black on white. The corner of the picture is the canvas itself.
  await page.getByRole('button', { name: 'Dark' }).click()
  const corner = async (name) => {
    const bytes = readFileSync(await exported(name)).toString('base64')
    return page.evaluate(async (data) => {
      const canvas = document.createElement('canvas').getContext('2d')
      canvas.drawImage(await createImageBitmap(new Blob([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))])), 0, 0)
      return [...canvas.getImageData(2, 2, 1, 1).data]
    }, bytes)
  }
  assert.deepEqual(await corner('Picture for print (PNG)'), [255, 255, 255, 255])
  assert.ok((await corner('Picture (PNG)'))[0] < 40)
  await page.getByRole('button', { name: 'Light' }).click()
})

test('the page to share opens by itself, and nothing can be edited in it', options, async () => {
  const path = await exported('Page to share (HTML)')
  const other = await page.context().newPage()
  const problems = []
  other.on('pageerror', (error) => problems.push(error.message))
  other.on('request', (request) => {
    if (!request.url().startsWith('file:') && !request.url().startsWith('data:')) problems.push(request.url())
  })
  await other.goto(pathToFileURL(path).href)
  await other.waitForSelector('[data-phase=ready]')
  await other.locator('.sidebar').getByRole('button', { name: /^orders/ }).click()
  assert.ok(await other.getByLabel('Table', { exact: true }).isDisabled())
  await picture(other, 'shared')
  assert.deepEqual(problems, [])
  await other.close()
})

test('DBML is taken in as the database reads it', options, async () => {
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'DBML' }).click()
  await page.locator('#import-text').fill('Table coupons {\n  code varchar(20) [primary key]\n  worth decimal(10,2)\n}\n')
  await page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }).click()
  await page.locator('.sidebar').getByRole('button', { name: /^coupons/ }).waitFor()
  assert.deepEqual(page.problems, [])
})

// Names, roles and contrast in both themes, by axe's rules for WCAG 2.1 AA.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { missing, picture, Project } from './support.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const migration = `CREATE TABLE customers (id integer PRIMARY KEY, email varchar(120) NOT NULL UNIQUE, phone varchar(30));
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers (id), total decimal(12,2) NOT NULL CHECK (total >= 0));
CREATE INDEX orders_by_customer ON orders (customer_id);
CREATE VIEW open_orders AS SELECT id FROM orders;
`
const projects = []
after(() => Promise.all(projects.map((each) => each.end())))

for (const theme of ['light', 'dark'])
  test(`axe finds no fault in the ${theme} page`, { skip: missing, timeout: 90_000 }, async () => {
    const made = new Project({ migrations: { '001_shop.sql': migration } })
    projects.push(made)
    await made.serve()
    const page = await made.page({ theme })
    const check = async (where) => {
      // Through the debugger: the page's own policy lets no foreign script in.
      await page.evaluate(axe)
      const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }))
      const faults = violations.map((fault) => `${where}: ${fault.id} (${fault.impact}) ${fault.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
      assert.deepEqual(faults, [])
    }
    await check('nothing selected')
    await page.locator('.sidebar').getByRole('button', { name: /^orders/ }).click()
    await page.getByRole('button', { name: 'More of total' }).click()
    await picture(page, `table-${theme}`)
    await check('a table')
    await page.getByLabel('Name of total', { exact: true }).fill('amount')
    await page.keyboard.press('Enter')
    await page.getByRole('tab', { name: /^Changes/ }).click()
    await page.locator('.changes li').first().waitFor()
    await page.waitForTimeout(300)
    await picture(page, `changes-${theme}`)
    await check('changes')
    await page.keyboard.press('Control+k')
    await check('search')
    await page.keyboard.press('Escape')
    await page.locator('.sidebar').getByRole('button', { name: /^open_orders/ }).click()
    await check('a view')
    assert.deepEqual(page.problems, [])
  })

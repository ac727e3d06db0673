// Names, roles and contrast in both themes, by axe's rules for WCAG 2.1 AA.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { accessible, missing, picture, Project } from './support.mjs'

const migration = `CREATE TABLE customers (id integer PRIMARY KEY, email varchar(120) NOT NULL UNIQUE, phone varchar(30));
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers (id), total decimal(12,2) NOT NULL CHECK (total >= 0));
CREATE INDEX orders_by_customer ON orders (customer_id);
CREATE VIEW open_orders AS SELECT id FROM orders;
`
const projects = []
after(() => Promise.all(projects.map((each) => each.end())))

for (const theme of ['light', 'dark'])
  test(`axe finds no fault in the ${theme} page`, { skip: missing, timeout: 300_000 }, async () => {
    const made = new Project({ migrations: { '001_shop.sql': migration } })
    projects.push(made)
    await made.serve()
    const page = await made.page({ theme })
    const check = (where) => accessible(page, where)
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
    for (const dialog of ['Import', 'Keys']) {
      await page.getByRole('button', { name: dialog, exact: true }).click()
      await page.getByRole('dialog', { name: dialog }).waitFor()
      await check(dialog)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog', { name: dialog }).waitFor({ state: 'detached' })
    }
    for (const mode of ['Drift', 'History']) {
      await page.getByRole('button', { name: mode, exact: true }).click()
      await page.locator('.changes li, [data-testid=no-drift]').first().waitFor()
      await check(mode)
      await picture(page, `${mode.toLowerCase()}-${theme}`)
    }
    assert.deepEqual(page.problems, [])
  })

// A project in a folder of its own, the command that serves it, and Debian's Chromium that looks at it.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'

const here = dirname(fileURLToPath(import.meta.url))
export const command = process.env.STERNA_COMMAND ?? resolve(here, '../../../build/dev/src/cli/sterna')
export const pictures = process.env.STERNA_PICTURES ?? resolve(here, '../../test-results')
const browserPath = process.env.STERNA_CHROMIUM ?? '/usr/bin/chromium'
mkdirSync(pictures, { recursive: true })

/** Why these tests cannot run here; with STERNA_REQUIRE_ALL=1 that is a failure. */
export const missing = !existsSync(browserPath) ? `there is no browser at ${browserPath}` : !existsSync(command) ? `there is no command at ${command}` : undefined
if (missing && process.env.STERNA_REQUIRE_ALL === '1') throw new Error(missing)

/** The database of a server that VARIABLE names (tests/support/web.sh makes it), and why a test cannot run on it. */
export function server(variable) {
  const url = process.env[variable]
  if (!url && !missing && process.env.STERNA_REQUIRE_ALL === '1') throw new Error(`${variable} is not set`)
  return { url, skip: missing ?? (url ? false : `${variable} is not set`) }
}

const run = promisify(execFile)
const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('STERNA_') && name !== 'DATABASE_URL'))

export class Project {
  #child
  #browser

  constructor({ name = 'project', url = 'sqlite:app.db', migrations = {}, toml = '' } = {}) {
    this.around = mkdtempSync(join(tmpdir(), 'sterna-designer-'))
    this.folder = join(this.around, name)
    mkdirSync(join(this.folder, 'migrations'), { recursive: true })
    writeFileSync(join(this.folder, 'sterna.toml'), `url = "${url}"\n${toml}`)
    for (const [name, text] of Object.entries(migrations)) writeFileSync(join(this.folder, 'migrations', name), text)
  }

  async sterna(...words) {
    const { stdout } = await run(command, words, { cwd: this.folder, env: clean })
    return stdout
  }

  async serve(...words) {
    this.#child = spawn(command, ['design', '--no-open', '--port', '0', '--format', 'json', ...words], { cwd: this.folder, env: clean })
    let errors = ''
    this.#child.stderr.on('data', (data) => (errors += data))
    const line = await new Promise((good, bad) => {
      this.#child.stdout.once('data', (data) => good(String(data)))
      this.#child.once('exit', () => bad(new Error(`the designer ended: ${errors}`)))
    })
    const { url } = JSON.parse(line)
    this.url = url
    this.origin = new URL(url).origin
    this.token = url.split('token=')[1]
    return url
  }

  api(method, path, body, headers = {}) {
    return fetch(`${this.origin}/api/v1/${path}`, {
      method,
      headers: { 'X-Sterna-Token': this.token, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  async page({ theme = 'light', width = 1440, height = 900, open = true } = {}) {
    this.#browser ??= await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
    const context = await this.#browser.newContext({ viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce' })
    // Far beyond what anything takes: a machine that is busy with something else is no failure.
    context.setDefaultTimeout(120_000)
    const page = await context.newPage()
    page.problems = []
    page.on('pageerror', (error) => page.problems.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') page.problems.push(message.text())
    })
    if (open) {
      await page.goto(this.url)
      await ready(page)
    }
    return page
  }

  async end() {
    await this.#browser?.close()
    if (this.#child && this.#child.exitCode === null) {
      const gone = new Promise((done) => this.#child.once('exit', done))
      this.#child.kill('SIGTERM')
      await gone
    }
    rmSync(this.around, { recursive: true, force: true })
  }
}

const axe = () => readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Names, roles and contrast of what is shown now. */
export async function accessible(page, where) {
  // Through the debugger: the page's own policy lets no foreign script in.
  await page.evaluate(axe())
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }))
  const faults = violations.map((fault) => `${where}: ${fault.id} (${fault.impact}) ${fault.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
  assert.deepEqual(faults, [])
}

export const ready = (page) => page.waitForSelector('[data-phase=ready]')
export const saved = (page) => page.waitForSelector('.saving.saved')
export const picture = (page, name) => page.screenshot({ path: join(pictures, `${name}.png`) })

/** Where a column's row, or a card's head, lies on the screen. */
export const spot = (page, table, column, side = 'middle') =>
  page.evaluate(
    ([name, wanted, at]) => {
      const made = window.sternaCanvas
      const card = made.scene.cards.find((each) => each.table.name.name === name)
      const row = wanted === undefined ? -1 : card.table.columns.findIndex((each) => each.name === wanted)
      const x = card.x + (at === 'left' ? 0 : at === 'right' ? card.width : card.width / 2)
      const y = card.y + (row < 0 ? 19 : 38 + (row + 0.5) * 24)
      const box = document.getElementById('canvas').getBoundingClientRect()
      return { x: box.left + x * made.camera.scale + made.camera.x, y: box.top + y * made.camera.scale + made.camera.y }
    },
    [table, column, side],
  )

export async function drag(page, from, to) {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 })
  await page.mouse.move(to.x, to.y, { steps: 4 })
  await page.mouse.up()
}

/** Fills a field as a person does: all of it anew, then Enter. */
export async function type(page, label, text, exact = true) {
  const field = page.getByLabel(label, { exact })
  await field.click()
  await field.fill(text)
  await field.press('Enter')
}

export async function newTable(page, name) {
  await page.locator('.sidebar').getByRole('button', { name: 'New table' }).click()
  await type(page, 'Table', name)
}
export async function newColumn(page, name, kind) {
  await page.getByRole('button', { name: 'Column', exact: true }).click()
  const field = page.locator('.column.open').getByLabel(/^Name of/)
  await field.fill(name)
  await field.press('Enter')
  const typeField = page.locator(`[data-column="${name}"]`).getByLabel(`Type of ${name}`)
  await typeField.click()
  await typeField.fill(kind)
  await typeField.press('Enter')
}
export async function generate(page, name) {
  await page.getByRole('tab', { name: /^Changes/ }).click()
  await page.getByLabel('Migration', { exact: true }).fill(name)
  await page.getByRole('button', { name: 'Generate migration' }).click()
  const wrote = page.getByText(new RegExp(`^Wrote migrations/\\d+_${name.replaceAll(' ', '_')}\\.`))
  const refused = page.locator('.toast.bad')
  await wrote.or(refused).first().waitFor()
  if (!(await wrote.isVisible())) assert.fail(`nothing was written: ${await refused.first().innerText()}`)
  await saved(page)
}

/** Applied by the command, and found without drift by both. */
export async function settled(made, page) {
  await made.sterna('up', '--yes')
  assert.equal(JSON.parse(await made.sterna('schema', 'drift', '--format', 'json')).equal, true)
  await page.getByRole('button', { name: 'Drift' }).click()
  await page.getByTestId('no-drift').waitFor()
  await page.getByRole('button', { name: 'Design' }).click()
  await page.getByRole('button', { name: 'Show everything' }).click()
  assert.deepEqual(page.problems, [])
}

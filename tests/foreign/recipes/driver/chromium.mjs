// A person's browser with JavaScript: Chromium, for apps that live in it.

import { chromium } from 'playwright-core'

const PATIENCE = 20_000

export class Chromium {
  #browser
  #page

  static async start() {
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--no-proxy-server'] })
    const one = new Chromium()
    one.#browser = browser
    one.#page = await (await browser.newContext({ locale: 'en-US' })).newPage()
    one.#page.setDefaultTimeout(PATIENCE)
    // What the app itself would say: seen where a run fails.
    one.#page.on('pageerror', (error) => console.error(`in the page: ${error}`))
    return one
  }

  get url() {
    return new URL(this.#page.url())
  }

  /** What is on the page. */
  async text() {
    return this.#settled(() => this.#page.content())
  }

  async form(...ids) {
    return this.#settled(async () => {
      for (const id of ids) if (await this.#page.locator(`form#${id}`).count()) return id
      return undefined
    })
  }

  /** Asks a page that is there: one that is left just now answers nothing, and the one that follows is asked. */
  async #settled(asks) {
    for (let tries = 0; tries < 10; tries++) {
      await this.#page.waitForLoadState()
      try {
        return await asks()
      } catch (error) {
        if (!/navigat/.test(error.message)) throw error
      }
    }
    return asks()
  }

  async open(url) {
    await this.#page.goto(new URL(url, this.#page.url()).href)
  }

  /** Fills in the form of this id, presses the button of that id, and waits for what comes next. */
  async submit(id, fields = {}, button) {
    for (const [name, value] of Object.entries(fields)) await this.#page.fill(`form#${id} [name=${name}]`, value)
    const before = this.#page.url()
    const pressed = this.#page.locator(`form#${id} #${button}`)
    // A button that grants something works after a moment, so that nobody presses it by mistake.
    await this.#page.waitForTimeout(Number((await pressed.getAttribute('data-after')) ?? 0) + 100)
    await pressed.click()
    await this.#page.waitForURL((url) => url.href !== before)
  }

  async press(words) {
    const named = this.#page.getByRole('button', { name: words, exact: true }).or(this.#page.getByRole('link', { name: words, exact: true }))
    await named.or(this.#page.locator(`[id="${words}"]`)).first().click()
  }

  async close() {
    await this.#browser.close()
  }
}

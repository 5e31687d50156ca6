// What a person does with an app that a recipe connected: signs in, looks at what it shows, uses it, and signs out.

import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

import { person } from './haechi.mjs'

/** Milliseconds that a page in Chromium may take to become what it should be. */
const PATIENCE = 10_000

export class Walk {
  constructor({ haechi, api, client, run, browser, app, url, cwd, port }) {
    Object.assign(this, { haechi, api, client, run, browser, app, url, cwd, port, plan: run.plan })
  }

  async whole() {
    await this.step('sign in', this.signsIn)
    if (this.plan.userinfo) await this.step('UserInfo', this.asksUserInfo)
    if (this.plan.api) await this.step('API call', this.callsTheApi)
    if (this.plan.refresh) await this.step('refresh', this.refreshes)
    if (this.plan.api && this.plan.refresh) await this.step('API call after the refresh', this.callsTheApi)
    await this.step('sign out', this.signsOut)
  }

  async step(name, does) {
    this.at = name
    await does.call(this)
  }

  async signsIn() {
    await this.take(this.plan.visit)
    const atHaechi = await this.soon(async () => (await this.browser.form('login')) === 'login')
    assert.ok(atHaechi, `no sign-in at Haechi, but ${await this.place()}`)
    await this.throughHaechi()
    if (this.plan.shows) await this.take(this.plan.shows)
    await this.expect(this.plan.expects)
  }

  async asksUserInfo() {
    await this.take(this.plan.userinfo)
    await this.expect(this.plan.userinfo.expects ?? ['email'])
  }

  /** The app shows what only a caller with a token for the API is told. */
  async callsTheApi() {
    const before = this.api.callers.length
    await this.take(this.plan.api)
    await this.expect([this.api.order])
    assert.deepEqual([...new Set(this.api.callers.slice(before))], [this.client], 'the API was called by another client')
  }

  async refreshes() {
    const before = this.haechi.recorder.granted('refresh_token')
    await this.take(this.plan.refresh)
    await this.expect(this.plan.refresh.expects ?? [])
    assert.ok(this.haechi.recorder.granted('refresh_token') > before, `the app refreshed nothing: ${await this.place()}`)
  }

  async signsOut() {
    if (this.plan.logout === undefined) return
    await this.take(this.plan.logout)
    const end = new URL(this.haechi.metadata.end_session_endpoint).pathname
    if (this.plan.signs_out !== 'app') await this.soon(() => this.haechi.recorder.signedOut(end) > 0)
    await this.throughHaechi()
    await this.forgotten()
    if (this.plan.signs_out === 'app') return
    const ended = JSON.parse(await this.haechi.command(['sessions', 'list', person.email, '--json']))
    assert.deepEqual(ended, [], 'the session at Haechi has not ended')
  }

  /** The app no longer knows who it was. */
  async forgotten() {
    if (typeof this.plan.logout === 'object' && this.plan.logout.run) return
    const gone = await this.soon(async () => !(await this.browser.text()).includes(person.email))
    assert.ok(gone, `still signed in at the app: ${await this.place()}`)
  }

  /** Does what a step of the plan says. */
  async take(step) {
    const { open, press, printed, run, wait } = typeof step === 'string' ? { open: step } : step
    if (wait) await sleep(wait)
    if (run) {
      this.output = await this.run.run(run, this.cwd, this.port)
      return
    }
    if (printed) await this.browser.open(await this.printed(printed))
    for (const path of [open ?? []].flat()) await this.browser.open(this.url + path)
    for (const words of [press ?? []].flat()) await this.browser.press(words)
    await this.throughFormPost()
  }

  /** The URL with this in it that the app printed. */
  printed(part) {
    const urls = () => this.app.printed.match(/https?:\/\/\S+/g) ?? []
    return this.app.until(() => urls().find((url) => url.includes(part)))
  }

  /** Haechi's pages, until they lead away. */
  async throughHaechi() {
    for (let page = 0; page < 6; page++) {
      const form = await this.browser.form('login', 'consent', 'logout', 'later', 'form-post')
      if (form === 'login') {
        await this.browser.submit('login', { email: person.email, password: person.password }, 'submit')
      } else if (form === 'consent') {
        await this.browser.submit('consent', {}, 'allow')
      } else if (form === 'logout') {
        await this.browser.submit('logout', {}, 'confirm')
      } else if (form === 'later') {
        // A browser that can make a passkey is offered one, once.
        await this.browser.submit('later', {}, 'not-now')
      } else if (!(await this.throughFormPost())) return
    }
    throw new Error(`Haechi's pages go in circles at ${this.browser.url}`)
  }

  /** An answer that a form of Haechi's posts by itself, where there is JavaScript. */
  async throughFormPost() {
    const waits = (await this.browser.form('form-post')) && this.browser.submit
    if (waits) await this.browser.submit('form-post')
    return Boolean(waits)
  }

  /** What the app, or its command, shows. */
  async expect(what = ['email', 'name']) {
    const texts = what.map((one) => person[one] ?? one)
    const shows = (shown) => texts.every((text) => shown.includes(text))
    if (this.output === undefined && this.plan.shows_in === 'output') {
      await this.app.until(() => shows(this.app.printed))
      return
    }
    const shown = this.output === undefined ? await this.soon(async () => shows(await this.browser.text())) : shows(this.output)
    assert.ok(shown, `${texts.join(', ')} is not shown: ${this.output ?? (await this.place())}`)
    this.output = undefined
  }

  /** Whether it is so: an app that lives in the browser is given a moment. */
  async soon(is) {
    for (let waited = 0; this.plan.browser === 'chromium' && waited < PATIENCE; waited += 100) {
      // A page that is left just now cannot be asked.
      if (await Promise.resolve(is()).catch(() => false)) return true
      await sleep(100)
    }
    return is()
  }

  async place() {
    return `${this.browser.url}\n${(await this.browser.text()).slice(0, 3000)}`
  }
}

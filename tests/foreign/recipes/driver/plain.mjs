// A person's browser without JavaScript: keeps cookies, follows redirects, presses links and buttons.

import { request } from 'node:http'

import { parse } from 'node-html-parser'

const MOST_HOPS = 20

export class PlainBrowser {
  /** Cookies by host and name: ports share them, as in a real browser (RFC 6265 section 8.5). */
  #cookies = new Map()
  #place = { url: new URL('about:blank'), status: 0, html: '' }

  get url() {
    return this.#place.url
  }

  get status() {
    return this.#place.status
  }

  /** What is on the page. */
  async text() {
    return this.#place.html
  }

  /** The first of these ids that a form of the page has. */
  async form(...ids) {
    const page = parse(this.#place.html)
    return ids.find((id) => page.querySelector(`form#${id}`))
  }

  async open(url) {
    await this.#load(new URL(url, this.#place.url), { method: 'GET' })
  }

  /** Fills in the form of this id, and presses the button of that id, or the first one. */
  async submit(id, fields = {}, button) {
    const form = parse(this.#place.html).querySelector(`form#${id}`)
    const buttons = form.querySelectorAll('button, input[type=submit]')
    await this.#send(form, buttons.find((one) => one.id === button) ?? (button ? undefined : buttons[0]), fields)
  }

  /** Presses the link or the button that says this, or that has this id. */
  async press(words) {
    const page = parse(this.#place.html)
    const says = (one) => [one.text.trim(), one.getAttribute('value'), one.id].includes(words)
    const pressed = page.querySelectorAll('a, button, input[type=submit]').find(says)
    if (!pressed) throw new Error(`nothing says ${words}`)
    if (pressed.tagName === 'A') return this.open(pressed.getAttribute('href'))
    const form = pressed.closest('form')
    if (!form) throw new Error(`${words} is in no form`)
    await this.#send(form, pressed, {})
  }

  async close() {}

  async #send(form, button, filled) {
    const fields = new URLSearchParams()
    for (const field of form.querySelectorAll('input[name], textarea[name]')) {
      const type = field.getAttribute('type') ?? 'text'
      const name = field.getAttribute('name')
      if (['submit', 'button'].includes(type) || name in filled) continue
      if (['checkbox', 'radio'].includes(type) && !field.hasAttribute('checked')) continue
      fields.append(name, field.getAttribute('value') ?? '')
    }
    for (const [name, value] of Object.entries(filled)) fields.append(name, value)
    const name = button?.getAttribute('name')
    if (name) fields.append(name, button.getAttribute('value') ?? '')
    const action = button?.getAttribute('formaction') ?? form.getAttribute('action') ?? ''
    const target = new URL(action || this.#place.url, this.#place.url)
    if ((form.getAttribute('method') ?? 'get').toLowerCase() === 'get') {
      target.search = fields
      return this.#load(target, { method: 'GET' })
    }
    await this.#load(target, { method: 'POST', body: fields, from: this.#place.url })
  }

  async #load(place, asked) {
    let from = asked.from
    for (let hop = 0; hop < MOST_HOPS; hop++) {
      const headers = { accept: 'text/html,*/*;q=0.8', cookie: this.#cookiesFor(place) }
      if (from) {
        const same = from.origin === place.origin
        Object.assign(headers, { origin: from.origin, referer: from.href, 'sec-fetch-site': same ? 'same-origin' : 'cross-site' })
      }
      const answer = await navigate(place, asked, headers)
      this.#keep(place, answer.headers.getSetCookie())
      const next = await this.#next(place, answer)
      if (!next) return
      if (answer.status !== 307 && answer.status !== 308) {
        asked = { method: 'GET' }
        from = undefined
      }
      place = next
    }
    throw new Error(`too many redirects, the last to ${place}`)
  }

  /** Where the answer leads on to; nowhere where it is a page to look at. */
  async #next(place, answer) {
    const location = answer.headers.get('location')
    if (answer.status >= 300 && answer.status < 400 && location) {
      await answer.body?.cancel()
      return new URL(location, place)
    }
    const html = await answer.text()
    this.#place = { url: place, status: answer.status, html }
    const refresh = parse(html).querySelector('meta[http-equiv=refresh i]')?.getAttribute('content')
    const target = /^\s*0\s*;\s*url=['"]?([^'"]+)/i.exec(refresh ?? '')?.[1]
    return target && new URL(target, place)
  }

  #cookiesFor(place) {
    const kept = [...this.#cookies.values()]
    const under = ({ host, path }) => host === place.hostname && (place.pathname + '/').startsWith(path.replace(/\/?$/, '/'))
    // RFC 6265 section 5.4: those of longer paths first.
    const sent = kept.filter(under).sort((a, b) => b.path.length - a.path.length)
    return sent.map(({ name, value }) => `${name}=${value}`).join('; ')
  }

  #keep(place, lines) {
    for (const line of lines) {
      const [pair, ...attributes] = line.split(';').map((part) => part.trim())
      const name = pair.slice(0, pair.indexOf('='))
      const value = pair.slice(pair.indexOf('=') + 1)
      const said = Object.fromEntries(attributes.map((one) => [one.split('=')[0].toLowerCase(), one.slice(one.indexOf('=') + 1)]))
      // RFC 6265 section 5.1.4: the default path is the folder of the page.
      const path = said.path?.startsWith('/') ? said.path : place.pathname.replace(/\/[^/]*$/, '') || '/'
      const key = [place.hostname, path, name].join(' ')
      const gone = 'max-age' in said ? Number(said['max-age']) <= 0 : said.expires && new Date(said.expires) <= new Date()
      if (gone) this.#cookies.delete(key)
      else this.#cookies.set(key, { host: place.hostname, path, name, value })
    }
  }
}

/** As fetch, but as a browser on its way to a page: fetch says of itself that it is a script (Sec-Fetch-Mode), which some software asks no sign-in of. */
function navigate(url, { method, body }, headers) {
  const form = body && Buffer.from(String(body))
  const typed = form && { 'content-type': 'application/x-www-form-urlencoded', 'content-length': form.length }
  const all = { ...headers, ...typed, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  return new Promise((done, failed) => {
    const sent = request(url, { method, headers: all }, async (answer) => {
      const chunks = []
      for await (const chunk of answer) chunks.push(chunk)
      const said = new Headers()
      for (let at = 0; at < answer.rawHeaders.length; at += 2) said.append(answer.rawHeaders[at], answer.rawHeaders[at + 1])
      done(new Response(chunks.length ? Buffer.concat(chunks) : null, { status: answer.statusCode, headers: said }))
    })
    sent.on('error', failed).end(form)
  })
}

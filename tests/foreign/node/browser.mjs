// A person's browser, as far as these tests need one: cookies, redirects and forms. And the authenticator app on their phone.

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'

/** An authenticator app (RFC 6238): each code that it gives is of a step of its own. */
export class Phone {
  #secret
  #last = 0

  constructor(shown) {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
    const bits = [...shown.replace(/\s/g, '')].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('')
    this.#secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  }

  /** A code that was not used before: where that of now was, the next one, which counts already. */
  code() {
    this.#last = Math.max(Math.floor(Date.now() / 30_000), this.#last + 1)
    const counter = Buffer.alloc(8)
    counter.writeBigUInt64BE(BigInt(this.#last))
    const digest = createHmac('sha1', this.#secret).update(counter).digest()
    const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff
    return String(number % 1_000_000).padStart(6, '0')
  }
}

export class Browser {
  #cookies = new Map()

  constructor(issuer, person, phone) {
    this.home = new URL(issuer).origin
    this.person = person
    this.phone = phone
  }

  /** Follows a link through login and consent, until it leads back to the app: answers where, and what was posted there. */
  async follow(url) {
    let place = await this.#load(url)
    for (let step = 0; step < 8; step++) {
      if (place.url.origin !== this.home) return place
      const onward = /<a[^>]* id="go-on" [^>]*>/.exec(place.html)?.[0]
      if (onward) {
        place = await this.#load(new URL(attribute(onward, 'href'), place.url))
        continue
      }
      const form = /<form[^>]* id="(login|consent|logout|form-post|second)"/.exec(place.html)?.[1]
      assert(form, `a page without a form that is known here: ${place.url}\n${place.html}`)
      place = await this.#submit(place, form)
    }
    throw new Error('the login goes in circles')
  }

  async #submit({ url, html }, id) {
    const [form] = new RegExp(`<form[^>]* id="${id}"[^]*?</form>`).exec(html)
    const fields = new URLSearchParams()
    for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
      if (attribute(tag, 'type') === 'hidden') fields.append(attribute(tag, 'name'), attribute(tag, 'value'))
    }
    if (id === 'login') {
      fields.append('email', this.person.email)
      fields.append('password', this.person.password)
    }
    if (id === 'second') {
      const secret = /<code id="secret"[^>]*>([^<]*)</.exec(html)?.[1]
      if (secret) {
        this.phone = new Phone(secret)
        fields.append('name', 'Phone')
      }
      fields.append('code', this.phone.code())
    }
    // The button that says yes.
    const button = form.match(/<button[^>]* id="(?:allow|confirm)"[^>]*>/)?.[0]
    if (button) fields.append(attribute(button, 'name'), attribute(button, 'value'))
    const target = new URL(attribute(form, 'action'), url)
    if (target.origin !== this.home) return { url: target, posted: fields }
    return this.#load(target, fields)
  }

  async #load(url, posted) {
    let place = new URL(url)
    let request = { method: posted ? 'POST' : 'GET', body: posted }
    for (let hop = 0; hop < 10; hop++) {
      if (place.origin !== this.home) return { url: place }
      const headers = { cookie: [...this.#cookies].map((pair) => pair.join('=')).join('; ') }
      if (request.body) Object.assign(headers, { origin: this.home, 'sec-fetch-site': 'same-origin' })
      const answer = await fetch(place, { ...request, headers, redirect: 'manual' })
      for (const cookie of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)
        if (/; *max-age=0/i.test(cookie)) this.#cookies.delete(name)
        else this.#cookies.set(name, value)
      }
      if (answer.status < 300 || answer.status > 399) {
        const html = await answer.text()
        assert.equal(answer.status, 200, `${place} answered ${answer.status}\n${html}`)
        return { url: place, html }
      }
      place = new URL(answer.headers.get('location'), place)
      request = { method: 'GET' }
    }
    throw new Error('too many redirects')
  }
}

function attribute(tag, name) {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? ''
  return value.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(amp|lt|gt|quot));/gi, (_, hex, decimal, named) =>
    named ? { amp: '&', lt: '<', gt: '>', quot: '"' }[named] : String.fromCodePoint(parseInt(hex ?? decimal, hex ? 16 : 10)),
  )
}

/** The settings of a run, which the test puts into the environment. */
export function settings() {
  const { ISSUER, CLIENT_ID, CLIENT_SECRET, CLIENT_KEY, REDIRECT_URI, AFTER_LOGOUT, RESOURCE, EMAIL, PASSWORD } = process.env
  return {
    issuer: ISSUER,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    clientKey: CLIENT_KEY && JSON.parse(CLIENT_KEY),
    redirectUri: REDIRECT_URI,
    afterLogout: AFTER_LOGOUT,
    resource: RESOURCE,
    person: { email: EMAIL, password: PASSWORD },
  }
}

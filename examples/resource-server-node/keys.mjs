// The issuer's public keys, as long as its `Cache-Control` lets us keep them. (jose's createRemoteJWKSet would do, if we wanted to
// set that time ourselves.)

import { createLocalJWKSet, errors } from 'jose'

// How often an unknown key, or an issuer that does not answer, may make us ask: a stranger can invent keys by the thousand.
const PATIENCE = 10_000

/** No keys were ever fetched. */
export class Unreachable extends Error {}

export class Keys {
  #issuer
  #keys
  #freshUntil = 0
  #unknownMayAskAt = 0
  #fetching

  constructor(issuer) {
    this.#issuer = issuer
  }

  /** The key for this header, as jose wants it. */
  async find(header, jws) {
    const stale = Date.now() >= this.#freshUntil
    if (stale) await this.#refresh()
    try {
      return await this.#known(header, jws)
    } catch (error) {
      // Rare: the issuer publishes a key well before it signs with it, unless somebody is in a hurry to rotate.
      const unknown = error instanceof errors.JWKSNoMatchingKey
      if (!unknown || stale || Date.now() < this.#unknownMayAskAt) throw error
      this.#unknownMayAskAt = Date.now() + PATIENCE
      await this.#refresh()
      return await this.#known(header, jws)
    }
  }

  #known(header, jws) {
    if (!this.#keys) throw new Unreachable()
    // Without a key id, any key of the right type would do. Ours always name theirs.
    if (!header.kid) throw new errors.JWKSNoMatchingKey()
    return this.#keys(header, jws)
  }

  // A crowd fetches once.
  #refresh() {
    this.#fetching ??= this.#fetch().finally(() => (this.#fetching = undefined))
    return this.#fetching
  }

  async #fetch() {
    try {
      const metadata = await (await get(`${this.#issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)).json()
      // OpenID Connect Discovery 1.0 section 4.3: it "MUST be identical to the Issuer URL" that was asked.
      if (metadata.issuer !== this.#issuer) throw new Error('the metadata is of another issuer')
      const answer = await get(metadata.jwks_uri)
      this.#keys = createLocalJWKSet(await answer.json())
      this.#freshUntil = Date.now() + maxAge(answer)
    } catch {
      // The keys we have are as good as they were: tokens stay verifiable while the issuer is away.
      this.#freshUntil = Date.now() + PATIENCE
    }
  }
}

async function get(url) {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5000) })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  return answer
}

// The `max-age` of RFC 9111 section 5.2.2.1; five minutes where there is none, and never so short that every request fetches.
function maxAge(answer) {
  const [, seconds] = /(?:^|[,\s])max-age=(\d+)/i.exec(answer.headers.get('cache-control') ?? '') ?? []
  return Math.max(Number(seconds ?? 300) * 1000, PATIENCE)
}

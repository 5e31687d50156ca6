// From a request to a caller: RFC 9068 section 4 for the token, RFC 6750 section 3 for the refusals.

import { errors, jwtVerify } from 'jose'

import { Keys, Unreachable } from './keys.mjs'

// The signature algorithms that are good enough here; anything else, `none` and shared secrets above all, is not.
const ALGORITHMS = ['ES256', 'ES384', 'EdDSA', 'PS256', 'RS256']

/** A request that gets no answer but a status, and where RFC 6750 wants it a challenge. */
export class Refused extends Error {
  constructor(status, code, parameters = {}) {
    super(code)
    this.status = status
    this.code = code
    if (status === 400 || status === 401 || status === 403) {
      const all = { realm: 'orders', ...(code && { error: code }), ...parameters }
      const challenge = Object.entries(all).map(([name, value]) => `${name}="${value}"`)
      this.headers = { 'www-authenticate': `Bearer ${challenge.join(', ')}` }
    } else if (status === 503) {
      this.headers = { 'retry-after': '5' }
    }
  }
}

export class Verifier {
  #keys
  #rules

  constructor(issuer, audience) {
    this.#keys = new Keys(issuer)
    this.#rules = {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      // An ID token is signed by the same keys, and must not be taken for an access token.
      typ: 'at+jwt',
      // Those that an access token must have (RFC 9068 section 2.2).
      requiredClaims: ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'],
      clockTolerance: 5,
    }
  }

  /** The claims of the caller, if the request brings a token that is good here and has the scope. */
  async require(request, scope) {
    const claims = await this.#verify(bearer(request))
    if (!String(claims.scope ?? '').split(' ').includes(scope)) throw new Refused(403, 'insufficient_scope', { scope })
    return claims
  }

  async #verify(token) {
    try {
      const { payload } = await jwtVerify(token, (header, jws) => this.#keys.find(header, jws), this.#rules)
      return payload
    } catch (error) {
      // No key has been fetched so far, so no token can be judged.
      if (error instanceof Unreachable) throw new Refused(503)
      // Why it is no good is nobody's business.
      if (error instanceof errors.JOSEError) throw new Refused(401, 'invalid_token')
      throw error
    }
  }
}

// RFC 6750 section 2.1. The scheme's case does not matter (RFC 9110 section 11.1).
function bearer(request) {
  const value = request.headers.authorization
  // No error is named: the caller may simply not know yet that it needs a token.
  if (value === undefined) throw new Refused(401)
  const [, token] = /^bearer +(\S+) *$/i.exec(value) ?? []
  if (token === undefined) throw new Refused(400, 'invalid_request')
  return token
}

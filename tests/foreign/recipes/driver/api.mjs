// A service that the app calls in the person's name. It takes access tokens that were made for it and nothing else, and judges them by what Haechi
// publishes alone: RFC 9068 section 4, by jose.

import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'

import { createRemoteJWKSet, jwtVerify } from 'jose'

import { freePort } from './process.mjs'

/** The claims that RFC 9068 section 2.2 requires. */
const REQUIRED = ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti']

/** An app in a browser calls from another origin. */
const CORS = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization' }

export class Api {
  /** What it answers, and nobody else knows. */
  order = `granite statue ${randomUUID()}`
  /** The client of each call that was let through. */
  callers = []

  static async start({ issuer, jwks_uri }) {
    const api = new Api()
    const port = await freePort()
    /** What it is called in the `resource` parameter and in `aud`. */
    api.resource = `http://127.0.0.1:${port}`
    api.url = `${api.resource}/orders`
    const keys = createRemoteJWKSet(new URL(jwks_uri))
    const rules = { issuer, audience: api.resource, typ: 'at+jwt', requiredClaims: REQUIRED }
    const server = createServer(async (request, response) => {
      if (request.method === 'OPTIONS') return response.writeHead(204, CORS).end()
      const [, token] = /^bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? []
      const verified = await jwtVerify(token ?? '', keys, rules).catch((refused) => ({ refused }))
      const status = verified.refused ? 401 : 200
      if (status === 200) api.callers.push(verified.payload.client_id)
      const body = verified.refused ? { error: verified.refused.message } : { orders: [api.order], reader: verified.payload.sub }
      response.writeHead(status, { 'content-type': 'application/json', ...CORS }).end(JSON.stringify(body))
    })
    await new Promise((done) => server.listen(port, '127.0.0.1', done))
    api.stop = () => {
      server.close()
      server.closeAllConnections()
    }
    return api
  }
}

// A service with one endpoint, `GET /orders`, for callers whose access token has the scope `orders:read`.
//
// The token is checked here, by signature: Haechi is asked for its public keys now and then, and never about a token.

import { createServer } from 'node:http'

import { Refused, Verifier } from './verify.mjs'

const issuer = process.env.ISSUER ?? 'http://localhost:8080'
// What this service is called in the `resource` parameter of a token request, and so in `aud`: a name, wherever it listens.
const audience = process.env.AUDIENCE ?? 'https://orders.example'
const port = Number(process.env.PORT ?? 4100)

const verifier = new Verifier(issuer, audience)

const endpoints = {
  'GET /orders': async (request) => {
    const caller = await verifier.require(request, 'orders:read')
    return { orders: [{ id: 1, item: 'granite statue' }], reader: caller.sub }
  },
}

const server = createServer(async (request, response) => {
  const endpoint = endpoints[`${request.method} ${request.url.split('?')[0]}`]
  try {
    if (!endpoint) throw new Refused(404)
    answer(response, 200, {}, await endpoint(request))
  } catch (error) {
    if (!(error instanceof Refused)) console.error(error)
    const { status, headers, code } = error instanceof Refused ? error : new Refused(500)
    answer(response, status, headers, { error: code })
  }
})

function answer(response, status, headers, body) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

server.listen(port, '127.0.0.1', () => {
  console.log(`orders for those who may read them: http://127.0.0.1:${port}/orders`)
})

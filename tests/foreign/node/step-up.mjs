// npm openid-client asks for two factors: because a resource server says so (RFC 9470), and because it demands them itself: by the claim, essential, and by
// acr_values. The person adds an authenticator app on the way.

import assert from 'node:assert/strict'
import { createServer } from 'node:http'

import * as client from 'openid-client'

import { authorize as authorizeIn } from './authorize.mjs'
import { Browser, settings } from './browser.mjs'

const TWO = 'urn:haechi:acr:2fa'
const { issuer, clientId, clientSecret, redirectUri, resource, person } = settings()

const config = await client.discovery(new URL(issuer), clientId, undefined, client.ClientSecretBasic(clientSecret), {
  // The server under test is on this machine.
  execute: [client.allowInsecureRequests],
})
client.enableNonRepudiationChecks(config)
assert(config.serverMetadata().acr_values_supported.includes(TWO))

const authorize = (browser, parameters) =>
  authorizeIn({ config, browser, redirectUri }, { scope: 'openid orders:read', resource, ...parameters })

// A service that takes orders of people who proved two factors only.
const said = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'))
const orders = createServer((request, response) => {
  const { acr } = said(request.headers.authorization.slice('Bearer '.length))
  if (acr === TWO) return response.end('ordered')
  const challenge = `Bearer error="insufficient_user_authentication", acr_values="${TWO}"`
  response.writeHead(401, { 'www-authenticate': challenge }).end()
})
await new Promise((listening) => { orders.listen(0, '127.0.0.1', listening) })
const order = (token) =>
  client.fetchProtectedResource(config, token, new URL(`http://127.0.0.1:${orders.address().port}/`), 'GET')

const browser = new Browser(issuer, person)
const plain = await authorize(browser, {})
assert.equal(said(plain.access_token).acr, 'urn:haechi:acr:1fa')
const challenged = await order(plain.access_token).then(
  () => assert.fail('one factor was enough'),
  (error) => error.cause.find(({ scheme }) => scheme === 'bearer').parameters,
)
assert.equal(challenged.error, 'insufficient_user_authentication')

const claims = JSON.stringify({ id_token: { acr: { essential: true, values: challenged.acr_values.split(' ') } } })
const raised = await authorize(browser, { claims })
assert.equal(raised.claims().acr, TWO)
assert.deepEqual(raised.claims().amr, ['pwd', 'otp', 'mfa'])
assert.equal(await (await order(raised.access_token)).text(), 'ordered')

// Another browser, in which nothing was proved yet.
const elsewhere = new Browser(issuer, person, browser.phone)
const demanded = await authorize(elsewhere, { acr_values: TWO })
assert.equal(demanded.claims().acr, TWO)
const silent = await authorize(elsewhere, { acr_values: TWO, prompt: 'none' })
assert.equal(silent.claims().acr, TWO)

orders.close()
console.log('step-up: done')

// npm openid-client, as a confidential web app (client_secret_basic): a whole login, from discovery to logout.

import assert from 'node:assert/strict'

import * as client from 'openid-client'

import { authorize as authorizeIn } from './authorize.mjs'
import { Browser, settings } from './browser.mjs'

const { issuer, clientId, clientSecret, redirectUri, afterLogout, person } = settings()

const config = await client.discovery(
  new URL(issuer),
  clientId,
  undefined,
  client.ClientSecretBasic(clientSecret),
  // The server under test is on this machine.
  { execute: [client.allowInsecureRequests] },
)
assert.equal(config.serverMetadata().issuer, issuer)
// ID tokens are verified by signature, not trusted for the connection they came by.
client.enableNonRepudiationChecks(config)

const browser = new Browser(issuer, person)

const authorize = (parameters) =>
  authorizeIn({ config, browser, redirectUri }, { scope: 'openid profile email offline_access', ...parameters })

const tokens = await authorize({})
const { sub } = tokens.claims()
assert(tokens.refresh_token, 'offline_access brings a refresh token')

const user = await client.fetchUserInfo(config, tokens.access_token, sub)
assert.equal(user.email, person.email)

const again = await authorize({ prompt: 'none' })
assert.equal(again.claims().sub, sub, 'signed in already')

const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token)
assert.equal(refreshed.claims().sub, sub)
assert.notEqual(refreshed.refresh_token, tokens.refresh_token)

const seen = await client.tokenIntrospection(config, refreshed.access_token)
assert(seen.active)
assert.equal(seen.client_id, clientId)
assert.equal(seen.sub, sub)

await client.tokenRevocation(config, refreshed.refresh_token)
assert.equal((await client.tokenIntrospection(config, refreshed.access_token)).active, false)
await assert.rejects(client.refreshTokenGrant(config, refreshed.refresh_token), { error: 'invalid_grant' })

const state = client.randomState()
const end = client.buildEndSessionUrl(config, {
  id_token_hint: again.id_token,
  post_logout_redirect_uri: afterLogout,
  state,
})
const { url: landed } = await browser.follow(end)
assert.equal(landed.href, `${afterLogout}?state=${state}`)
await assert.rejects(authorize({ prompt: 'none' }), { error: 'login_required' })

console.log('openid-client: done')

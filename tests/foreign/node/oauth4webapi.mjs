// npm oauth4webapi, as a web app that signs its assertions (private_key_jwt), takes its answer by form_post, and calls a resource.

import assert from 'node:assert/strict'

import * as oauth from 'oauth4webapi'

import { Browser, settings } from './browser.mjs'

const { issuer, clientId, clientKey, redirectUri, afterLogout, resource, person } = settings()

// The server under test is on this machine.
const local = { [oauth.allowInsecureRequests]: true }
const url = new URL(issuer)
const server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, local))
const client = { client_id: clientId }
const key = await crypto.subtle.importKey('jwk', clientKey, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
const proof = oauth.PrivateKeyJwt({ key, kid: clientKey.kid })
const browser = new Browser(issuer, person)

async function authorize(parameters) {
  const verifier = oauth.generateRandomCodeVerifier()
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
  const link = new URL(server.authorization_endpoint)
  const query = {
    client_id: clientId,
    response_type: 'code',
    response_mode: 'form_post',
    redirect_uri: redirectUri,
    scope: 'openid profile email offline_access orders:read',
    resource,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...parameters,
  }
  for (const [name, value] of Object.entries(query)) link.searchParams.set(name, value)
  const { url: landed, posted } = await browser.follow(link)
  assert.equal(landed.href, redirectUri)
  const answer = oauth.validateAuthResponse(server, client, posted, state)
  const response = await oauth.authorizationCodeGrantRequest(server, client, proof, answer, redirectUri, verifier, local)
  const checks = { expectedNonce: nonce, requireIdToken: true }
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, checks)
  await oauth.validateApplicationLevelSignature(server, response, local)
  return tokens
}

const tokens = await authorize({})
const { sub } = oauth.getValidatedIdTokenClaims(tokens)
assert(tokens.refresh_token, 'offline_access brings a refresh token')

const userInfo = await oauth.userInfoRequest(server, client, tokens.access_token, local)
const user = await oauth.processUserInfoResponse(server, client, sub, userInfo)
assert.equal(user.email, person.email)

const refresh = await oauth.refreshTokenGrantRequest(server, client, proof, tokens.refresh_token, {
  ...local,
  additionalParameters: { resource, scope: 'orders:read' },
})
const refreshed = await oauth.processRefreshTokenResponse(server, client, refresh)

// What the resource would do with it: RFC 9068 section 4.
const call = new Request(resource, { headers: { authorization: `Bearer ${refreshed.access_token}` } })
const claims = await oauth.validateJwtAccessToken(server, call, resource, local)
assert.equal(claims.sub, sub)
assert.equal(claims.client_id, clientId)
assert.equal(claims.scope, 'orders:read')

const seen = await introspect(refreshed.access_token)
assert(seen.active)
assert.equal(seen.sub, sub)

await oauth.processRevocationResponse(
  await oauth.revocationRequest(server, client, proof, refreshed.refresh_token, local),
)
assert.equal((await introspect(refreshed.access_token)).active, false)

const end = new URL(server.end_session_endpoint)
end.searchParams.set('id_token_hint', tokens.id_token)
end.searchParams.set('post_logout_redirect_uri', afterLogout)
const { url: landed } = await browser.follow(end)
assert.equal(landed.href, afterLogout)
await assert.rejects(authorize({ prompt: 'none' }), { error: 'login_required' })

async function introspect(token) {
  return oauth.processIntrospectionResponse(
    server,
    client,
    await oauth.introspectionRequest(server, client, proof, token, local),
  )
}

console.log('oauth4webapi: done')

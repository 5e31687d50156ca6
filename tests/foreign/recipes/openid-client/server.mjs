// Express with openid-client, as its README shows the authorization code flow.

import 'dotenv/config'
import express from 'express'
import session from 'express-session'
import * as client from 'openid-client'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, BASE_URL, SESSION_SECRET, PORT } = process.env
const redirect_uri = `${BASE_URL}/callback`

// Plain http is for a server on this machine.
const execute = ISSUER.startsWith('http://') ? [client.allowInsecureRequests] : []
const config = await client.discovery(new URL(ISSUER), CLIENT_ID, CLIENT_SECRET, undefined, { execute })

const app = express()
app.use(session({ secret: SESSION_SECRET, resave: false, saveUninitialized: true }))

app.get('/', (request, response) => response.send(request.session.tokens ? 'Somebody is signed in.' : 'Nobody is signed in.'))

app.get('/login', async (request, response) => {
  const verifier = client.randomPKCECodeVerifier()
  const state = client.randomState()
  request.session.sent = { verifier, state }
  const code_challenge = await client.calculatePKCECodeChallenge(verifier)
  const scope = 'openid profile email offline_access'
  response.redirect(client.buildAuthorizationUrl(config, { redirect_uri, scope, code_challenge, code_challenge_method: 'S256', state }).href)
})

app.get('/callback', async (request, response) => {
  const { verifier, state } = request.session.sent
  const tokens = await client.authorizationCodeGrant(config, new URL(request.originalUrl, BASE_URL), {
    pkceCodeVerifier: verifier,
    expectedState: state,
    idTokenExpected: true,
  })
  request.session.tokens = { ...tokens, sub: tokens.claims().sub }
  response.redirect('/userinfo')
})

app.get('/userinfo', async (request, response) => {
  const { access_token, sub } = request.session.tokens
  response.json(await client.fetchUserInfo(config, access_token, sub))
})

app.get('/api', async (request, response) => {
  const { access_token } = request.session.tokens
  response.json(await (await client.fetchProtectedResource(config, access_token, new URL(process.env.API), 'GET')).json())
})

app.get('/refresh', async (request, response) => {
  const { tokens } = request.session
  request.session.tokens = { ...tokens, ...(await client.refreshTokenGrant(config, tokens.refresh_token)) }
  response.send('refreshed')
})

app.get('/logout', (request, response) => {
  const { id_token } = request.session.tokens
  const end = client.buildEndSessionUrl(config, { id_token_hint: id_token, post_logout_redirect_uri: `${BASE_URL}/` })
  request.session.destroy(() => response.redirect(end.href))
})

app.listen(PORT ?? 3000)

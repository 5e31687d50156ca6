#!/usr/bin/env node
// A program on the command line that signs people in with Haechi: code and PKCE through the browser, back to a port of this machine (RFC 8252).
//
//   node cli.mjs login     signs in, and keeps the tokens in tokens.json
//   node cli.mjs whoami    asks UserInfo; renews the access token where it has expired
//   node cli.mjs call      calls the service that API names, in the person's name
//   node cli.mjs refresh   renews the access token
//   node cli.mjs logout    revokes the tokens and forgets them

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

import * as client from 'openid-client'

const FILE = 'tokens.json'
const SCOPE = 'openid profile email offline_access'

const settings = JSON.parse(readFileSync('config.json', 'utf8'))
// Plain http is for a server on this machine.
const execute = settings.issuer.startsWith('http://') ? [client.allowInsecureRequests] : []
const haechi = await client.discovery(new URL(settings.issuer), settings.client_id, undefined, client.None(), { execute })

const commands = { login, whoami, call, refresh, logout }
const command = commands[process.argv[2]]
if (!command) {
  console.error(`usage: node cli.mjs ${Object.keys(commands).join('|')}`)
  process.exit(2)
}
await command()

async function login() {
  const { server, redirect_uri } = await listen()
  const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()]
  const url = client.buildAuthorizationUrl(haechi, {
    redirect_uri,
    scope: SCOPE,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  })
  console.log(`Open this in your browser:\n\n  ${url}\n`)
  const answer = await answered(server, redirect_uri)
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }
  const tokens = await client.authorizationCodeGrant(haechi, answer, checks)
  keep({ ...tokens, sub: tokens.claims().sub, expires_at: Date.now() + 1000 * tokens.expires_in })
  await whoami()
}

async function whoami() {
  const tokens = await fresh()
  const { name, email } = await client.fetchUserInfo(haechi, tokens.access_token, tokens.sub)
  console.log(`You are ${name} <${email}>.`)
}

async function call() {
  if (!process.env.API) {
    console.error('API is not set: run this with the URL of a service of yours in it.')
    process.exit(2)
  }
  const { access_token } = await fresh()
  const answer = await client.fetchProtectedResource(haechi, access_token, new URL(process.env.API), 'GET')
  console.log(await answer.text())
}

async function refresh() {
  const tokens = kept()
  const renewed = await client.refreshTokenGrant(haechi, tokens.refresh_token)
  const all = { ...tokens, ...renewed, expires_at: Date.now() + 1000 * renewed.expires_in }
  keep(all)
  console.log(`The access token is good for ${renewed.expires_in} seconds.`)
  return all
}

async function logout() {
  await client.tokenRevocation(haechi, kept().refresh_token)
  rmSync(FILE)
  console.log('You are signed out.')
}

/** A server on a free port of this machine, for the one answer. */
async function listen() {
  const server = createServer()
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { server, redirect_uri: `http://127.0.0.1:${server.address().port}/callback` }
}

/** The URL that the browser comes back with. */
async function answered(server, redirect_uri) {
  const url = await new Promise((done) => {
    server.on('request', (request, response) => {
      const url = new URL(request.url, redirect_uri)
      if (url.pathname !== '/callback') return response.writeHead(404).end()
      response.end('You can close this window.')
      done(url)
    })
  })
  server.close()
  server.closeIdleConnections()
  return url
}

/** The tokens, renewed where the access token has expired. */
async function fresh() {
  const tokens = kept()
  return Date.now() > tokens.expires_at ? refresh() : tokens
}

function kept() {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8'))
  } catch {
    console.error('Nobody is signed in: node cli.mjs login')
    process.exit(1)
  }
}

/** Readable by their owner alone. */
function keep(tokens) {
  writeFileSync(FILE, JSON.stringify(tokens), { mode: 0o600 })
}

// An Express app that signs people in with Haechi, through express-openid-connect.

import 'dotenv/config'
import express from 'express'
import openid from 'express-openid-connect'

const { auth, requiresAuth } = openid

const app = express()

// ISSUER_BASE_URL, BASE_URL, CLIENT_ID, CLIENT_SECRET and SECRET are read from the environment.
app.use(
  auth({
    authRequired: false,
    // Signing out here ends the session at Haechi too.
    idpLogout: true,
    authorizationParams: { response_type: 'code', scope: 'openid profile email offline_access' },
  }),
)

app.get('/', (request, response) => {
  response.send(
    request.oidc.isAuthenticated()
      ? page(`<p>Hello, ${escaped(request.oidc.user.name)}.</p><p><a href="/profile">Profile</a> <a href="/logout">Sign out</a></p>`)
      : page('<p>Nobody is signed in.</p><p><a href="/login">Sign in</a></p>'),
  )
})

// What the ID token says of the person.
app.get('/profile', requiresAuth(), (request, response) => {
  response.send(page(`<pre>${escaped(JSON.stringify(request.oidc.user, null, 2))}</pre>`))
})

// What UserInfo says: a call with the access token, which is renewed when it has expired.
app.get('/userinfo', requiresAuth(), async (request, response) => {
  if (request.oidc.accessToken.isExpired()) await request.oidc.accessToken.refresh()
  response.json(await request.oidc.fetchUserInfo())
})

// A service of yours, called in the person's name: API is its URL.
app.get('/api', requiresAuth(), async (request, response) => {
  if (!process.env.API) return response.status(501).send('API is not set: start the app with the URL of a service of yours in it.')
  if (request.oidc.accessToken.isExpired()) await request.oidc.accessToken.refresh()
  const { token_type, access_token } = request.oidc.accessToken
  const answer = await fetch(process.env.API, { headers: { authorization: `${token_type} ${access_token}` } })
  response.status(answer.status).json(await answer.json())
})

app.get('/refresh', requiresAuth(), async (request, response) => {
  const { expires_in } = await request.oidc.accessToken.refresh()
  response.json({ expires_in })
})

// Where BASE_URL says, unless PORT does, and for this machine alone, unless HOST says otherwise.
const { BASE_URL, HOST = '127.0.0.1', PORT = new URL(BASE_URL).port || 3000 } = process.env
app.listen(PORT, HOST, () => console.log(BASE_URL))

function page(body) {
  return `<!doctype html><meta charset="utf-8"><title>Express and Haechi</title>${body}`
}

function escaped(text = '') {
  return String(text).replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`)
}

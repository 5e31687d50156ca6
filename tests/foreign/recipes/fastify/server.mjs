// Fastify with @fastify/oauth2, as its README shows the use of discovery.

import 'dotenv/config'
import cookie from '@fastify/cookie'
import oauth2 from '@fastify/oauth2'
import session from '@fastify/session'
import Fastify from 'fastify'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, BASE_URL, SESSION_SECRET, PORT } = process.env

const app = Fastify()
app.register(cookie)
app.register(session, { secret: SESSION_SECRET, cookie: { secure: BASE_URL.startsWith('https://') } })
app.register(oauth2, {
  name: 'haechi',
  scope: ['openid', 'profile', 'email', 'offline_access'],
  credentials: { client: { id: CLIENT_ID, secret: CLIENT_SECRET } },
  startRedirectPath: '/login',
  callbackUri: `${BASE_URL}/login/callback`,
  discovery: { issuer: ISSUER },
})

app.get('/', async (request) => (request.session.token ? app.haechi.userinfo(request.session.token.access_token) : 'Nobody is signed in.'))

app.get('/login/callback', async (request, reply) => {
  const { token } = await app.haechi.getAccessTokenFromAuthorizationCodeFlow(request)
  request.session.token = token
  return reply.redirect('/')
})

app.get('/api', async (request) => {
  const answer = await fetch(process.env.API, { headers: { authorization: `Bearer ${request.session.token.access_token}` } })
  return answer.json()
})

app.get('/refresh', async (request) => {
  const { token } = await app.haechi.getNewAccessTokenUsingRefreshToken(request.session.token)
  request.session.token = { ...request.session.token, ...token }
  return 'refreshed'
})

app.get('/logout', async (request, reply) => {
  const { id_token } = request.session.token
  await request.session.destroy()
  const query = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: `${BASE_URL}/` })
  return reply.redirect(`${ISSUER}/logout?${query}`)
})

app.listen({ host: 'localhost', port: Number(PORT ?? 3000) })

// Express with Auth.js, as the reference of @auth/express shows it. Issuer, id and secret of the provider are read from the environment.

import 'dotenv/config'

import { ExpressAuth, getSession } from '@auth/express'
import express from 'express'

const config = {
  basePath: '/auth',
  trustHost: true,
  providers: [{ id: 'haechi', name: 'Haechi', type: 'oidc' }],
  callbacks: {
    async jwt({ token, account }) {
      return account ? { ...token, access_token: account.access_token } : token
    },
    async session({ session, token }) {
      return { ...session, access_token: token.access_token }
    },
  },
}

const app = express()
app.set('trust proxy', true)
app.use('/auth', ExpressAuth(config))

app.get('/', async (request, response) => response.json((await getSession(request, config))?.user ?? null))

app.get('/userinfo', async (request, response) => {
  const { access_token } = await getSession(request, config)
  const metadata = await (await fetch(`${process.env.AUTH_HAECHI_ISSUER}/.well-known/openid-configuration`)).json()
  const answer = await fetch(metadata.userinfo_endpoint, { headers: { authorization: `Bearer ${access_token}` } })
  response.json(await answer.json())
})

app.listen(process.env.PORT ?? 3000)

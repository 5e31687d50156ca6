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
  const metadata = await (await fetch(`${process.env.AUTH_HAECHI_ISSUER}/.well-known/openid-configuration`)).json()
  response.json(await called(request, metadata.userinfo_endpoint))
})

app.get('/api', async (request, response) => response.json(await called(request, process.env.API)))

async function called(request, url) {
  const { access_token } = await getSession(request, config)
  return (await fetch(url, { headers: { authorization: `Bearer ${access_token}` } })).json()
}

app.listen(process.env.PORT ?? 3000)

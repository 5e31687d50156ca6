// Signing in with Haechi, through Auth.js. AUTH_HAECHI_ISSUER, AUTH_HAECHI_ID and AUTH_HAECHI_SECRET are read from the environment.

import NextAuth from 'next-auth'

const haechi = {
  id: 'haechi',
  name: 'Haechi',
  type: 'oidc',
  authorization: { params: { scope: 'openid profile email offline_access' } },
}

export const { handlers, auth, signOut, unstable_update: update } = NextAuth({
  providers: [haechi],
  callbacks: {
    // The tokens stay in the sealed cookie of the session.
    async jwt({ token, account, trigger }) {
      if (account) return { ...token, ...tokensOf(account, account.expires_at) }
      if (trigger === 'update' || Date.now() > token.expires_at * 1000) return refreshed(token)
      return token
    },
    async session({ session, token }) {
      const { access_token, id_token, expires_at } = token
      return { ...session, access_token, id_token, expires_at }
    },
  },
})

/** An endpoint of Haechi, by its name in the metadata. */
export async function endpoint(name) {
  const metadata = await fetch(`${process.env.AUTH_HAECHI_ISSUER}/.well-known/openid-configuration`)
  return (await metadata.json())[`${name}_endpoint`]
}

function tokensOf({ access_token, refresh_token, id_token }, expires_at) {
  return { access_token, refresh_token, id_token, expires_at }
}

async function refreshed(token) {
  const answer = await fetch(await endpoint('token'), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: token.refresh_token,
      client_id: process.env.AUTH_HAECHI_ID,
      client_secret: process.env.AUTH_HAECHI_SECRET,
    }),
  })
  // No session any more where Haechi says no: the person signs in again.
  if (!answer.ok) return null
  const tokens = await answer.json()
  return { ...token, ...tokensOf({ id_token: token.id_token, ...tokens }, Math.floor(Date.now() / 1000) + tokens.expires_in) }
}

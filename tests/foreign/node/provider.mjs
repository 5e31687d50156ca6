// An OpenID provider that others wrote: oidc-provider, with one app that it knows and its own pages for login and consent.
//
// In the environment: ISSUER, PORT, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI (or several, separated by spaces), and for https
// TLS_CERTIFICATE and TLS_KEY.

import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer as createPlainServer } from 'node:http'
import { createServer } from 'node:https'
import { Provider } from 'oidc-provider'

const { ISSUER, PORT, TLS_CERTIFICATE, TLS_KEY, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI } = process.env

const key = (type, options, alg) => {
  const { privateKey } = generateKeyPairSync(type, options)
  return { ...privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: alg }
}

const provider = new Provider(ISSUER, {
  clients: [{
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    redirect_uris: REDIRECT_URI.split(' '),
    id_token_signed_response_alg: 'ES256',
  }],
  jwks: { keys: [key('ec', { namedCurve: 'P-256' }, 'ES256'), key('rsa', { modulusLength: 2048 }, 'RS256')] },
  cookies: { keys: ['only for tests'] },
  claims: { email: ['email', 'email_verified'], profile: ['name', 'picture', 'locale'] },
  pkce: { required: () => true },
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: 'Kim Minji',
      email: `${id}@corp.example`,
      email_verified: true,
      picture: 'https://op.example/people/kim.png',
      locale: 'ko-KR',
    }),
  }),
})

const server = TLS_KEY
  ? createServer({ cert: readFileSync(TLS_CERTIFICATE), key: readFileSync(TLS_KEY) }, provider.callback())
  : createPlainServer(provider.callback())
server.listen(Number(PORT), '127.0.0.1', () => console.log('ready'))

// The peer: oidc-provider with its default in-memory adapter and one confidential client.
// Usage: node server.mjs PORT CLIENT_SECRET
import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';

const [port, secret] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const jwk = (type, options, alg) => ({ ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), alg, use: 'sig' });
const resource = (alg) => ({ scope: 'read', audience: `urn:bench:${alg}`, accessTokenFormat: 'jwt', accessTokenTTL: 600, jwt: { sign: { alg } } });

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'bench', client_secret: secret, redirect_uris: [],
    response_types: [], grant_types: ['client_credentials'],
  }],
  scopes: ['openid', 'read'],
  jwks: { keys: [jwk('ec', { namedCurve: 'P-256' }, 'ES256'), jwk('ed25519', {}, 'EdDSA'), jwk('rsa', { modulusLength: 2048 }, 'RS256')] },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'urn:bench:ES256',
      getResourceServerInfo: (_ctx, indicator) => resource(indicator.split(':').pop()),
    },
  },
});
provider.listen(Number(port), '127.0.0.1');

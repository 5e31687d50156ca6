// The peer: oidc-provider with confidential clients, and the quickest adapter there can be.
// Usage: node server.mjs PORT CLIENT_SECRET
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { Provider } from 'oidc-provider';

const [port, secret] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const callback = 'http://127.0.0.1:9/callback';
const jwk = (type, options, alg) => ({ ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), alg, use: 'sig' });
const resource = (alg) => ({ scope: 'read', audience: `urn:bench:${alg}`, accessTokenFormat: 'jwt', accessTokenTTL: 600, jwt: { sign: { alg } } });
const app = (id, further) => ({
  client_id: id, client_secret: secret, redirect_uris: [callback], grant_types: ['authorization_code', 'refresh_token'], ...further,
});

// A table in memory without bounds. The adapter that comes along forgets all but the last thousand things, and takes longer with each token of a grant.
class Table {
  #rows = new Map();

  async upsert(id, payload) { this.#rows.set(id, payload); }

  async find(id) { return this.#rows.get(id); }

  async consume(id) { this.#rows.get(id).consumed = Math.floor(Date.now() / 1000); }

  async destroy(id) { this.#rows.delete(id); }

  async revokeByGrantId(grantId) {
    for (const [id, payload] of this.#rows) if (payload.grantId === grantId) this.#rows.delete(id);
  }
}

const provider = new Provider(issuer, {
  adapter: Table,
  clients: [
    { client_id: 'bench', client_secret: secret, redirect_uris: [], response_types: [], grant_types: ['client_credentials'] },
    app('bench-web', { id_token_signed_response_alg: 'ES256' }),
    // Signs ID tokens with RS256, as its default is.
    app('bench-default'),
  ],
  scopes: ['openid', 'offline_access', 'read'],
  findAccount: async (_ctx, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
  // Each refresh brings a new refresh token, as at Haechi.
  rotateRefreshToken: true,
  ttl: { AuthorizationCode: 600 },
  jwks: { keys: [jwk('ec', { namedCurve: 'P-256' }, 'ES256'), jwk('ed25519', {}, 'EdDSA'), jwk('rsa', { modulusLength: 2048 }, 'RS256')] },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'urn:bench:ES256',
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx, indicator) => resource(indicator.split(':').pop()),
    },
  },
});

// Codes come from its own models, saved as its authorization endpoint saves them, and not through pages that this benchmark would have to bring: what is
// measured is the exchange. With a resource the access token is a JWT that is signed with ES256, as Haechi's are; without, one that UserInfo takes.
async function code(client, audience) {
  const verifier = randomBytes(32).toString('base64url');
  const grant = new provider.Grant({ accountId: 'bench', clientId: client.clientId });
  grant.addOIDCScope('openid offline_access');
  if (audience) grant.addResourceScope(audience, 'read');
  const made = new provider.AuthorizationCode({
    accountId: 'bench', client, grantId: await grant.save(), scope: `openid offline_access${audience ? ' read' : ''}`, resource: audience,
    redirectUri: callback, codeChallenge: createHash('sha256').update(verifier).digest('base64url'), codeChallengeMethod: 'S256',
    authTime: Math.floor(Date.now() / 1000), acr: '1', amr: ['pwd'],
  });
  const form = { grant_type: 'authorization_code', code: await made.save(), redirect_uri: callback, code_verifier: verifier };
  return new URLSearchParams(form).toString();
}

provider.use(async (ctx, next) => {
  if (ctx.path !== '/bench/codes') return next();
  const client = await provider.Client.find(ctx.query.client);
  const audience = ctx.query.resource || undefined;
  const forms = [];
  for (let made = 0; made < Number(ctx.query.count); made += 1) forms.push(await code(client, audience));
  ctx.body = forms.join('\n');
  return undefined;
});
provider.listen(Number(port), '127.0.0.1');

// Makes a client's key: prints the private JWK, and writes the public JWK Set to the file that is named.

import { writeFileSync } from 'node:fs'

const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey)
const key = { kty, crv, x, y, kid: 'client-key', alg: 'ES256' }
writeFileSync(process.argv[2], JSON.stringify({ keys: [key] }))
console.log(JSON.stringify({ ...key, d }))

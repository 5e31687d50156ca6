// Hands out the page and its files, and where the API is.

import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'

const FILES = {
  '/': ['index.html', 'text/html'],
  '/app.js': ['app.js', 'text/javascript'],
  '/keycloak.json': ['keycloak.json', 'application/json'],
  '/keycloak.js': ['node_modules/keycloak-js/lib/keycloak.js', 'text/javascript'],
}

/** Milliseconds that the configuration takes, as over a slow network: what is pressed meanwhile must not be lost. */
const LATE = 300

createServer((request, response) => {
  const [file, type] = FILES[new URL(request.url, 'http://app').pathname] ?? []
  if (request.url === '/api.json') return response.end(JSON.stringify({ url: process.env.API }))
  if (!file) return response.writeHead(404).end()
  response.writeHead(200, { 'content-type': type })
  setTimeout(() => createReadStream(file).pipe(response), file === 'keycloak.json' ? LATE : 0)
}).listen(process.env.PORT ?? 5173)

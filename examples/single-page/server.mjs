// Hands out the page and its files, and where the service is that the page calls (API): any web server can do that.

import { createReadStream, readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const FILES = {
  '/': ['index.html', 'text/html'],
  '/app.js': ['app.js', 'text/javascript'],
  '/config.json': ['config.json', 'application/json'],
  '/oidc-client-ts.js': ['node_modules/oidc-client-ts/dist/esm/oidc-client-ts.js', 'text/javascript'],
  '/jwt-decode.js': ['node_modules/jwt-decode/build/esm/index.js', 'text/javascript'],
}

// Where people come back to says where to listen, unless PORT does; for this machine alone, unless HOST says otherwise.
const { redirect_uri } = JSON.parse(readFileSync('config.json', 'utf8'))
const { HOST = '127.0.0.1', PORT = new URL(redirect_uri).port || 5173 } = process.env

createServer((request, response) => {
  const [file, type] = FILES[new URL(request.url, 'http://app').pathname] ?? []
  if (request.url === '/api.json') return response.end(JSON.stringify({ url: process.env.API }))
  if (!file) return response.writeHead(404).end()
  response.writeHead(200, { 'content-type': type })
  createReadStream(file).pipe(response)
}).listen(PORT, HOST, () => console.log(redirect_uri))

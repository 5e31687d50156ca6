// Stands before Haechi and writes down what an app asked of it: whether it sends PKCE and a nonce, how it proves itself, and what came of it.

import { createServer, request as send } from 'node:http'

export class Recorder {
  requests = []
  /** What the app is told of how long its access tokens live, in seconds; the truth where it is undefined. */
  expiresIn

  /** Listens on `port` and hands everything on to `behind`. */
  static async start(port, behind) {
    const recorder = new Recorder()
    const server = createServer((request, response) => recorder.#handOn(request, response, behind))
    await new Promise((done) => server.listen(port, '127.0.0.1', done))
    recorder.stop = () => {
      server.close()
      server.closeAllConnections()
    }
    return recorder
  }

  async #handOn(request, response, behind) {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const options = { host: '127.0.0.1', port: behind, method: request.method, path: request.url, headers: request.headers }
    const further = send({ ...options, agent: false }, (answer) => {
      this.#write(request, body, answer)
      if (this.expiresIn !== undefined && /(?:^|&)grant_type=/.test(body)) return this.#shorten(answer, response)
      response.writeHead(answer.statusCode, answer.rawHeaders)
      answer.pipe(response)
    })
    further.on('error', () => response.destroy())
    further.end(body)
  }

  /** Hands on the answer of the token endpoint, whose tokens seem to be about to expire, so that the app refreshes them. */
  async #shorten(answer, response) {
    const chunks = []
    for await (const chunk of answer) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString().replace(/"expires_in":\d+/, `"expires_in":${this.expiresIn}`)
    const { 'content-length': _, 'transfer-encoding': __, ...headers } = answer.headers
    response.writeHead(answer.statusCode, headers).end(text)
  }

  #write(request, body, answer) {
    const url = new URL(request.url, 'http://haechi')
    const form = /urlencoded/.test(request.headers['content-type'] ?? '') ? new URLSearchParams(body.toString()) : new URLSearchParams()
    this.requests.push({
      method: request.method,
      path: url.pathname,
      params: Object.fromEntries([...url.searchParams, ...form]),
      authorization: request.headers.authorization?.split(' ')[0].toLowerCase(),
      status: answer.statusCode,
      location: answer.headers.location,
    })
  }

  /** How often a grant was used with success. */
  granted(type) {
    return this.requests.filter(({ params, status }) => params.grant_type === type && status === 200).length
  }

  /** How often the app opened the way out. */
  signedOut(path) {
    return this.requests.filter((request) => request.path === path && request.params.csrf === undefined).length
  }

  /** What the app was seen doing. */
  seen(metadata) {
    const at = (name) => new URL(metadata[name] ?? 'http://haechi/none').pathname
    const of = (name) => this.requests.filter(({ path }) => path === at(name))
    const asked = [...of('authorization_endpoint'), ...of('pushed_authorization_request_endpoint')].filter(({ params }) => params.client_id)
    const every = (name) => asked.length > 0 && asked.every(({ params }) => name in params || 'request_uri' in params)
    const tokens = of('token_endpoint').filter(({ status }) => status === 200)
    const grants = [...new Set(tokens.map(({ params }) => params.grant_type))]
    return {
      pkce: every('code_challenge'),
      nonce: every('nonce'),
      authentication: [...new Set(tokens.map(authentication))].sort().join(', '),
      refresh: grants.includes('refresh_token'),
      userinfo: of('userinfo_endpoint').some(({ status }) => status === 200),
      revocation: of('revocation_endpoint').some(({ status }) => status === 200),
      end_session: of('end_session_endpoint').some(({ params }) => !params.csrf),
    }
  }

  /** The last things that happened, for whoever looks for what went wrong. Secrets stay out. */
  last(count) {
    const told = ({ method, path, params, status, location }) => {
      const shown = Object.entries(params).map(([name, value]) => (/secret|password|token|csrf|assertion|^code$|verifier/.test(name) ? name : `${name}=${value}`))
      return `${method} ${path} [${shown.join(' ')}] ${status} ${(location ?? "").replace(/([?&]code=)[^&]*/, "$1…")}`
    }
    return this.requests.slice(-count).map(told).join('\n')
  }
}

function authentication({ authorization, params }) {
  if (authorization === 'basic') return 'client_secret_basic'
  if (params.client_assertion) return 'private_key_jwt'
  return params.client_secret ? 'client_secret_post' : 'none'
}

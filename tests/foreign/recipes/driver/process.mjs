// Processes that end with the one that started them, however it dies, and with everything that they started themselves.

import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Runs a program in a session of its own until its input ends, which is when the driver does. */
const KEEPER = `
trap : INT TERM HUP
exec 3<&0
setsid "$@" </dev/null 3<&- &
program=$!
cat <&3 >/dev/null &
wait -n
kill -TERM -- -$program 2>/dev/null
kill $! 2>/dev/null
for i in $(seq 50); do kill -0 -- -$program 2>/dev/null || exit; sleep 0.1; done
kill -KILL -- -$program 2>/dev/null
`

export class Program {
  #child
  #printed = ''

  constructor([program, ...args], { cwd, env }) {
    this.name = [program, ...args].join(' ')
    this.#child = spawn('bash', ['-c', KEEPER, 'keeper', program, ...args], {
      cwd,
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream.on('data', (bytes) => (this.#printed += bytes))
  }

  get printed() {
    return this.#printed
  }

  get ended() {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  async stop() {
    if (this.ended) return
    const exit = new Promise((done) => this.#child.once('exit', done))
    this.#child.stdin.end()
    await exit
    // What a program left behind may hold its output open.
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream.destroy()
  }

  /** Waits until `there` says so. */
  async until(there, patience = 240_000) {
    for (let waited = 0; waited < patience; waited += 100) {
      const found = await there()
      if (found) return found
      if (this.ended) throw new Error(`${this.name} ended:\n${this.#printed}`)
      await sleep(100)
    }
    throw new Error(`${this.name} is not as it should be:\n${this.#printed}`)
  }

  /** Waits until it answers there, with a page or a redirect. */
  async answers(url) {
    await this.until(() => fetch(url, { redirect: 'manual' }).then(({ status }) => status < 400, () => false))
  }
}

/** Runs a program to its end; answers what it printed to standard output. */
export async function run([program, ...args], { cwd, env, input }) {
  const child = spawn(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.on('data', (bytes) => (out += bytes))
  child.stderr.on('data', (bytes) => (err += bytes))
  child.stdin.on('error', () => {})
  child.stdin.end(input ?? '')
  const code = await new Promise((done, failed) => child.once('close', done).once('error', failed))
  if (code !== 0) throw new Error(`${[program, ...args].join(' ')} ended with ${code}:\n${out}${err}`)
  return out
}

export function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })
}

// A fresh Haechi of the binary that HAECHI_BINARY names, with one person and a recorder before it.

import { join, resolve } from 'node:path'

import { Program, freePort, run } from './process.mjs'
import { Recorder } from './recorder.mjs'

export const person = { email: 'minji@example.com', name: 'Minji Kim', password: 'tall bridge over quiet water' }

export class Haechi {
  static async start(folder) {
    if (!process.env.HAECHI_BINARY) throw new Error('HAECHI_BINARY names the haechi binary to test')
    const [port, behind] = [await freePort(), await freePort()]
    const haechi = new Haechi()
    haechi.issuer = `http://127.0.0.1:${port}`
    haechi.folder = folder
    haechi.env = {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HAECHI_'))),
      HAECHI_SERVER__LISTEN: `127.0.0.1:${behind}`,
      HAECHI_SERVER__ISSUER: haechi.issuer,
      HAECHI_DATABASE__URL: `sqlite:${join(folder, 'haechi.db')}`,
      HAECHI_KEYS__FOLDER: join(folder, 'keys'),
    }
    haechi.recorder = await Recorder.start(port, behind)
    haechi.program = new Program([binary(), 'serve'], { cwd: folder, env: haechi.env })
    // RSA keys are made last, in the background.
    const keys = () => fetch(`${haechi.issuer}/jwks`).then((answer) => answer.text(), () => '')
    await haechi.program.until(async () => (await keys()).includes('"RS256"'))
    haechi.metadata = await (await fetch(`${haechi.issuer}/.well-known/openid-configuration`)).json()
    await haechi.command(['users', 'create', '--verified', '--name', person.name, person.email], person.password)
    haechi.recorder.requests = []
    return haechi
  }

  /** Runs a subcommand. */
  command(args, input) {
    return run([binary(), ...args], { cwd: this.folder, env: this.env, input })
  }

  async stop() {
    await this.program?.stop()
    this.recorder?.stop()
  }
}

function binary() {
  return resolve(process.env.HAECHI_BINARY)
}

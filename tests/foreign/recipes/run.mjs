// Runs a recipe: a fresh Haechi, the app with the configuration that `haechi clients create --for` printed and nothing else, and a person who
// signs in, uses it and signs out. `node run.mjs express-openid-connect`; HAECHI_BINARY names the binary.
//
// Prints as JSON what the app was seen doing; `--install` installs what the recipe needs instead.

import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Api } from './driver/api.mjs'
import { Chromium } from './driver/chromium.mjs'
import { Haechi } from './driver/haechi.mjs'
import { PlainBrowser } from './driver/plain.mjs'
import { freePort } from './driver/process.mjs'
import { Run } from './driver/runs.mjs'
import { Walk } from './driver/walk.mjs'

const [name, folder, ...options] = process.argv.slice(2)
const run = new Run(folder)

if (options.includes('--install')) {
  await run.install()
} else if (run.missing) {
  console.error(`missing: ${run.missing}`)
  process.exitCode = 77
} else {
  await walk()
}

async function walk() {
  const home = await mkdtemp(join(tmpdir(), 'haechi-recipe-'))
  const parts = {}
  try {
    console.log(JSON.stringify(await inFolder(home, parts)))
  } catch (error) {
    process.exitCode = 1
    console.error(`${name}, ${parts.walk?.at ?? 'at its start'}: ${error.stack}`)
    console.error(`\n== what was asked of Haechi\n${parts.haechi?.recorder?.last(30)}`)
    console.error(`\n== Haechi\n${parts.haechi?.program?.printed.slice(-4000)}\n\n== the app\n${parts.app?.printed.slice(-6000)}`)
  } finally {
    await parts.browser?.close()
    await parts.app?.stop()
    parts.api?.stop()
    await parts.haechi?.stop()
    await rm(home, { recursive: true, force: true })
  }
}

async function inFolder(home, parts) {
  const [server, cwd, port] = [join(home, 'haechi'), join(home, 'app'), await freePort()]
  await mkdir(server)
  parts.haechi = await Haechi.start(server)
  parts.haechi.recorder.expiresIn = run.plan.expires_in
  await run.place(cwd)
  const url = run.plan.url ?? `http://localhost:${port}${run.plan.path ?? ''}`
  if (run.plan.api) parts.api = await Api.start(parts.haechi.metadata)
  const calls = parts.api ? ['--resource', parts.api.resource] : []
  const created = await parts.haechi.command(['clients', 'create', '--for', name, '--url', url, ...calls, '--write', cwd, '--force', '--json'])
  parts.client = JSON.parse(created).client_id
  run.api = parts.api?.url
  parts.app = run.start(cwd, port)
  if (run.plan.ready) await parts.app.answers(url + run.plan.ready)
  parts.browser = run.plan.browser === 'chromium' ? await Chromium.start() : new PlainBrowser()
  parts.walk = new Walk({ ...parts, run, url, cwd, port })
  await parts.walk.whole()
  return { ...parts.haechi.recorder.seen(parts.haechi.metadata), api: Boolean(parts.api) }
}

// Installs what the run folders need, into them and into target/recipes. `--quick` leaves out the slow ones, as `run.json` calls them;
// `--debian` prints the Debian packages that are needed instead. Names of folders limit it to those.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { Run, root } from './driver/runs.mjs'

const options = process.argv.slice(2)
const named = options.filter((option) => !option.startsWith('--'))

const folders = ['examples', 'tests/foreign/recipes'].flatMap((parent) =>
  readdirSync(join(root, parent)).map((name) => join(parent, name)).filter((folder) => existsSync(join(root, folder, 'run.json'))),
)
const runs = folders
  .filter((folder) => named.length === 0 || named.includes(folder))
  .map((folder) => new Run(folder))
  .filter(({ plan }) => !(plan.slow && options.includes('--quick')))

if (options.includes('--debian')) {
  console.log([...new Set(runs.flatMap(({ plan }) => plan.debian ?? []))].sort().join(' '))
} else {
  for (const run of runs) {
    console.log(run.folder.slice(root.length))
    await run.install()
  }
}

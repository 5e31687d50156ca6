// Runs every recipe of the catalogue, or those that are named, and writes what came of it to results.json, from which docs/compatibility.md
// is made. HAECHI_BINARY names the binary.

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = (file) => fileURLToPath(new URL(file, import.meta.url))
const results = existsSync(here('results.json')) ? JSON.parse(readFileSync(here('results.json'), 'utf8')) : {}
const named = process.argv.slice(2)

const { stdout } = spawnSync(process.env.HAECHI_BINARY, ['recipes', 'list', '--json'], { encoding: 'utf8' })
const executed = JSON.parse(stdout).filter(({ runs }) => runs)
const wanted = executed.filter(({ name }) => named.length === 0 || named.includes(name))

let failed = 0
for (const { name, runs, tried_with } of wanted) {
  const began = Date.now()
  const run = spawnSync('node', [here('run.mjs'), name, runs], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const passed = run.status === 0
  console.log(`${passed ? 'passed' : 'FAILED'}  ${name}  ${Math.round((Date.now() - began) / 1000)} s`)
  if (!passed) console.error(run.stderr)
  results[name] = { tried_with, passed, ...(passed && { seen: JSON.parse(run.stdout) }) }
  failed += passed ? 0 : 1
}
const known = new Set(executed.map(({ name }) => name))
const kept = Object.entries(results).filter(([name]) => known.has(name)).sort(([one], [other]) => (one < other ? -1 : 1))
writeFileSync(here('results.json'), `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`)
process.exitCode = failed ? 1 : 0

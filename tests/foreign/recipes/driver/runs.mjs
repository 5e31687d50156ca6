// The folders that recipes are run from: what they need, how it is installed, and how the app is started.
//
// `run.json` in each says it: see README.md beside this folder.

import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { Program, run } from './process.mjs'

export const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** What is made or installed in a run folder, and is not copied. */
const MADE = ['node_modules', '__pycache__', 'target', '.venv', '.next', '.env']

export class Run {
  constructor(folder) {
    this.folder = join(root, folder)
    /** Where what is installed or built goes. */
    this.build = join(root, 'target/recipes', folder.replaceAll('/', '-'))
    this.plan = JSON.parse(readFileSync(join(this.folder, 'run.json'), 'utf8'))
    /** The virtual environment: one for all whose versions go together. */
    this.python = join(root, 'target/recipes', this.plan.venv ?? 'python')
  }

  /** What is missing for it to run: nothing where it is undefined. */
  get missing() {
    const programs = (this.plan.needs ?? []).filter((program) => !onPath(program))
    if (programs.length) return programs.join(', ')
    const installed = ['package.json', 'requirements.txt'].every((file) => !existsSync(join(this.folder, file)) || existsSync(this.#made(file)))
    return installed && (!this.plan.install || existsSync(this.build)) ? undefined : `what scripts/foreign installs for ${this.folder}`
  }

  #made(file) {
    return file === 'package.json' ? join(this.folder, 'node_modules') : join(this.python, 'bin/python')
  }

  /** Installs what it needs: its npm and PyPI packages, then what `install` says. */
  async install() {
    const env = this.environment()
    if (existsSync(join(this.folder, 'package.json'))) {
      await run(['npm', 'ci', '--no-audit', '--no-fund', '--silent'], { cwd: this.folder, env: process.env })
    }
    if (existsSync(join(this.folder, 'requirements.txt'))) {
      if (!existsSync(this.#made('requirements.txt'))) await run(['python3', '-m', 'venv', this.python], { env: process.env })
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', 'requirements.txt']
      await run([this.#made('requirements.txt'), ...pip], { cwd: this.folder, env })
    }
    for (const argv of commands(this.plan.install)) {
      await mkdir(this.build, { recursive: true })
      await run(this.#filled(argv), { cwd: this.folder, env })
    }
  }

  /** A copy of the folder for one run: its configuration is written there. */
  async place(into) {
    const wanted = (source) => !MADE.includes(basename(source)) || source === this.folder
    await cp(this.folder, into, { recursive: true, filter: wanted })
    const packages = join(this.folder, 'node_modules')
    if (existsSync(packages)) await symlink(packages, join(into, 'node_modules'))
    this.place = into
  }

  /** Starts the app, which listens on PORT, or where the configuration that it was given says. */
  start(cwd, port) {
    const told = this.plan.listens === 'configured' ? undefined : port
    return new Program(this.#filled(this.plan.start), { cwd, env: this.environment(told) })
  }

  /** Runs a command of the app to its end. */
  run(argv, cwd, port) {
    return run(this.#filled(argv), { cwd, env: this.environment(port) })
  }

  environment(port) {
    const inherited = Object.entries(process.env).filter(([name]) => !/^HAECHI_|_proxy$/i.test(name))
    return {
      ...Object.fromEntries(inherited),
      PATH: [join(this.python, 'bin'), join(this.build, 'bin'), join(this.folder, 'node_modules/.bin'), process.env.PATH].join(':'),
      PYTHONUNBUFFERED: '1',
      RECIPE_BUILD: this.build,
      // Haechi is on this machine, whatever the way to the rest of the world.
      NO_PROXY: '*',
      no_proxy: '*',
      ...(port && { PORT: String(port) }),
      ...(this.api && { API: this.api }),
    }
  }

  /** `{build}` is where what is built goes, `{folder}` the run folder itself. */
  #filled(argv) {
    return argv.map((word) => word.replaceAll('{build}', this.build).replaceAll('{folder}', this.folder))
  }
}

/** One command, or several. */
function commands(install = []) {
  return Array.isArray(install[0]) || install.length === 0 ? install : [install]
}

function onPath(program) {
  return [...process.env.PATH.split(':'), '/usr/sbin'].some((folder) => existsSync(join(folder, program)))
}

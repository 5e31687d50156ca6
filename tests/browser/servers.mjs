// Starts a fresh Haechi and its demo shop on loopback ports, free ones unless told otherwise, in a folder of their own; and somebody
// else's OpenID provider for it to lean on.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

if (!process.env.HAECHI_BINARY) throw new Error('HAECHI_BINARY names the haechi binary to test');
const binary = resolve(process.env.HAECHI_BINARY);

/** `filled` are commands, each with what it reads, that run before anybody is served: on a database that a server made, and that none uses. */
export async function start(wishedShopPort, further = {}, filled = []) {
  const folder = await mkdtemp(join(tmpdir(), 'haechi-browser-'));
  const [port, shopPort] = [await freePort(), wishedShopPort ?? await freePort()];
  const issuer = `http://localhost:${port}`;
  const shop = `http://localhost:${shopPort}`;
  const environment = {
    ...process.env,
    HAECHI_SERVER__LISTEN: `127.0.0.1:${port}`,
    HAECHI_SERVER__ISSUER: issuer,
    HAECHI_DATABASE__URL: `sqlite:${folder}/haechi.db`,
    HAECHI_KEYS__FOLDER: `${folder}/keys`,
    HAECHI_MAIL__FOLDER: `${folder}/mails`,
    ...further,
  };
  const command = (args, input) => finished(spawn(binary, args, { env: environment, cwd: folder }), input);
  const serve = async () => {
    const server = run(binary, ['serve'], environment, folder);
    await answers(`${issuer}/readyz`, server);
    return server;
  };
  if (filled.length) await ended((await serve()).child);
  for (const [args, input] of filled) await command(args, input);
  const server = await serve();
  const demo = run(binary, ['demo', '--port', String(shopPort)], environment, folder);
  await answers(`${shop}/`, demo);

  const stop = async () => {
    for (const { child } of [demo, server]) await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  return { issuer, shop, folder, stop, command, claimLink: () => server.output().match(/http\S+\/claim\?token=\S+/)?.[0] };
}

/** npm's oidc-provider, which knows the app that `credentials` are of and sends people back to `redirectUris`. */
export async function startProvider(credentials, redirectUris) {
  const folder = fileURLToPath(new URL('../foreign/node/', import.meta.url));
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const environment = {
    ...process.env, ISSUER: issuer, PORT: String(port), CLIENT_ID: credentials.id, CLIENT_SECRET: credentials.secret,
    REDIRECT_URI: redirectUris.join(' '),
  };
  const provider = run(process.execPath, ['provider.mjs'], environment, folder);
  await answers(`${issuer}/.well-known/openid-configuration`, provider);
  return { issuer, stop: () => ended(provider.child) };
}

async function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await Promise.race([exit, sleep(5000, undefined, { ref: false })]);
}

function run(program, args, env, cwd) {
  const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => { output += bytes; });
  return { child, output: () => output };
}

async function finished(child, input) {
  let output = '';
  child.stdout.on('data', (bytes) => { output += bytes; });
  child.stderr.on('data', (bytes) => { output += bytes; });
  child.stdin.end(input ?? '');
  const code = await new Promise((done) => child.once('exit', done));
  if (code !== 0) throw new Error(`haechi answered ${code}: ${output}`);
  return output;
}

async function answers(url, { child, output }) {
  for (let waited = 0; waited < 30_000; waited += 50) {
    if (child.exitCode !== null) throw new Error(`it stopped with ${child.exitCode}:\n${output()}`);
    const status = await fetch(url).then((response) => response.status, () => 0);
    if (status && status < 500) return;
    await sleep(50);
  }
  throw new Error(`${url} does not answer:\n${output()}`);
}

function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

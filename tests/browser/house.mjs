// What every walk begins with: the browser, whose screens and languages there are, and a house (a server, its shop and somebody else's provider)
// that a file of walks shares from its first test to its last.
import assert from 'node:assert/strict';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { start, startProvider } from './servers.mjs';

export const password = 'seven quiet herons at dawn';
export const languages = { en: 'en-US', ko: 'ko-KR' };
export const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, colorScheme: 'dark' };
export const desk = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' };

/** The console is walked through in many browsers: only the pages of second factors ask for one. */
export const manyBrowsers = { HAECHI_ACCOUNTS__ADMINISTRATORS_SECOND_FACTOR: 'offered' };

/** What a server needs to lean on a provider that is on this machine and without TLS, and to let as many people sign up as there are tests. */
const leaning = {
  HAECHI_NETWORK__OUTGOING_HTTP: 'true', HAECHI_NETWORK__OUTGOING_ALLOWED: '["127.0.0.1/32", "::1/128"]',
  HAECHI_THROTTLING__SIGN_UPS_PER_ADDRESS: '1000', HAECHI_THROTTLING__MAILS_PER_ADDRESS: '1000',
  ...manyBrowsers,
};

/** The app that a house is at its provider. */
export const credentials = { id: 'haechi', secret: 'a-secret-of-the-browser-tests' };

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** A house with its browser; with a provider that knows the connections of these slugs, where some are named. */
export const open = (...slugs) => openWith({}, ...slugs);

/** The same with further settings of the server, and on a database that was filled before, as `start` says. */
export async function openWith({ settings = {}, filled }, ...slugs) {
  const further = { ...(slugs.length ? leaning : {}), ...settings };
  const [servers, browser] = await Promise.all([start(undefined, further, filled), launch()]);
  const callback = (slug) => `${servers.issuer}/upstream/${slug}/callback`;
  const provider = slugs.length ? await startProvider(credentials, slugs.map(callback)) : undefined;
  const close = async () => {
    await browser.close();
    await Promise.all([provider?.stop(), servers.stop()]);
  };
  return { servers, provider, browser, callback, close };
}

/** A house for the tests of a file: it is there once the first of them begins. */
export const house = (...slugs) => houseWith({}, ...slugs);

/** The same with what `openWith` takes, and what is done in it before anything else. */
export function houseWith({ begin, ...options }, ...slugs) {
  const opened = {};
  before(async () => {
    Object.assign(opened, await openWith(options, ...slugs));
    await begin?.(opened);
  });
  after(() => opened.close?.());
  return opened;
}

/**
 * Walks in a browser of its own, which has nothing to complain about on our pages. A walk that fails leaves a picture of where it stood, in the
 * folder HAECHI_PICTURES.
 */
export async function walk({ browser, provider }, name, options, steps) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  // Nobody here needs what the provider's pages would fetch from elsewhere.
  await context.route((url) => url.hostname !== 'localhost', (route) => route.abort());
  const complaints = [];
  context.on('page', (page) => {
    page.setDefaultTimeout(20_000);
    const ours = () => !provider || !page.url().startsWith(provider.issuer);
    page.on('pageerror', (error) => ours() && complaints.push(String(error)));
    page.on('console', (message) => {
      if (ours() && message.type() === 'error' && /Content Security Policy|Refused/.test(message.text())) complaints.push(message.text());
    });
  });
  const page = await context.newPage();
  try {
    await steps(page, context);
    assert.deepEqual(complaints, [], 'the browser complained');
  } catch (error) {
    await picture(page, name).catch(() => {});
    throw error;
  } finally {
    await context.close();
  }
}

/** A picture of a page, in the folder HAECHI_PICTURES where there is one. */
export async function picture(page, name) {
  const folder = process.env.HAECHI_PICTURES;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name.replace(/[^\w-]+/g, '-')}.png`, fullPage: true });
}

/** At the provider, to whom they are new: who somebody is, and that they agree. */
export async function sayWho(page, login) {
  await sayOnceMore(page, login);
  await page.click('button[type=submit]:has-text("Continue")');
}

/** At the provider, which knows them and asks them to sign in once more. */
export async function sayOnceMore(page, login) {
  await page.fill('input[name=login]', login);
  await page.fill('input[name=password]', 'any');
  await page.click('button[type=submit]');
}

/** Waits for what a login leads to. On the way a browser that can make a passkey is offered one, once: not now. */
export async function pastOffer(page, next) {
  await page.waitForSelector(`${next}, #passkey-offer`);
  if (await page.locator('#passkey-offer').count() === 0) return;
  await page.click('#not-now');
  await page.waitForSelector(next);
}

/** The text of a mail, as a person reads it. */
function textOf(mail) {
  const [, part] = mail.split('Content-Type: text/plain');
  const [head, ...rest] = part.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n').split(/\r\n--\S{8}/)[0];
  if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString();
  return body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

/** The link to a page of ours in the newest mail to an address. */
export async function mailed(servers, email, path) {
  const folder = join(servers.folder, 'mails');
  for (let waited = 0; waited < 15_000; waited += 100) {
    const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml')).sort().reverse();
    for (const file of files) {
      const mail = await readFile(join(folder, file), 'utf8');
      const link = mail.includes(`To: ${email}\r\n`) && textOf(mail).match(new RegExp(`http\\S+${path}\\?\\S+`))?.[0];
      if (link) return link;
    }
    await sleep(100);
  }
  throw new Error(`no mail to ${email} leads to ${path}`);
}

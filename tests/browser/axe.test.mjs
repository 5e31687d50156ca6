// Every page, in both languages, by day and by night, on a narrow phone and on a desk, as axe reads it: the rules of the Web Content
// Accessibility Guidelines 2.2, levels A and AA, and no sideways scrolling. What is typed outlives a switch of the language.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { start } from './servers.mjs';

const axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const password = 'seven quiet herons at dawn';
const person = 'minji@example.com';
const administrator = 'ada@example.com';
const challenge = createHash('sha256').update(randomBytes(32)).digest('base64url');

let servers;
let browser;

before(async () => {
  servers = await start();
  for (const [email, ...more] of [[person], [administrator, '--administrator']]) {
    await servers.command(['users', 'create', '--verified', '--name', 'Kim Minji', ...more, email], `${password}\n`);
  }
  await servers.command(['clients', 'create', '--kind', 'browser', '--client-id', 'axe', '--name', 'Reader',
    '--redirect-uri', 'http://localhost:9/callback', '--scope', 'openid profile email offline_access orders:read']);
  for (const preset of ['kakao', 'naver', 'google', 'github', 'oidc']) {
    const issuer = preset === 'oidc' ? ['--set', 'issuer=https://idp.example'] : [];
    await servers.command(['connections', 'create', '--preset', preset, '--client-id', 'app', ...issuer], 'a-secret\n');
    if (preset !== 'oidc') await servers.command(['connections', 'enable', preset]);
  }
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
});

after(async () => {
  await browser?.close();
  await servers?.stop();
});

function authorize(further) {
  const query = new URLSearchParams({
    client_id: 'axe', redirect_uri: 'http://localhost:9/callback', response_type: 'code', scope: 'openid profile email offline_access orders:read',
    code_challenge: challenge, code_challenge_method: 'S256', state: 'x', nonce: 'x', ...further });
  return `${servers.issuer}/authorize?${query}`;
}

for (const locale of ['en-US', 'ko-KR']) {
  for (const colorScheme of ['light', 'dark']) {
    for (const [width, height] of [[360, 740], [1280, 900]]) {
      test(`every page: ${locale}, ${colorScheme}, ${width} px`, { timeout: 300_000 }, async () => {
        const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale, reducedMotion: 'reduce' });
        const page = await context.newPage();
        page.setDefaultTimeout(20_000);
        await withoutAccount(page);
        await ofAPerson(page);
        await context.clearCookies();
        await ofAnAdministrator(page);
        await context.close();
      });
    }
  }
}

async function withoutAccount(page) {
  await opened(page, '/login', '#login');
  await signIn(page, 'nobody@example.com');
  await read(page, 'a wrong login', '#problem');
  await opened(page, '/signup', '#signup');
  await page.$eval('#signup', (form) => { form.noValidate = true; });
  await page.fill('#email', 'nowhere');
  await page.click('#submit');
  await read(page, 'a wrong sign-up', '#email-problem');
  await opened(page, '/signed-out', '#signed-out');
  await opened(page, '/nowhere', '#error');
  await opened(page, '/authorize?client_id=nobody', '#error');
  await opened(page, '/claim?token=x', '#claim, #claim-spent, #claimed');
}

async function ofAPerson(page) {
  await page.goto(authorize({ prompt: 'login' }));
  await read(page, 'a login for an app', '#login');
  await signIn(page, person);
  await read(page, 'consent', '#allow:not([aria-disabled])');
  await page.goto(authorize({ prompt: 'select_account' }));
  await read(page, 'a choice of accounts', '#accounts');
  await page.goto(authorize({ prompt: 'login' }));
  await read(page, 'a login asked for again', '#login');
  await opened(page, '/account', '#account-heading');
  await opened(page, '/signed-out', '#still-signed-in');
  await opened(page, '/admin/connections', '#error');
  await opened(page, '/logout', '#logout');
  await page.goto(servers.shop);
  await read(page, 'the shop', '.shelf');
  await page.click('#sign-in');
  await page.waitForSelector('#allow:not([aria-disabled]), #id-token');
  if (await page.$('#allow')) await page.click('#allow');
  await read(page, 'the tokens of the shop', '#id-token');
  await page.goto(`${servers.shop}/buy/moonjar`);
  await read(page, 'an order', '#ordered');
}

async function ofAnAdministrator(page) {
  await page.goto(`${servers.issuer}/login`);
  await signIn(page, administrator);
  await page.waitForSelector('#account-heading');
  await opened(page, '/admin/connections', '#connections');
  await opened(page, '/admin/presets', '#presets');
  await opened(page, '/admin/presets/gitlab', '#create');
  await page.$eval('#create', (form) => { form.noValidate = true; });
  await page.fill('#slug', 'No Slug');
  await page.click('#submit');
  await read(page, 'a wrong connection', '#slug-problem');
  await opened(page, '/admin/connections/kakao', '#connection');
  for (const fold of await page.$$('details.fold > summary')) await fold.click();
  await read(page, 'all of a connection', '#connection');
  await opened(page, '/admin/connections/kakao/secret', '#rotate');
  await opened(page, '/admin/connections/kakao/delete', '#delete');
}

async function signIn(page, email) {
  await page.fill('#email', email);
  await page.fill('#password', password);
  await page.click('#submit');
}

async function opened(page, path, selector) {
  await page.goto(`${servers.issuer}${path}`);
  await read(page, path, selector);
}

async function read(page, name, selector) {
  await page.waitForSelector(selector);
  await page.evaluate(axe);
  const found = await page.evaluate((values) => globalThis.axe.run(document, { runOnly: { type: 'tag', values } }), rules);
  const said = found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`));
  assert.deepEqual(said, [], name);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(sideways <= 1, `${name} scrolls sideways by ${sideways}`);
}

test('switching the language keeps what was typed, but for passwords', async () => {
  const context = await browser.newContext({ locale: 'en-US' });
  const page = await context.newPage();
  await page.goto(`${servers.issuer}/signup`);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'name');
  for (const [field, value] of [['name', 'Kim'], ['email', 'kim@example.com'], ['password', password]]) await page.fill(`#${field}`, value);
  await page.click('[data-reveal] button');
  await page.click('#lang-ko');
  await page.waitForSelector('html[lang=ko] #signup');
  const typed = await page.$$eval('#name, #email, #password', (fields) => fields.map((field) => field.value));
  assert.deepEqual(typed, ['Kim', 'kim@example.com', '']);
  // Once: a page that is opened later begins empty.
  await page.goto(`${servers.issuer}/signup`);
  assert.equal(await page.inputValue('#name'), '');
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await context.close();
});

test('buttons beside each other do not break their words, and the footer stands under the brand', async () => {
  for (const locale of ['en-US', 'ko-KR']) {
    for (const width of [320, 390, 1280]) {
      const context = await browser.newContext({ viewport: { width, height: 800 }, locale });
      const page = await context.newPage();
      await page.goto(`${servers.issuer}/login`);
      await signIn(page, person);
      await page.waitForSelector('#account-heading');
      await page.goto(`${servers.issuer}/logout`);
      const tall = await page.$$eval('.actions > *', (buttons) => buttons.map((button) => button.getBoundingClientRect().height));
      assert.ok(tall.every((height) => height < 60), `${locale}, ${width}: ${tall}`);
      const edges = await page.evaluate(() => {
        const text = document.createRange();
        text.selectNodeContents(document.querySelector('.languages button'));
        return [document.querySelector('.brand img').getBoundingClientRect().left, text.getBoundingClientRect().left];
      });
      assert.ok(Math.abs(edges[0] - edges[1]) < 1, `${locale}, ${width}: ${edges}`);
      await context.close();
    }
  }
});

// An administrator connects somebody else's OpenID provider (npm's oidc-provider) in the console, and people come through it: a new one,
// one who has an account already, one whose provider names no address, one who changes their mind. Every page leaves a picture.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { start, startProvider } from './servers.mjs';

const pictures = process.env.HAECHI_PICTURES ?? 'target/artifacts/screenshots';
const password = 'seven quiet herons at dawn';
const credentials = { id: 'haechi', secret: 'a-secret-of-the-browser-tests' };
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, colorScheme: 'dark' };
const desk = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' };
const languages = { en: 'en-US', ko: 'ko-KR' };

let servers;
let provider;
let browser;

before(async () => {
  await mkdir(pictures, { recursive: true });
  // The provider is on this machine, and without TLS.
  servers = await start(undefined, {
    HAECHI_NETWORK__OUTGOING_HTTP: 'true', HAECHI_NETWORK__OUTGOING_ALLOWED: '["127.0.0.1/32", "::1/128"]',
    HAECHI_THROTTLING__SIGN_UPS_PER_ADDRESS: '1000',
  });
  provider = await startProvider(credentials, [callback('work'), callback('nameless')]);
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
});

after(async () => {
  await browser?.close();
  await provider?.stop();
  await servers?.stop();
});

const callback = (slug) => `${servers.issuer}/upstream/${slug}/callback`;

/** A browser of its own, with the complaints that it makes. */
async function visit(name, locale, screen, javaScriptEnabled = true) {
  const context = await browser.newContext({ ...screen, javaScriptEnabled, locale: languages[locale], reducedMotion: 'reduce' });
  // Nobody here needs what the provider's pages would fetch from elsewhere.
  await context.route((url) => url.hostname !== 'localhost', (route) => route.abort());
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints = [];
  page.on('pageerror', (error) => ours(page) && complaints.push(String(error)));
  page.on('console', (message) => {
    if (ours(page) && message.type() === 'error' && /Content Security Policy|Refused/.test(message.text())) complaints.push(message.text());
  });
  let number = 0;
  const picture = async (what) => {
    await page.waitForLoadState();
    assert.equal(await page.getAttribute('html', 'lang'), locale);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1);
    assert.equal(sideways, false, `${what} scrolls sideways`);
    number += 1;
    await page.screenshot({ path: `${pictures}/upstream-${name}-${String(number).padStart(2, '0')}-${what}.png`, fullPage: true });
  };
  const done = async () => {
    assert.deepEqual(complaints, [], 'the browser complained');
    await context.close();
  };
  return { context, page, picture, done };
}

const ours = (page) => page.url().startsWith(servers.issuer);

/** At the provider, to whom they are new: who somebody is, and that they agree. */
async function sayWho(page, login) {
  await page.fill('input[name=login]', login);
  await page.fill('input[name=password]', 'any');
  await page.click('button[type=submit]');
  await page.click('button[type=submit]:has-text("Continue")');
}

/** At the provider, which knows them and asks them to sign in once more. */
async function sayOnceMore(page, login) {
  await page.fill('input[name=login]', login);
  await page.fill('input[name=password]', 'any');
  await page.click('button[type=submit]');
}

test('an administrator connects a provider, tries it out and switches it on', { timeout: 90_000 }, async () => {
  const { page, picture, done } = await visit('console-en', 'en', desk);
  await page.goto(servers.claimLink());
  await page.fill('#name', 'Ada');
  await page.fill('#email', 'ada@example.com');
  await page.fill('#password', password);
  await page.click('#submit');
  await picture('home');
  await page.click('#to-connections');
  await picture('empty');
  await page.click('#add');
  await picture('presets');
  await page.click('#preset-oidc');
  await picture('create');
  await page.fill('#slug', 'work');
  await page.fill('#setting-issuer', provider.issuer);
  await page.fill('#client_id', credentials.id);
  await page.fill('#client_secret', 'not the secret');
  await page.fill('#label', 'Work');
  await page.click('#advanced summary');
  await page.check('#private_network');
  await page.click('#submit');
  await page.waitForSelector('#done');
  assert.equal(await page.innerText('#redirect-uri'), callback('work'), 'what is to be copied is what is used');
  await picture('created');

  await page.click('#test');
  await sayWho(page, 'ada');
  await page.waitForSelector('#failure');
  await picture('test-failed');
  await page.click('#back');
  await page.click('#to-secret');
  await picture('secret');
  await page.fill('#client_secret', credentials.secret);
  await page.click('#rotate button.button');
  await page.waitForSelector('#done');
  await page.click('#test');
  await page.waitForSelector('#outcome');
  const seen = await page.innerText('body');
  for (const claim of ['Kim Minji', 'ada@corp.example', 'ada']) assert.ok(seen.includes(claim), `${claim} is shown`);
  await picture('tested');
  await page.click('#state button');
  await page.waitForSelector('#done');
  await picture('on');
  await page.goto(`${servers.issuer}/account`);
  assert.equal(await page.innerText('#account-heading'), 'Ada', 'a test signs nobody in');
  assert.equal(await page.locator('#links form').count(), 0, 'and links nothing');

  await page.goto(`${servers.issuer}/admin/connections/work/delete`);
  await picture('delete');
  await page.goto(`${servers.issuer}/account`);
  await page.click('#lang-ko');
  await page.waitForSelector('html[lang=ko]');
  await done();
});

test('the console in Korean, on a phone, without JavaScript', { timeout: 90_000 }, async () => {
  const { page, picture, done } = await visit('console-ko', 'ko', phone, false);
  await page.goto(`${servers.issuer}/login`);
  await page.fill('#email', 'ada@example.com');
  await page.fill('#password', password);
  await page.click('#submit');
  await page.click('#to-console');
  await picture('home');
  await page.click('#to-connections');
  await picture('list');
  await page.goto(`${servers.issuer}/admin/presets`);
  await picture('presets');
  await page.goto(`${servers.issuer}/admin/connections/work`);
  await picture('connection');
  await page.click('#test');
  await sayWho(page, 'ada');
  await page.waitForSelector('#outcome');
  await picture('tested');
  await done();
});

for (const [locale, size, javaScriptEnabled] of [['en', 'desk', true], ['ko', 'phone', false], ['ko', 'desk', true], ['en', 'phone', false]]) {
  const name = `${locale}-${size}`;
  const screen = size === 'phone' ? phone : desk;
  const how = `${name}, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`;

  test(`somebody signs up through it, comes back, and takes the link away: ${how}`, { timeout: 90_000 }, async () => {
    const { page, picture, done } = await visit(`new-${name}`, locale, screen, javaScriptEnabled);
    await page.goto(servers.shop);
    await page.click('#sign-in');
    await picture('chooser');
    await page.click('#upstream-work');
    await sayWho(page, `new-${name}`);
    await page.waitForSelector('#consent');
    await picture('consent');
    await page.click('#allow');
    await page.waitForSelector('#id-token');
    assert.ok((await page.innerText('body')).includes(`new-${name}@corp.example`), 'the shop knows who came');

    await page.goto(`${servers.issuer}/account`);
    await picture('account');
    assert.equal(await page.locator('#links form').count(), 0, 'the last way in cannot be removed');
    // Having come from there is no proof of who sits here now.
    await page.fill('#password', password);
    await page.click('#account-password .button');
    await page.waitForSelector('#step-up');
    await picture('step-up');
    await page.click('#upstream-work');
    await sayOnceMore(page, `new-${name}`);
    await page.waitForSelector('#confirmed');
    await picture('confirmed');
    await page.click('#go-on button');
    await page.waitForSelector('#saved');
    await page.click('#links form button');
    // They are signed in through what is taken away, so that sign-in ends with it: they are told before and after.
    await page.waitForSelector('#unlink-warning');
    await picture('unlink');
    await page.click('#confirm');
    await page.waitForSelector('#signed-out');
    await picture('unlinked');
    await page.click('#signed-out .button');
    await page.waitForSelector('#email');
    await page.fill('#email', `new-${name}@corp.example`);
    await page.fill('#password', password);
    await page.click('#submit');
    await page.waitForSelector('#account-password');
    await page.click('#upstream-work');
    await page.waitForSelector('#links form button');
    await picture('linked');

    // Signed out here, the provider still knows them: one press is enough.
    await page.click('#sign-out');
    await page.waitForSelector('#signed-out');
    await page.goto(`${servers.issuer}/login`);
    await page.click('#upstream-work');
    await page.waitForSelector('#links');
    // And it proves nothing: the password does.
    await page.click('#links form button');
    await page.click('#unlink-warning #confirm');
    await page.waitForSelector('#step-up');
    await picture('step-up-password');
    await page.fill('#current', 'not the password at all');
    await page.click('#submit');
    await page.waitForSelector('#current-problem');
    await picture('step-up-wrong');
    await page.goto(`${servers.issuer}/account`);
    await page.click('#sign-out');
    await page.waitForSelector('#signed-out');
    await picture('signed-out');
    await page.click('#signed-out .button');
    await page.waitForURL((url) => url.href.startsWith(`${provider.issuer}/session/end`));
    await done();
  });

  test(`who has an account already proves it first: ${how}`, { timeout: 90_000 }, async () => {
    await servers.command(['users', 'create', `old-${name}@corp.example`, '--name', '홍길동'], `${password}\n`);
    const { page, picture, done } = await visit(`old-${name}`, locale, screen, javaScriptEnabled);
    await page.goto(servers.shop);
    await page.click('#sign-in');
    await page.click('#upstream-work');
    await sayWho(page, `old-${name}`);
    await page.waitForSelector('#upstream-confirm');
    await picture('confirm');
    await page.fill('#password', 'not the password at all');
    await page.click('#submit');
    await page.waitForSelector('#problem');
    await picture('confirm-wrong');
    await page.fill('#password', password);
    await page.click('#submit');
    await page.waitForSelector('#allow:not([aria-disabled])');
    await page.click('#allow');
    await page.waitForSelector('#id-token');
    await page.goto(`${servers.issuer}/account`);
    assert.equal(await page.innerText('#account-heading'), locale === 'ko' ? '홍길동님' : '홍길동');
    assert.equal(await page.locator('#links form').count(), 1, 'it is linked');
    await done();
  });
}

test('a provider that names no address, and one who changes their mind', { timeout: 90_000 }, async () => {
  await servers.command([
    'connections', 'create', '--preset', 'oidc', '--slug', 'nameless', '--label', 'Nameless', '--set', `issuer=${provider.issuer}`,
    '--client-id', credentials.id, '--scope', 'openid profile', '--private-network', 'true',
  ], `${credentials.secret}\n`);
  await servers.command(['connections', 'enable', 'nameless']);
  for (const [locale, screen] of [['ko', phone], ['en', desk]]) {
    const { page, picture, done } = await visit(`nameless-${locale}`, locale, screen);
    await page.goto(servers.shop);
    await page.click('#sign-up');
    await page.click('#upstream-nameless');
    await sayWho(page, `nameless-${locale}`);
    await page.waitForSelector('#upstream-email');
    await picture('email');
    await page.fill('#email', `typed-${locale}@example.com`);
    await page.click('#submit');
    await page.waitForSelector('#consent');
    await page.goto(servers.shop);
    await page.click('#sign-in');
    await done();
  }
  const { page, picture, done } = await visit('refused', 'ko', phone);
  await page.goto(servers.shop);
  await page.click('#sign-in');
  await page.click('#upstream-work');
  await page.click('text=Cancel');
  await page.waitForSelector('#upstream-refused');
  await picture('refused');
  await done();
});

test('many providers, and one that is away', { timeout: 90_000 }, async () => {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const settings = { apple: ['--set', 'team_id=A1B2C3D4E5', '--set', 'key_id=F6G7H8J9K0'] };
  for (const preset of ['kakao', 'naver', 'google', 'apple', 'github', 'line', 'facebook']) {
    const command = ['connections', 'create', '--preset', preset, '--client-id', 'example', ...(settings[preset] ?? [])];
    await servers.command(command, preset === 'apple' ? key : 'a-secret\n');
    await servers.command(['connections', 'enable', preset]);
  }
  const away = ['--label', 'Away', '--set', 'issuer=http://localhost:9', '--private-network', 'true', '--position', '-1'];
  await servers.command(['connections', 'create', '--preset', 'oidc', '--slug', 'away', '--client-id', 'example', ...away], 'a-secret\n');
  await servers.command(['connections', 'enable', 'away']);
  for (const locale of ['en', 'ko']) {
    for (const [size, screen] of [['phone', phone], ['desk', desk]]) {
      const { page, picture, done } = await visit(`many-${locale}-${size}`, locale, screen);
      await page.goto(servers.shop);
      await page.click('#sign-in');
      await picture('sign-in');
      await page.click('#upstream-more');
      await picture('sign-in-more');
      await page.goto(servers.shop);
      await page.click('#sign-up');
      await picture('sign-up');
      await page.click('#upstream-away');
      await page.waitForSelector('#upstream-outage');
      await picture('outage');
      await done();
    }
  }
});

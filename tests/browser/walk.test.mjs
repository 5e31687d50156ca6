// A person walks through the demo shop: sign up, agree, look at the tokens, refresh, sign out, sign in again.
// Each walk is made with and without JavaScript, in both languages, on a phone and on a desk. Every page leaves a picture.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { start } from './servers.mjs';

const pictures = process.env.HAECHI_PICTURES ?? 'target/artifacts/screenshots';
const password = 'seven quiet herons at dawn';
const texts = {
  en: { signIn: 'Sign in', allow: 'Allow', signedOut: 'You are signed out', wrong: /not right/, taken: /account with this address/, called: (name) => name },
  ko: { signIn: '로그인', allow: '허용', signedOut: '로그아웃했어요', wrong: /맞지 않아요/, taken: /이미 가입된/, called: (name) => `${name}님` },
};
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const desk = { viewport: { width: 1280, height: 900 } };

let servers;
let browser;

before(async () => {
  await mkdir(pictures, { recursive: true });
  servers = await start();
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
});

after(async () => {
  await browser?.close();
  await servers?.stop();
});

for (const locale of ['en', 'ko']) {
  for (const javaScriptEnabled of [true, false]) {
    for (const [size, screen] of [['phone', phone], ['desk', desk]]) {
      const name = `${locale}, ${size}, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`;
      test(`sign up, agree, refresh, sign out, sign in: ${name}`, { timeout: 90_000 }, async () => {
        const colorScheme = size === 'phone' ? 'dark' : 'light';
        const context = await browser.newContext({ ...screen, javaScriptEnabled, locale: locale === 'ko' ? 'ko-KR' : 'en-US', colorScheme });
        const walk = new Walk(await context.newPage(), `${locale}-${size}-${javaScriptEnabled ? 'js' : 'nojs'}`, texts[locale]);
        await walk.everything(`${locale}-${size}-${javaScriptEnabled}@example.com`);
        assert.deepEqual(walk.complaints, [], 'the browser complained');
        await context.close();
      });
    }
  }
}

for (const [locale, size, screen] of [['en', 'desk', desk], ['ko', 'phone', phone]]) {
  test(`a page of one account does nothing once another one signed in: ${locale}, ${size}`, { timeout: 90_000 }, async () => {
    const colorScheme = size === 'phone' ? 'dark' : 'light';
    const context = await browser.newContext({ ...screen, locale: locale === 'ko' ? 'ko-KR' : 'en-US', colorScheme });
    const [first, second] = [await context.newPage(), await context.newPage()];
    for (const page of [first, second]) page.setDefaultTimeout(15_000);
    const fill = async (page, name) => {
      for (const [field, value] of [['name', name], ['email', `${name}-${locale}@example.com`], ['password', password]]) await page.fill(`#${field}`, value);
      await page.click('#submit');
    };
    await first.goto(`${servers.issuer}/signup`);
    await fill(first, 'first');
    await first.waitForSelector('#account-heading');
    await second.goto(servers.shop);
    await second.click('#sign-up');
    await fill(second, 'second');
    await second.waitForSelector('#consent');
    await first.fill('#name', 'renamed');
    await first.click('#account-profile .button');
    await first.waitForSelector('#other-sign-in');
    await first.screenshot({ path: `${pictures}/${locale}-${size}-other-sign-in.png`, fullPage: true });
    for (const name of ['first', 'second']) assert.ok((await first.innerText('#other-sign-in')).includes(`${name}-${locale}@example.com`));
    await first.click('#other-sign-in .button');
    assert.equal(await first.innerText('#account-heading'), texts[locale].called('second'), 'nothing was renamed, and the way on is the account in use');
    await context.close();
  });
}

class Walk {
  constructor(page, prefix, text) {
    Object.assign(this, { page, prefix, text, complaints: [], number: 0 });
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy|Refused/.test(message.text())) this.complaints.push(message.text());
    });
  }

  async everything(email) {
    const { page } = this;
    await page.goto(servers.shop);
    await this.picture('shop');
    await page.click('#sign-up');
    await this.usable('signup');
    await this.signUp(email);
    await this.agree();
    await page.waitForSelector('#id-token');
    await this.picture('tokens');
    assert.match(await page.innerText('body'), new RegExp(email), 'the shop knows who came');
    const before = await page.innerText('#access-token');
    await page.click('#refresh');
    await page.waitForSelector('#id-token');
    assert.notEqual(await page.innerText('#access-token'), before, 'the access token is a new one');
    await this.signOut();
    await this.signInAgain(email);
  }

  async signUp(email) {
    const { page } = this;
    await page.fill('#name', '홍길동');
    await page.fill('#email', 'somebody@example');
    await page.fill('#password', password);
    if (await page.evaluate(() => true).catch(() => false)) await page.$eval('#signup', (form) => { form.noValidate = true; });
    await page.click('#submit');
    await page.waitForSelector('#email-problem');
    await this.picture('signup-problem');
    assert.equal(await page.inputValue('#name'), '홍길동', 'what was typed is kept');
    assert.equal(await page.inputValue('#password'), '', 'but never the password');
    await page.fill('#email', email);
    await page.fill('#password', password);
    await page.click('#submit');
  }

  async agree() {
    const { page } = this;
    await page.waitForSelector('#consent');
    await this.usable('consent');
    assert.equal(await page.innerText('#allow'), this.text.allow);
    await page.click('#allow');
  }

  async signOut() {
    const { page } = this;
    await page.click('#sign-out');
    await page.waitForSelector('#sign-in, #confirm, #signed-out');
    if (await page.$('#confirm')) {
      await this.usable('logout');
      await page.click('#confirm');
    }
    await page.waitForSelector('#sign-in, #signed-out');
    await this.picture('signed-out');
  }

  async signInAgain(email) {
    const { page } = this;
    await page.goto(servers.shop);
    await page.click('#sign-in');
    await this.usable('login');
    await page.fill('#email', email);
    await page.fill('#password', 'not the password at all');
    await page.click('#submit');
    await page.waitForSelector('#problem');
    assert.match(await page.innerText('#problem'), this.text.wrong);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'problem', 'what is wrong is read first');
    await this.picture('login-wrong');
    await page.fill('#email', email);
    await page.fill('#password', password);
    await page.click('#submit');
    // Agreed before, so nobody asks again.
    await page.waitForSelector('#id-token');
    await page.goto(`${servers.issuer}/account`);
    await page.fill('#name', '성춘향');
    await page.click('#account-profile .button');
    await page.waitForSelector('#saved');
    assert.equal(await page.innerText('#account-heading'), this.text.called('성춘향'));
    await this.usable('account');
  }

  /** What every page owes its person: a language, a title, labels, no sideways scrolling, targets that a thumb can hit. */
  async usable(name) {
    const { page } = this;
    await page.waitForLoadState();
    await this.picture(name);
    const found = await page.evaluate(() => ({
      lang: document.documentElement.lang,
      title: document.title,
      headings: document.querySelectorAll('h1').length,
      unlabelled: [...document.querySelectorAll('input:not([type=hidden]):not([hidden]),select')]
        .filter((field) => !field.labels?.length && !field.getAttribute('aria-labelledby')).map((field) => field.name),
      sideways: document.documentElement.scrollWidth > innerWidth + 1,
      small: [...document.querySelectorAll('.button,.languages button')]
        .map((button) => button.getBoundingClientRect()).filter((box) => box.height && box.height < 44).length,
    }));
    assert.equal(found.lang, this.prefix.slice(0, 2));
    assert.ok(found.title.length > 3);
    assert.equal(found.headings, 1);
    assert.deepEqual(found.unlabelled, []);
    assert.equal(found.sideways, false, `${name} scrolls sideways`);
    assert.equal(found.small, 0, `${name} has small targets`);
  }

  async picture(name) {
    this.number += 1;
    const path = `${pictures}/${this.prefix}-${String(this.number).padStart(2, '0')}-${name}.png`;
    await this.page.screenshot({ path, fullPage: true });
  }
}

test('problems say what happened and what to do', async () => {
  const context = await browser.newContext({ ...desk, locale: 'ko-KR' });
  const page = await context.newPage();
  for (const [name, path] of [
    ['unknown-client', '/authorize?client_id=nobody&redirect_uri=https://evil.example/&response_type=code'],
    ['flow-gone', '/login?flow=azn_00000000000000000000000000000000'],
    ['not-found', '/nowhere'],
  ]) {
    await page.goto(`${servers.issuer}${path}`);
    assert.equal(await page.getAttribute('#error', 'data-error'), name);
    assert.equal(new URL(page.url()).origin, servers.issuer, 'nobody is sent away');
    await page.screenshot({ path: `${pictures}/problem-${name}.png`, fullPage: true });
  }
  await context.close();
});

test('the claim link makes one administrator and never a second', async () => {
  const link = servers.claimLink();
  assert.ok(link, 'the server printed a claim link');
  const context = await browser.newContext({ ...desk, locale: 'en-US' });
  const page = await context.newPage();
  await page.goto(link);
  await page.screenshot({ path: `${pictures}/claim.png`, fullPage: true });
  await page.fill('#name', 'Ada');
  await page.fill('#email', 'ada@example.com');
  await page.fill('#password', password);
  await page.click('#submit');
  // Where an administrator begins.
  await page.waitForSelector('#console-heading');
  await page.screenshot({ path: `${pictures}/console-home.png`, fullPage: true });
  await page.goto(link);
  await page.waitForSelector('#claimed');
  await context.close();
});

test('agreeing takes a moment that begins when the window gets the focus', async () => {
  const context = await browser.newContext({ ...desk, locale: 'en-US' });
  const page = await context.newPage();
  await page.goto(servers.shop);
  await page.click('#sign-up');
  await page.fill('#email', 'hasty@example.com');
  await page.fill('#password', password);
  await page.click('#submit');
  await page.waitForSelector('#allow:not([aria-disabled])');
  // Coming from another window: a click at once, a press that began too early, and a key that was held down elsewhere do not count.
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  await page.click('#allow', { force: true });
  assert.ok(await page.$('#consent'));
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  await page.hover('#allow', { force: true });
  await page.mouse.down();
  await page.waitForSelector('#allow:not([aria-disabled])');
  await page.mouse.up();
  assert.ok(await page.$('#consent'));
  for (const elsewhere of [true, false]) {
    await page.evaluate((blur) => { if (blur) document.activeElement.blur(); dispatchEvent(new Event('focus')); }, elsewhere);
    await page.keyboard.down('Enter');
    await page.waitForSelector('#allow:not([aria-disabled])');
    await page.focus('#allow');
    await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    assert.ok(await page.$('#consent'), 'a key that repeats itself does not agree');
  }
  await page.keyboard.press('Enter');
  await page.waitForSelector('#id-token');
  await context.close();
});

test('the language can be switched in the middle of a login', async () => {
  const context = await browser.newContext({ ...desk, locale: 'en-US', javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(servers.shop);
  await page.click('#sign-in');
  await page.waitForSelector('#login');
  await page.click('#lang-ko');
  await page.waitForSelector('html[lang=ko] #login');
  assert.ok(page.url().includes('flow='), 'the login goes on');
  await context.close();
});

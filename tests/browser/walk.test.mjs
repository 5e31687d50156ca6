// A person walks through the demo shop: sign up, agree, look at the tokens, refresh, sign out, sign in again.
// Each walk is made with and without JavaScript, in both languages, on a phone and on a desk.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { desk, house, languages, password, pastOffer, phone, walk } from './house.mjs';

const texts = {
  en: { allow: 'Allow', wrong: /not right/, called: (name) => name },
  ko: { allow: '허용', wrong: /맞지 않아요/, called: (name) => `${name}님` },
};

const here = house();
const withLocale = (locale, screen, further) => ({ ...screen, locale: languages[locale], ...further });

// Two at a time: while one waits for a page, the other one moves.
describe('sign up, agree, refresh, sign out, sign in', { concurrency: 2 }, () => {
  for (const locale of ['en', 'ko']) {
    for (const javaScriptEnabled of [true, false]) {
      for (const [size, screen] of [['phone', phone], ['desk', desk]]) {
        const name = `${locale}-${size}-${javaScriptEnabled ? 'js' : 'nojs'}`;
        test(name, { timeout: 90_000 }, () => walk(here, `walk-${name}`, withLocale(locale, screen, { javaScriptEnabled }), async (page) => {
          await new Shopper(page, locale).everything(`${name}@example.com`);
        }));
      }
    }
  }
});

class Shopper {
  constructor(page, locale) {
    Object.assign(this, { page, locale, text: texts[locale] });
  }

  async everything(email) {
    const { page } = this;
    await page.goto(here.servers.shop);
    await page.click('#sign-up');
    await this.usable('signup');
    await this.signUp(email);
    await this.agree();
    await page.waitForSelector('#id-token');
    assert.match(await page.innerText('body'), new RegExp(email), 'the shop knows who came');
    const before = await page.innerText('#access-token');
    await page.click('#refresh');
    await page.waitForSelector('#refreshed');
    assert.notEqual(await page.innerText('#access-token'), before, 'the access token is a new one');
    await this.signOut();
    await this.signInAgain(email);
  }

  async signUp(email) {
    const { page } = this;
    await page.fill('#name', '홍길동');
    await page.fill('#email', 'somebody@example');
    await page.fill('#password', password);
    await page.$eval('#signup', (form) => { form.noValidate = true; });
    await page.click('#submit');
    await page.waitForSelector('#email-problem');
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
  }

  async signInAgain(email) {
    const { page } = this;
    await page.goto(here.servers.shop);
    await page.click('#sign-in');
    await this.usable('login');
    await page.fill('#email', email);
    await page.fill('#password', 'not the password at all');
    await page.click('#submit');
    await page.waitForSelector('#problem');
    assert.match(await page.innerText('#problem'), this.text.wrong);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'problem', 'what is wrong is read first');
    await page.fill('#email', email);
    await page.fill('#password', password);
    await page.click('#submit');
    // Agreed before, so nobody asks again.
    await pastOffer(page, '#id-token');
    await page.goto(`${here.servers.issuer}/account/profile`);
    await page.fill('#name', '성춘향');
    await page.click('#account-profile .button');
    await page.waitForSelector('#saved');
    assert.equal(await page.innerText('#account-name'), this.text.called('성춘향'));
    await this.usable('account');
  }

  /** What a page owes its person on this screen; `pages.test.mjs` asks more of every page. */
  async usable(name) {
    const { page, locale } = this;
    await page.waitForLoadState();
    assert.equal(await page.getAttribute('html', 'lang'), locale);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1);
    assert.equal(sideways, false, `${name} scrolls sideways`);
  }
}

for (const [locale, size, screen] of [['en', 'desk', desk], ['ko', 'phone', phone]]) {
  test(`a page of one account does nothing once another one signed in: ${locale}, ${size}`, { timeout: 90_000 }, () => walk(here, `other-sign-in-${locale}`, withLocale(locale, screen), async (first, context) => {
    const { servers } = here;
    const second = await context.newPage();
    const fill = async (page, name) => {
      for (const [field, value] of [['name', name], ['email', `${name}-${locale}@example.com`], ['password', password]]) await page.fill(`#${field}`, value);
      await page.click('#submit');
    };
    await first.goto(`${servers.issuer}/signup`);
    await fill(first, 'first');
    await first.waitForSelector('#account-heading');
    await first.goto(`${servers.issuer}/account/profile`);
    await second.goto(servers.shop);
    await second.click('#sign-up');
    await fill(second, 'second');
    await second.waitForSelector('#consent');
    await first.fill('#name', 'renamed');
    await first.click('#account-profile .button');
    await first.waitForSelector('#other-sign-in');
    for (const name of ['first', 'second']) assert.ok((await first.innerText('#other-sign-in')).includes(`${name}-${locale}@example.com`));
    await first.click('#other-sign-in .button');
    assert.equal(await first.innerText('#account-name'), texts[locale].called('second'), 'nothing was renamed, and the way on is the account in use');
  }));
}

test('problems say what happened and what to do', () => walk(here, 'problems', withLocale('ko', desk), async (page) => {
  const { issuer } = here.servers;
  for (const [name, path] of [
    ['unknown-client', '/authorize?client_id=nobody&redirect_uri=https://evil.example/&response_type=code'],
    ['flow-gone', '/login?flow=azn_00000000000000000000000000000000'],
    ['not-found', '/nowhere'],
  ]) {
    await page.goto(`${issuer}${path}`);
    assert.equal(await page.getAttribute('#error', 'data-error'), name);
    assert.equal(new URL(page.url()).origin, issuer, 'nobody is sent away');
  }
}));

test('the claim link makes one administrator and never a second', () => walk(here, 'claim', withLocale('en', desk), async (page, context) => {
  const link = here.servers.claimLink();
  assert.ok(link, 'the server printed a claim link');
  await page.goto(link);
  await page.fill('#name', 'Ada');
  await page.fill('#email', 'ada@example.com');
  await page.fill('#password', password);
  await page.click('#submit');
  // The link leads on over the checks, which `first.test.mjs` walks through; what was left out is found again at the beginning of the console, where
  // what comes first is marked.
  await page.waitForSelector('#checks');
  await page.goto(`${here.servers.issuer}/admin`);
  await page.waitForSelector('#console-heading');
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: here.servers.issuer });
  await page.click('[aria-current=step] .copy button');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await page.innerText('[aria-current=step] code'));
  await page.goto(link);
  await page.waitForSelector('#claimed');
}));

test('agreeing takes a moment that begins when the window gets the focus', () => walk(here, 'moment', withLocale('en', desk), async (page) => {
  await page.goto(here.servers.shop);
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
}));

test('the language can be switched in the middle of a login', () => walk(here, 'language', withLocale('en', desk, { javaScriptEnabled: false }), async (page) => {
  await page.goto(here.servers.shop);
  await page.click('#sign-in');
  await page.waitForSelector('#login');
  await page.click('#lang-ko');
  await page.waitForSelector('html[lang=ko] #login');
  assert.ok(page.url().includes('flow='), 'the login goes on');
}));

test('switching the language keeps what was typed, but for passwords', () => walk(here, 'typed', withLocale('en', desk), async (page) => {
  await page.goto(`${here.servers.issuer}/signup`);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'name');
  for (const [field, value] of [['name', 'Kim'], ['email', 'kim@example.com'], ['password', password]]) await page.fill(`#${field}`, value);
  await page.click('[data-reveal] button');
  await page.click('#lang-ko');
  await page.waitForSelector('html[lang=ko] #signup');
  const typed = await page.$$eval('#name, #email, #password', (fields) => fields.map((field) => field.value));
  assert.deepEqual(typed, ['Kim', 'kim@example.com', '']);
  // Once: a page that is opened later begins empty.
  await page.goto(`${here.servers.issuer}/signup`);
  assert.equal(await page.inputValue('#name'), '');
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
}));

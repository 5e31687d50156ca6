// Passkeys, with Chromium's own authenticator in software (WebDriver's virtual authenticator, over the DevTools protocol).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { desk, house, languages, password, phone, walk } from './house.mjs';

const here = house();

/** An authenticator of this page's browser: a phone or laptop that keeps passkeys, and makes sure of its user. */
async function authenticator(page, options = {}) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
      automaticPresenceSimulation: true, ...options,
    },
  });
  const send = (method, parameters = {}) => devtools.send(`WebAuthn.${method}`, { authenticatorId, ...parameters });
  return { send, credentials: async () => (await send('getCredentials')).credentials };
}

async function signUp(page, email) {
  await page.goto(`${here.servers.issuer}/signup`);
  await page.fill('#name', '홍길동');
  await page.fill('#email', email);
  await page.fill('#password', password);
  await page.click('#submit');
  await page.waitForSelector('#account-name');
}

/** A passkey of the account that is signed in. It has just signed up, which is proof enough. */
async function add(page, name = '') {
  await page.goto(`${here.servers.issuer}/account/security`);
  await page.click('#passkey-add button');
  await page.fill('#passkey-name', name);
  await page.click('#passkey button');
  await page.waitForSelector('#saved');
}

async function signOut(page) {
  await page.context().clearCookies();
}

describe('passkeys', { concurrency: 2 }, () => {
  for (const [locale, screen, size] of [['en', desk, 'desk'], ['ko', phone, 'phone']]) {
    const options = { ...screen, locale: languages[locale] };

    test(`${locale} ${size}: added, offered where the address is typed, used by the button, renamed, removed`, { timeout: 120_000 }, () =>
      walk(here, `passkeys-${locale}`, options, async (page) => {
        const device = await authenticator(page);
        await signUp(page, `passkey-${locale}@example.com`);
        await add(page, 'My laptop');
        assert.match(await page.innerText('#passkeys'), /My laptop/);
        assert.equal((await device.credentials()).length, 1);

        // Conditional UI: the browser answers as soon as the page asks.
        await signOut(page);
        await page.goto(`${here.servers.issuer}/login`);
        await page.waitForSelector('#account-name');

        // By the button: where the browser offers nothing by itself.
        await signOut(page);
        await device.send('setAutomaticPresenceSimulation', { enabled: false });
        await page.goto(`${here.servers.issuer}/login`);
        assert.equal(await page.getAttribute('#email', 'autocomplete'), 'username webauthn');
        await device.send('setAutomaticPresenceSimulation', { enabled: true });
        await page.click('#use-passkey');
        await page.waitForSelector('#account-name');

        await page.goto(`${here.servers.issuer}/account/security`);
        await page.click('#passkeys summary');
        await page.fill('#passkeys details[open] input[name=name]', '집 노트북');
        await page.click('#passkeys details[open] button[value=rename]');
        await page.waitForSelector('#saved');
        assert.match(await page.innerText('#passkeys'), /집 노트북/);
        await page.click('#passkeys summary');
        await page.click('#passkeys details[open] button[value=remove]');
        await page.waitForSelector('#saved');
        assert.doesNotMatch(await page.innerText('#passkeys'), /집 노트북/);
        // The browser was told, where it has the Signal API; a passkey that is gone signs in to nothing in any case.
        await signOut(page);
        await page.goto(`${here.servers.issuer}/login`);
        await page.waitForTimeout(500);
        assert.equal(await page.$('#account-name'), null);
      }));
  }

  test('one whose user the device did not make sure of is refused by the browser, and nothing is lost', { timeout: 60_000 }, () =>
    walk(here, 'passkeys-unverified', { ...desk, locale: 'en-US' }, async (page) => {
      const device = await authenticator(page);
      await signUp(page, 'unverified@example.com');
      await add(page);
      await signOut(page);
      await device.send('setUserVerified', { isUserVerified: false });
      await page.goto(`${here.servers.issuer}/login`);
      await page.fill('#email', 'unverified@example.com');
      await page.click('#use-passkey');
      await page.waitForSelector('#passkey [role=status]:not([hidden])');
      assert.equal(await page.inputValue('#email'), 'unverified@example.com');
      await page.fill('#password', password);
      await page.click('#submit');
      await page.waitForSelector('#account-name');
    }));

  test('it confirms who somebody is before a change', { timeout: 60_000 }, () =>
    walk(here, 'passkeys-confirm', { ...desk, locale: 'en-US' }, async (page) => {
      await authenticator(page);
      await signUp(page, 'confirm@example.com');
      await add(page);
      await page.goto(`${here.servers.issuer}/account/delete`);
      await page.fill('#address', 'confirm@example.com');
      await page.click('form[action$="/account/delete"] button');
      if (await page.$('#step-up')) await page.click('#use-passkey');
      await page.waitForURL(/signed-out/);
    }));

  test('without JavaScript the page offers the other ways and says why', { timeout: 60_000 }, () =>
    walk(here, 'passkeys-nojs', { ...desk, locale: 'en-US', javaScriptEnabled: false }, async (page) => {
      await page.goto(`${here.servers.issuer}/login`);
      assert.match(await page.innerText('body'), /Passkeys need JavaScript/);
      assert.equal(await page.isVisible('#use-passkey'), false);
      assert.equal(await page.isVisible('#submit'), true);
    }));
});

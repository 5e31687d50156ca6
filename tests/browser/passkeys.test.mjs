// Passkeys, with Chromium's own authenticator in software (WebDriver's virtual authenticator, over the DevTools protocol).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { add as addAt, authenticator, signUp as signUpAt } from './authenticator.mjs';
import { desk, house, languages, mailed, open, password, phone, walk } from './house.mjs';

const here = house();

const signUp = (page, email) => signUpAt(here, page, email);
const add = (page, name) => addAt(here, page, name);

/** Signs in by password, once the page knows what its browser can do. */
async function byPassword(page, email) {
  await page.goto(`${here.servers.issuer}/login`);
  await page.waitForTimeout(300);
  await page.fill('#email', email);
  await page.fill('#password', password);
  await page.click('#submit');
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
        await page.addInitScript(() => {
          if (sessionStorage.getItem('offers-nothing')) PublicKeyCredential.isConditionalMediationAvailable = async () => false;
        });
        await page.evaluate(() => sessionStorage.setItem('offers-nothing', 'yes'));
        await page.goto(`${here.servers.issuer}/login`);
        assert.equal(await page.getAttribute('#email', 'autocomplete'), 'username webauthn');
        await page.click('#use-passkey');
        await page.waitForSelector('#account-name');
        await page.evaluate(() => sessionStorage.removeItem('offers-nothing'));

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

  for (const [locale, screen, size] of [['en', desk, 'desk'], ['ko', phone, 'phone']]) {
    test(`${locale} ${size}: an account is made by a passkey alone, and signed in to by it`, { timeout: 120_000 }, () =>
      walk(here, `passkeys-sign-up-${locale}`, { ...screen, locale: languages[locale] }, async (page) => {
        const device = await authenticator(page);
        await page.goto(`${here.servers.issuer}/signup`);
        // Without an address nothing is asked of the device.
        await page.click('#use-passkey');
        assert.equal((await device.credentials()).length, 0);
        await page.fill('#name', '홍길동');
        await page.fill('#email', `alone-${locale}@example.com`);
        await page.click('#use-passkey');
        await page.waitForSelector('#account-name');
        const [credential] = await device.credentials();
        assert.equal(credential.userName, `alone-${locale}@example.com`);
        assert.equal(credential.userDisplayName, '홍길동');
        await page.goto(`${here.servers.issuer}/account/security`);
        assert.equal(await page.$('#current'), null, 'there is no password');
        await signOut(page);
        await page.goto(`${here.servers.issuer}/login`);
        await page.waitForSelector('#account-name');
      }));
  }

  for (const [locale, screen, size] of [['en', desk, 'desk'], ['ko', phone, 'phone']]) {
    test(`${locale} ${size}: an invitation is accepted by a passkey alone`, { timeout: 120_000 }, () =>
      walk(here, `passkeys-invited-${locale}`, { ...screen, locale: languages[locale] }, async (page) => {
        const device = await authenticator(page);
        const email = `invited-${locale}@example.com`;
        await here.servers.command(['users', 'invite', email, '--name', '홍길동']);
        const link = await mailed(here.servers, email, '/reset');
        await page.goto(link);
        assert.equal(await page.isVisible('#password'), true);
        await page.click('#use-passkey');
        await page.waitForSelector('#account-name');
        const [credential] = await device.credentials();
        assert.equal(credential.userName, email);
        await page.goto(`${here.servers.issuer}/account/security`);
        assert.equal(await page.$('#current'), null, 'there is no password');
        await signOut(page);
        await page.goto(link);
        await page.waitForSelector('#link-spent');
        await page.goto(`${here.servers.issuer}/login`);
        await page.waitForSelector('#account-name');
      }));
  }

  test('an address that is taken is said beside the field, and what was typed stays', { timeout: 60_000 }, () =>
    walk(here, 'passkeys-taken', { ...desk, locale: 'en-US' }, async (page) => {
      await signUp(page, 'taken@example.com');
      await signOut(page);
      await authenticator(page);
      await page.goto(`${here.servers.issuer}/signup`);
      await page.fill('#email', 'taken@example.com');
      await page.click('#use-passkey');
      await page.waitForSelector('#email-problem');
      assert.equal(await page.inputValue('#email'), 'taken@example.com');
    }));

  test('after a password one is offered: not now, and then added', { timeout: 120_000 }, () =>
    walk(here, 'passkeys-offer', { ...desk, locale: 'en-US' }, async (page) => {
      await signUp(page, 'offer@example.com');
      await signOut(page);
      const device = await authenticator(page);
      await byPassword(page, 'offer@example.com');
      await page.waitForSelector('#passkey-offer');
      await page.click('#not-now');
      await page.waitForSelector('#account-name');
      await signOut(page);
      await byPassword(page, 'offer@example.com');
      await page.waitForSelector('#account-name');
      // Somebody else, in the same browser.
      await signOut(page);
      await signUp(page, 'offer-too@example.com');
      await signOut(page);
      await byPassword(page, 'offer-too@example.com');
      await page.waitForSelector('#passkey-offer');
      await page.click('#passkey #submit');
      await page.waitForSelector('#account-name');
      assert.equal((await device.credentials()).length, 1);
    }));

  test('a browser without an authenticator is offered nothing', { timeout: 60_000 }, () =>
    walk(here, 'passkeys-no-offer', { ...desk, locale: 'en-US' }, async (page) => {
      await signUp(page, 'nothing@example.com');
      await signOut(page);
      await page.addInitScript(() => { delete window.PublicKeyCredential; });
      await byPassword(page, 'nothing@example.com');
      await page.waitForSelector('#account-name');
    }));

  test('without JavaScript the page offers the other ways and says why', { timeout: 60_000 }, () =>
    walk(here, 'passkeys-nojs', { ...desk, locale: 'en-US', javaScriptEnabled: false }, async (page) => {
      await page.goto(`${here.servers.issuer}/login`);
      assert.match(await page.innerText('body'), /Passkeys need JavaScript/);
      assert.equal(await page.isVisible('#use-passkey'), false);
      assert.equal(await page.isVisible('#submit'), true);
    }));
});

// The policy is the whole server's: these have a house of their own.
describe('passkeys by policy', { concurrency: 1 }, () => {
  test('where a second factor is required a passkey is one; switched off, no page offers any', { timeout: 120_000 }, async () => {
    const own = await open();
    // Every node knows of a decision within a quarter of a second.
    const haechi = async (...words) => { await own.servers.command(words); await sleep(1000); };
    try {
      await walk(own, 'passkeys-policy', { ...desk, locale: 'en-US' }, async (page) => {
        const at = (path) => page.goto(`${own.servers.issuer}${path}`);
        const device = await authenticator(page);
        await at('/signup');
        await page.fill('#email', 'second@example.com');
        await page.fill('#password', password);
        await page.click('#signup #submit');
        await page.waitForSelector('#account-name');
        await at('/account/security');
        await page.click('#passkey-add button');
        await page.click('#passkey button');
        await page.waitForSelector('#saved');
        await haechi('sign-in', 'set', '--second-factor', 'required');
        await signOut(page);
        await device.send('setAutomaticPresenceSimulation', { enabled: false });
        await at('/login');
        await page.fill('#email', 'second@example.com');
        await page.fill('#password', password);
        await page.click('#login #submit');
        await page.waitForSelector('#second-step');
        assert.equal(await page.$('#code'), null);
        await device.send('setAutomaticPresenceSimulation', { enabled: true });
        await page.click('#use-passkey');
        await page.waitForSelector('#account-name');
        await haechi('sign-in', 'set', '--second-factor', 'offered', '--passkey-sign-in', 'false');
        await signOut(page);
        await at('/login');
        assert.equal(await page.$('#use-passkey'), null);
        assert.equal(await page.getAttribute('#email', 'autocomplete'), 'username');
        await at('/signup');
        assert.equal(await page.$('#use-passkey'), null);
      });
    } finally {
      await own.close();
    }
  });

  for (const [locale, screen, size] of [['en', desk, 'desk'], ['ko', phone, 'phone']]) {
    test(`${locale} ${size}: who must have a second factor makes a passkey on the way, or an app without JavaScript`, { timeout: 180_000 }, async () => {
      const own = await open();
      const haechi = async (...words) => { await own.servers.command(words); await sleep(1000); };
      const email = `enrol-${locale}@example.com`;
      const options = { ...screen, locale: languages[locale] };
      const typed = async (page) => {
        await page.goto(`${own.servers.issuer}/login`);
        await page.fill('#email', email);
        await page.fill('#password', password);
        await page.click('#login #submit');
        await page.waitForSelector('#second-step-add');
      };
      try {
        await walk(own, `passkeys-enrol-${locale}`, options, async (page) => {
          await page.goto(`${own.servers.issuer}/signup`);
          await page.fill('#email', email);
          await page.fill('#password', password);
          await page.click('#signup #submit');
          await page.waitForSelector('#account-name');
          await haechi('sign-in', 'set', '--second-factor', 'required');
          await signOut(page);
          const device = await authenticator(page);
          await typed(page);
          assert.match(await page.innerText('#whose'), new RegExp(email));
          assert.equal(await page.isVisible('#use-passkey'), true);
          assert.equal(await page.isVisible('#code'), false, 'the app is folded away');
          await page.click('#by-app summary');
          assert.equal(await page.isVisible('#code'), true);
          // Somebody else, and back.
          await page.click('#somebody-else');
          await page.waitForSelector('#login');
          await typed(page);
          await page.click('#use-passkey');
          await page.waitForSelector('#account-name');
          assert.equal((await device.credentials()).length, 1);
          await signOut(page);
          await page.goto(`${own.servers.issuer}/login`);
          await page.waitForSelector('#account-name');
        });
      } finally {
        await own.close();
      }
    });
  }

  test('without JavaScript an app is added, and the page says why there is no passkey', { timeout: 120_000 }, async () => {
    const own = await open();
    try {
      await walk(own, 'passkeys-enrol-nojs', { ...desk, locale: 'en-US', javaScriptEnabled: false }, async (page) => {
        await page.goto(`${own.servers.issuer}/signup`);
        await page.fill('#email', 'nojs@example.com');
        await page.fill('#password', password);
        await page.click('#signup #submit');
        await page.waitForSelector('#account-name');
        await own.servers.command(['sign-in', 'set', '--second-factor', 'required']);
        await sleep(1000);
        await page.goto(`${own.servers.issuer}/account`);
        await page.waitForSelector('#second-step-add');
        assert.equal(await page.isVisible('#use-passkey'), false);
        assert.match(await page.innerText('#no-script'), /JavaScript/);
        assert.equal(await page.isVisible('#code'), true);
      });
    } finally {
      await own.close();
    }
  });
});

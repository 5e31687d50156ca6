// What a browser's passkeys must not be good for: another site, another browser, another account, a second time, or in two places. And what the browser is told of
// them. The ceremonies are Chromium's own; what is forged of them is forged behind it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { add, authenticator, captured, clientData, sent, signIn as signInAt, signUp, withClientData } from './authenticator.mjs';
import { desk, house, languages, walk } from './house.mjs';

const here = house();
const english = { ...desk, locale: languages.en };

/** Walks in a browser with a device, in which an account with a passkey was made and is signed out of by now. */
function owner(name, steps) {
  return walk(here, name, english, async (page, context) => {
    const device = await authenticator(page);
    const email = `${name}@example.com`;
    await signUp(here, page, email);
    await add(here, page, name);
    await context.clearCookies();
    await device.present(false);
    await steps(page, device, email);
  });
}

const signIn = (page, device) => signInAt(here, page, device);

/** An answer is refused on the login page, which says so, and nobody is signed in. */
async function refused(page, form, status, why) {
  const answered = await sent(here, page, form);
  assert.equal(answered, status, why);
  await page.waitForSelector('#problem');
  await page.goto(`${here.servers.issuer}/account`);
  await page.waitForSelector('#login');
}

async function noted(kind, email) {
  return JSON.parse(await here.servers.command(['audit', '--json', '--kind', kind, '--user', email]));
}

/** A page of somebody else's, as the browser sees it. */
async function elsewhere(page, origin) {
  await page.route(`${origin}/**`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Elsewhere</title>' }));
  await page.goto(`${origin}/`);
}

/** What the browser answers a page that asks what another one was to ask; or the name of why it does not. */
function asked(page, options) {
  return page.evaluate(async (json) => {
    try {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(json));
      return { answer: JSON.stringify(await navigator.credentials.get({ publicKey })) };
    } catch (error) {
      return { error: error.name };
    }
  }, options);
}

const secured = (page) => page.goto(`${here.servers.issuer}/account/security`);

describe('passkeys that are stolen, copied, forged or lost', { concurrency: 2 }, () => {
  test('an answer is good once', { timeout: 60_000 }, () => owner('once', async (page, device, email) => {
    const form = await captured(here, page, device);
    assert.equal(await sent(here, page, form), 200);
    await page.waitForSelector('#account-name');
    // The browser is the same one: it is signed out, and no more.
    await page.context().clearCookies({ name: 'haechi-session' });
    await refused(page, form, 409, 'the same once more');
    // Its counter did not count up either; but what is sent once more is no second key, and nobody is told to look for one.
    assert.deepEqual(await noted('passkey_suspected', email), []);
    await signIn(page, device);
  }));

  test('an answer is good in the browser that was asked', { timeout: 60_000 }, () => owner('asked-here', async (page, device) => {
    const form = await captured(here, page, device);
    await walk(here, 'asked-elsewhere', english, async (thief) => {
      await refused(thief, { answer: form.answer }, 422, 'with the ticket of a question to the thief');
      await refused(thief, form, 409, 'with the ticket that it belongs to');
    });
    assert.equal(await sent(here, page, form), 200, 'and is as good as before where it was asked for');
  }));

  test('what a page of another origin was answered is worth nothing', { timeout: 60_000 }, () => owner('origin', async (page, device) => {
    const { options, ticket } = await captured(here, page, device);
    await device.present(true);
    // Another port has the same host: the browser lets it ask for our passkeys, and says in the answer who asked.
    await elsewhere(page, 'http://localhost:4999');
    const there = await asked(page, options);
    assert.equal(clientData(there.answer).origin, 'http://localhost:4999');
    // To any other host, and by any other name of this one, it answers nothing.
    const numbered = here.servers.issuer.replace('localhost', '127.0.0.1');
    for (const origin of [numbered, 'https://evil.example', 'https://localhost.evil.example']) {
      await elsewhere(page, origin);
      assert.deepEqual(await asked(page, options), { error: 'SecurityError' }, origin);
    }
    await device.present(false);
    await refused(page, { answer: there.answer, ticket }, 422, 'of another port');
    const home = { answer: withClientData(there.answer, (data) => { data.origin = here.servers.issuer; }), ticket };
    await refused(page, home, 422, 'of another port, and says otherwise');
  }));

  test('what was signed for another RP ID is worth nothing', { timeout: 60_000 }, () => owner('rp-id', async (page, device) => {
    const { options, ticket } = await captured(here, page, device);
    const [credential] = await device.credentials();
    assert.equal(credential.rpId, 'localhost');
    // The same key at another relying party.
    await device.send('removeCredential', { credentialId: credential.credentialId });
    await device.send('addCredential', { credential: { ...credential, rpId: 'other.localhost' } });
    await device.present(true);
    const forOther = JSON.stringify({ ...JSON.parse(options), rpId: 'other.localhost' });
    await page.goto(`${here.servers.issuer}/signed-out`);
    assert.deepEqual(await asked(page, forOther), { error: 'SecurityError' }, 'our own page cannot ask for it');
    await elsewhere(page, 'http://other.localhost:4999');
    const { answer } = await asked(page, forOther);
    await device.present(false);
    await refused(page, { answer, ticket }, 422, 'as it is');
    const home = { answer: withClientData(answer, (data) => { data.origin = here.servers.issuer; }), ticket };
    await refused(page, home, 422, 'as if we had asked');
  }));

  test('what the browser says of the question is signed', { timeout: 60_000 }, () => owner('client-data', async (page, device) => {
    const { ticket, answer } = await captured(here, page, device);
    for (const [name, change] of [
      ['origin', (data) => { data.origin = 'https://evil.example'; }],
      ['challenge', (data) => { data.challenge = Buffer.alloc(32, 7).toString('base64url'); }],
      ['type', (data) => { data.type = 'webauthn.create'; }],
      ['crossOrigin', (data) => { data.crossOrigin = true; }],
      ['another member', (data) => { data.hint = 'x'; }],
    ]) await refused(page, { answer: withClientData(answer, change), ticket }, 422, name);
    // None of that used the question up.
    assert.equal(await sent(here, page, { answer, ticket }), 200);
  }));

  test('a passkey signs in to its own account, whatever id is written over its answer', { timeout: 90_000 }, () => owner('alice', async (page, alices, alice) => {
    const [hers] = await alices.credentials();
    const text = (base64) => Buffer.from(base64, 'base64').toString('base64url');
    await owner('mallory', async (other, device, mallory) => {
      const { ticket, answer } = await captured(here, other, device);
      const forged = (change) => {
        const changed = JSON.parse(answer);
        change(changed);
        return { ticket, answer: JSON.stringify(changed) };
      };
      const id = text(hers.credentialId);
      await refused(other, forged((one) => Object.assign(one, { id, rawId: id })), 422, "Alice's credential, Mallory's account");
      const userHandle = text(hers.userHandle);
      await refused(other, forged((one) => { Object.assign(one, { id, rawId: id }).response.userHandle = userHandle; }), 422, "Alice's credential and account");
      await refused(other, forged((one) => { one.response.userHandle = userHandle; }), 422, "Mallory's credential, Alice's account");
      assert.equal(await sent(here, other, { ticket, answer }), 200);
      assert.ok((await secured(other), await other.content()).includes(mallory));
    });
    const failed = await noted('sign_in_failed', alice);
    assert.equal(failed.length, 1, 'of the one that was looked at for Alice');
    await signIn(page, alices);
  }));

  test('a copied key shows by its counter, is refused and noted', { timeout: 90_000 }, () => owner('counted', async (page, device, email) => {
    const [copied] = await device.credentials();
    await signIn(page, device);
    const [since] = await device.credentials();
    assert.ok(since.signCount > copied.signCount, `${since.signCount} after ${copied.signCount}`);
    await page.context().clearCookies();
    await walk(here, 'counted-copy', english, async (thief) => {
      const copy = await authenticator(thief);
      await copy.send('addCredential', { credential: copied });
      const form = await captured(here, thief, copy);
      await refused(thief, form, 403, 'it counts on from where it was copied');
    });
    const [suspected, ...more] = await noted('passkey_suspected', email);
    assert.equal(suspected.detail, 'counted', 'which passkey is said');
    assert.deepEqual(more, []);
    // Whoever has the key itself goes on.
    await signIn(page, device);
  }));

  test('two devices both sign in, and the one that is removed takes nothing from the other', { timeout: 120_000 }, () =>
    walk(here, 'two-devices', english, async (page, context) => {
      // The browser offers nothing by itself: which device is meant is for who is there to say.
      await page.addInitScript(() => { PublicKeyCredential.isConditionalMediationAvailable = async () => false; });
      const email = 'two-devices@example.com';
      const key = await authenticator(page, { transport: 'usb' });
      await signUp(here, page, email);
      await add(here, page, 'key');
      await key.present(false);
      const laptop = await authenticator(page);
      await add(here, page, 'laptop');
      const [[one], [two]] = [await key.credentials(), await laptop.credentials()];
      assert.notEqual(one.credentialId, two.credentialId);
      assert.equal(one.userHandle, two.userHandle, 'of one account');
      await laptop.present(false);
      const use = async (device, leads) => {
        await context.clearCookies();
        await device.present(true);
        await page.goto(`${here.servers.issuer}/login`);
        await page.click('#use-passkey');
        await page.waitForSelector(leads);
        await device.present(false);
      };
      await use(key, '#account-name');
      // The key in another browser, too.
      const [{ ...carried }] = await key.credentials();
      await walk(here, 'two-devices-elsewhere', english, async (other) => {
        const there = await authenticator(other);
        await there.send('addCredential', { credential: carried });
        await signIn(other, there);
        await use(laptop, '#account-name');
        await secured(page);
        const row = page.locator('#passkeys li', { hasText: 'key' });
        await row.locator('summary').click();
        await row.locator('button[value=remove]').click();
        await page.waitForSelector('#saved');
        assert.match(await page.innerText('#passkeys'), /laptop/);
        assert.equal(await page.locator('#passkeys li').count(), 1);
        // Whoever has the key has nothing more of the account.
        await other.goto(`${here.servers.issuer}/account`);
        await other.waitForSelector('#login');
        await refused(other, await captured(here, other, there), 422, 'it is none of the account any more');
      });
      // The browser that removed it was told, and has forgotten it.
      assert.deepEqual(await key.credentials(), []);
      assert.equal((await laptop.credentials()).length, 1);
      await use(laptop, '#account-name');
    }));

  test('the browser is told which passkeys there are, what their account is called, and which one is none', { timeout: 90_000 }, () =>
    walk(here, 'signals', english, async (page, context) => {
      let told = [];
      await page.exposeFunction('tellTest', (name, what) => { told.push([name, what]); });
      await page.addInitScript(() => {
        for (const name of ['signalUnknownCredential', 'signalAllAcceptedCredentials', 'signalCurrentUserDetails']) {
          Object.defineProperty(PublicKeyCredential, name, { value: (what) => window.tellTest(name, what) });
        }
      });
      const since = async (doing) => {
        told = [];
        await doing();
        for (let waited = 0; told.length === 0 && waited < 5000; waited += 50) await page.waitForTimeout(50);
        // What comes after the first of them.
        await page.waitForTimeout(200);
        return told;
      };
      const text = (base64) => Buffer.from(base64, 'base64').toString('base64url');
      const device = await authenticator(page);
      const email = 'signals@example.com';
      await signUp(here, page, email);
      const none = await since(() => secured(page));
      const added = await since(() => add(here, page, 'phone'));
      const [credential] = await device.credentials();
      const [userId, credentialId] = [text(credential.userHandle), text(credential.credentialId)];
      const accepted = (...ids) => ['signalAllAcceptedCredentials', { rpId: 'localhost', userId, allAcceptedCredentialIds: ids }];
      const details = (displayName, name = email) => ['signalCurrentUserDetails', { rpId: 'localhost', userId, name, displayName }];
      assert.deepEqual(none, [accepted(), details('홍길동')]);
      // The section before it was added tells, and the one after.
      assert.deepEqual(added.slice(-2), [accepted(credentialId), details('홍길동')]);

      // What a passkey is called by here is nobody else's business.
      const renamed = await since(async () => {
        await page.click('#passkeys summary');
        await page.fill('#passkeys details[open] input[name=name]', 'tablet');
        await page.click('#passkeys details[open] button[value=rename]');
        await page.waitForSelector('#saved');
      });
      assert.deepEqual(renamed, [accepted(credentialId), details('홍길동')]);

      // What the account is called by is.
      await page.goto(`${here.servers.issuer}/account/profile`);
      await page.fill('#name', '성춘향');
      await page.click('#account-profile .button');
      await page.waitForSelector('#saved');
      assert.deepEqual(await since(() => secured(page)), [accepted(credentialId), details('성춘향')]);

      const removed = await since(async () => {
        await page.click('#passkeys summary');
        await page.click('#passkeys details[open] button[value=remove]');
        await page.waitForSelector('#saved');
      });
      assert.deepEqual(removed, [accepted(), details('성춘향')]);

      // The device was told nothing, so it still has it: the answer tells the browser that it is none.
      assert.equal((await device.credentials()).length, 1);
      await context.clearCookies();
      const form = await captured(here, page, device);
      const unknown = await since(async () => assert.equal(await sent(here, page, form), 422));
      assert.deepEqual(unknown, [['signalUnknownCredential', { rpId: 'localhost', credentialId }]]);

      // Of one that is known and was only answered wrongly nothing is said.
      await device.present(true);
      await signUp(here, page, 'signals-too@example.com');
      await add(here, page);
      await context.clearCookies();
      for (const one of await device.credentials()) {
        if (text(one.credentialId) === credentialId) await device.send('removeCredential', { credentialId: one.credentialId });
      }
      const known = await captured(here, page, device);
      told = [];
      const forged = { ...known, answer: withClientData(known.answer, (data) => { data.origin = 'https://evil.example'; }) };
      await refused(page, forged, 422, 'forged');
      assert.deepEqual(told, []);
    }));
});

// An administrator connects somebody else's OpenID provider (npm's oidc-provider) in the console, and people come through it: a new one,
// one who has an account already, one whose provider names no address.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { credentials, desk, house, languages, password, pastOffer, phone, sayOnceMore, sayWho, walk } from './house.mjs';

const here = house('work', 'nameless');

/** A walk, and what is looked at on its way. */
function visit(name, locale, screen, javaScriptEnabled, steps) {
  return walk(here, `upstream-${name}`, { ...screen, javaScriptEnabled, locale: languages[locale] }, (page) => {
    const seen = async (what) => {
      await page.waitForLoadState();
      assert.equal(await page.getAttribute('html', 'lang'), locale);
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1);
      assert.equal(sideways, false, `${what} scrolls sideways`);
    };
    return steps(page, seen);
  });
}

test('an administrator connects a provider, tries it out and switches it on', { timeout: 90_000 }, () => visit('console-en', 'en', desk, true, async (page, seen) => {
  const { servers, provider } = here;
  await page.goto(servers.claimLink());
  await page.fill('#name', 'Ada');
  await page.fill('#email', 'ada@example.com');
  await page.fill('#password', password);
  await page.click('#submit');
  // The claim link leads on over the checks: the console is behind them.
  await page.waitForSelector('#checks');
  await page.goto(`${servers.issuer}/admin`);
  await seen('home');
  await page.click('#add-provider');
  await seen('presets');
  await page.click('#preset-oidc');
  await seen('create');
  await page.fill('#slug', 'work');
  await page.fill('#setting-issuer', provider.issuer);
  await page.fill('#client_id', credentials.id);
  await page.fill('#client_secret', 'not the secret');
  await page.fill('#label', 'Work');
  await page.click('#advanced summary');
  await page.check('#private_network');
  await page.click('#submit');
  await page.waitForSelector('#done');
  assert.equal(await page.innerText('#redirect-uri'), here.callback('work'), 'what is to be copied is what is used');
  await seen('created');

  await page.click('#test');
  await sayWho(page, 'ada');
  await page.waitForSelector('#failure');
  await seen('test-failed');
  await page.click('#back');
  await page.click('#to-secret');
  await seen('secret');
  await page.fill('#client_secret', credentials.secret);
  await page.click('#rotate button.button');
  await page.waitForSelector('#done');
  await page.click('#test');
  await page.waitForSelector('#outcome');
  const said = await page.innerText('body');
  for (const claim of ['Kim Minji', 'ada@corp.example', 'ada']) assert.ok(said.includes(claim), `${claim} is shown`);
  await seen('tested');
  await page.click('#state button');
  await page.waitForSelector('#done');
  await seen('on');
  await page.goto(`${servers.issuer}/account/security`);
  assert.equal(await page.innerText('#account-name'), 'Ada', 'a test signs nobody in');
  assert.equal(await page.locator('#links form').count(), 0, 'and links nothing');
  await page.click('#lang-ko');
  await page.waitForSelector('html[lang=ko]');
}));

test('the console in Korean, on a phone, without JavaScript', { timeout: 90_000 }, () => visit('console-ko', 'ko', phone, false, async (page, seen) => {
  const { servers } = here;
  await page.goto(`${servers.issuer}/login`);
  await page.fill('#email', 'ada@example.com');
  await page.fill('#password', password);
  await page.click('#submit');
  await page.click('#to-console');
  await seen('home');
  await page.click('#to-connections');
  await seen('list');
  await page.goto(`${servers.issuer}/admin/presets`);
  await seen('presets');
  await page.goto(`${servers.issuer}/admin/connections/work`);
  await seen('connection');
  await page.click('#test');
  await sayWho(page, 'ada');
  await page.waitForSelector('#outcome');
  await seen('tested');
}));

// Two at a time: while one waits for a page, the other one moves.
describe('people come through a provider', { concurrency: 2 }, () => {
  for (const [locale, size, javaScriptEnabled] of [['en', 'desk', true], ['ko', 'phone', false], ['ko', 'desk', true], ['en', 'phone', false]]) {
    const name = `${locale}-${size}`;
    const screen = size === 'phone' ? phone : desk;
    const how = `${name}, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`;

    test(`somebody signs up through it, comes back, and takes the link away: ${how}`, { timeout: 90_000 }, () => visit(`new-${name}`, locale, screen, javaScriptEnabled, async (page, seen) => {
      const { servers, provider } = here;
      await page.goto(servers.shop);
      await page.click('#sign-in');
      await seen('chooser');
      await page.click('#upstream-work');
      await sayWho(page, `new-${name}`);
      await page.waitForSelector('#allow:not([aria-disabled])');
      await seen('consent');
      await page.click('#allow');
      await page.waitForSelector('#id-token');
      assert.ok((await page.innerText('body')).includes(`new-${name}@corp.example`), 'the shop knows who came');

      await page.goto(`${servers.issuer}/account/security`);
      await seen('account');
      assert.equal(await page.locator('#links form').count(), 0, 'the last way in cannot be removed');
      // Having come from there is no proof of who sits here now.
      await page.fill('#password', password);
      await page.click('#account-password .button');
      await page.waitForSelector('#step-up');
      await seen('step-up');
      await page.click('#upstream-work');
      await sayOnceMore(page, `new-${name}`);
      await page.waitForSelector('#confirmed');
      await seen('confirmed');
      await page.click('#go-on button');
      await page.waitForSelector('#saved');
      await page.click('#links form button');
      // They are signed in through what is taken away, so that sign-in ends with it: they are told before and after.
      await page.waitForSelector('#unlink-warning');
      await seen('unlink');
      await page.click('#confirm');
      await page.waitForSelector('#signed-out');
      await seen('unlinked');
      await page.click('#signed-out .button');
      await page.waitForSelector('#email');
      await page.fill('#email', `new-${name}@corp.example`);
      await page.fill('#password', password);
      await page.click('#submit');
      await pastOffer(page, '#account-heading');
      await page.goto(`${servers.issuer}/account/security`);
      await page.click('#upstream-work');
      await page.waitForSelector('#links form button');
      await seen('linked');

      // Signed out here, the provider still knows them: one press is enough.
      await page.goto(`${servers.issuer}/account`);
      await page.click('#sign-out');
      await page.waitForSelector('#signed-out');
      await page.goto(`${servers.issuer}/login`);
      await page.click('#upstream-work');
      await page.waitForSelector('#account-heading');
      await page.goto(`${servers.issuer}/account/security`);
      // And it proves nothing: the password does.
      await page.click('#links form button');
      await page.click('#unlink-warning #confirm');
      await page.waitForSelector('#step-up');
      await seen('step-up-password');
      await page.fill('#current', 'not the password at all');
      await page.click('#submit');
      await page.waitForSelector('#current-problem');
      await seen('step-up-wrong');
      await page.goto(`${servers.issuer}/account`);
      await page.click('#sign-out');
      await page.waitForSelector('#signed-out');
      await seen('signed-out');
      await page.click('#signed-out .button');
      await page.waitForURL((url) => url.href.startsWith(`${provider.issuer}/session/end`));
    }));

    test(`who has an account already proves it first: ${how}`, { timeout: 90_000 }, () => visit(`old-${name}`, locale, screen, javaScriptEnabled, async (page, seen) => {
      const { servers } = here;
      await servers.command(['users', 'create', `old-${name}@corp.example`, '--name', '홍길동'], `${password}\n`);
      await page.goto(servers.shop);
      await page.click('#sign-in');
      await page.click('#upstream-work');
      await sayWho(page, `old-${name}`);
      await page.waitForSelector('#upstream-confirm');
      await seen('confirm');
      await page.fill('#password', 'not the password at all');
      await page.click('#submit');
      await page.waitForSelector('#problem');
      await seen('confirm-wrong');
      await page.fill('#password', password);
      await page.click('#submit');
      await page.waitForSelector('#allow:not([aria-disabled])');
      await page.click('#allow');
      await page.waitForSelector('#id-token');
      await page.goto(`${servers.issuer}/account/security`);
      assert.equal(await page.innerText('#account-name'), locale === 'ko' ? '홍길동님' : '홍길동');
      assert.equal(await page.locator('#links form').count(), 1, 'it is linked');
    }));
  }
});

test('a provider that names no address', { timeout: 90_000 }, async () => {
  const { servers, provider } = here;
  await servers.command([
    'connections', 'create', '--preset', 'oidc', '--slug', 'nameless', '--label', 'Nameless', '--set', `issuer=${provider.issuer}`,
    '--client-id', credentials.id, '--scope', 'openid profile', '--private-network', 'true',
  ], `${credentials.secret}\n`);
  await servers.command(['connections', 'enable', 'nameless']);
  for (const [locale, screen] of [['ko', phone], ['en', desk]]) {
    await visit(`nameless-${locale}`, locale, screen, true, async (page, seen) => {
      await page.goto(servers.shop);
      await page.click('#sign-up');
      await page.click('#upstream-nameless');
      await sayWho(page, `nameless-${locale}`);
      await page.waitForSelector('#upstream-email');
      await seen('email');
      await page.fill('#email', `typed-${locale}@example.com`);
      await page.click('#submit');
      await page.waitForSelector('#consent');
    });
  }
});

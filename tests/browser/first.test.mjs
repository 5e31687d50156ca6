// The first run: from the claim link over the checks and the first app to a login whose tokens are taken apart, and the list of what is left. With JavaScript
// and without.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { desk, languages, open, password, phone, walk } from './house.mjs';

describe('from the claim link to the first token', { concurrency: 2 }, () => {
  for (const [locale, size, screen, javaScriptEnabled] of [['en', 'desk', desk, true], ['ko', 'phone', phone, false]]) {
    test(`${locale}, ${size}, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, { timeout: 90_000 }, async () => {
      const house = await open();
      try {
        await walk(house, `first-${locale}`, { ...screen, locale: languages[locale], javaScriptEnabled }, (page) => everything(page, house.servers, javaScriptEnabled));
      } finally {
        await house.close();
      }
    });
  }
});

async function everything(page, servers, scripts) {
  const began = Date.now();
  await page.goto(servers.claimLink());
  await page.waitForSelector('#way [aria-current=step]');
  await page.fill('#email', 'ada@example.com');
  await page.fill('#password', password);
  await page.click('#submit');

  await page.waitForSelector('#checks');
  await page.waitForSelector('#way [aria-current=step]');
  assert.equal(await page.locator('#checks .tag.bad').count(), 0, await page.innerText('#checks'));
  await page.click('#go-on');

  await page.waitForSelector('#kinds');
  await page.click('#kind-web');
  await page.fill('#client_name', 'Shop');
  await page.fill('#client_id', 'shop');
  await page.fill('#redirect_uris', 'http://localhost:9/callback');
  await page.click('#submit');
  await page.waitForSelector('#created');
  assert.ok((await page.innerText('#client_secret')).length > 20);
  await page.click('#to-trial');

  await page.click('#sign-in');
  await page.waitForSelector('#allow:not([aria-disabled])');
  await page.click('#allow');
  await page.waitForSelector('#worked');
  const text = await page.innerText('#id_token');
  assert.ok(text.includes('ada@example.com') || text.includes(servers.issuer), text);
  assert.ok((await page.innerText('#access_token')).includes('shop'));
  assert.ok(!(await page.content()).includes('eyJ'), 'no token is in the page');
  assert.ok(Date.now() - began < 180_000, 'a first token in under three minutes');

  await page.click('#to-overview');
  await page.waitForSelector('#first-login.done');
  await page.waitForSelector('#first-app.done');
  assert.equal(await page.getAttribute('[aria-current=step]', 'id'), 'second-administrator');
  await page.click('#production-go');
  await page.waitForSelector('#missing');
  assert.ok((await page.innerText('#toml')).includes('[server]'));

  await page.goto(`${servers.issuer}/admin/people`);
  const [all, told] = [page.locator('th.pick label'), page.locator('[data-chosen]')];
  assert.ok(scripts || !(await all.isVisible()), 'the box for all works by a script');
  assert.ok(!scripts || (await all.isVisible()), 'and is there where there is one');
  if (await all.isVisible()) {
    await all.click();
    assert.equal(await page.locator('td.pick input:checked').count(), await page.locator('td.pick input').count());
    assert.match(await told.innerText(), /1/);
    await page.locator('td.pick input').first().uncheck();
    assert.equal(await told.innerText(), '');
  }
}

// Guesses that cost work: with JavaScript the browser works for them before the form is sent, and nobody types twice; without it the page says how long to wait.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desk, house, languages, password, walk } from './house.mjs';

const here = house();
const wrong = 'not the password at all';
const texts = { en: { sum: /small sum/, wait: /runs no scripts/ }, ko: { sum: /작은 계산/, wait: /스크립트가 실행되지 않아요/ } };

/** Somebody who has an account, and nothing of it in their browser. */
async function newcomer(name, email) {
  await walk(here, name, { ...desk, locale: languages.en }, async (page) => {
    await page.goto(`${here.servers.issuer}/signup`);
    await page.fill('#email', email);
    await page.fill('#password', password);
    await page.click('#submit');
    await page.waitForSelector('#account-heading, #passkey-offer');
  });
}

async function typeInto(page, email, typed) {
  await page.fill('#email', email);
  await page.fill('#password', typed);
  const [answer] = await Promise.all([page.waitForNavigation(), page.click('#submit')]);
  return answer;
}

/** Guesses until work is due. */
async function guess(page, email) {
  for (let count = 1; count <= 4; count += 1) {
    const answer = await typeInto(page, email, wrong);
    assert.equal(answer.status(), 422, `guess ${count}`);
  }
  await page.waitForSelector('#work', { state: 'attached' });
}

/** What of a browser keeps something, and what was sent with a password. */
function watched(page) {
  const sent = [];
  page.on('request', (request) => { if (request.method() === 'POST') sent.push(request.postData() ?? ''); });
  return {
    sent,
    async keepsNothing() {
      const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.documentElement.outerHTML, location.href]));
      assert.ok(!kept.includes(password), 'the password is kept nowhere');
    },
  };
}

for (const locale of ['en', 'ko']) {
  test(`${locale}: the browser works while the next one is typed`, { timeout: 120_000 }, async () => {
    const email = `typed-${locale}@example.com`;
    await newcomer(`guessing-newcomer-typed-${locale}`, email);
    await walk(here, `guessing-typed-${locale}`, { ...desk, locale: languages[locale] }, async (page) => {
      await page.goto(`${here.servers.issuer}/login`);
      await guess(page, email);
      const text = await page.innerText('main');
      assert.doesNotMatch(text, texts[locale].wait, 'of waiting nothing is said where scripts run');
      const answer = await typeInto(page, email, password);
      assert.notEqual(answer.status(), 403);
      await page.waitForSelector('#account-heading, #passkey-offer');
    });
  });

  test(`${locale}: a page that knows nothing of the guesses asks first, and the password is typed once`, { timeout: 120_000 }, async () => {
    const email = `once-${locale}@example.com`;
    await newcomer(`guessing-newcomer-once-${locale}`, email);
    await walk(here, `guessing-elsewhere-${locale}`, { ...desk, locale: languages[locale], javaScriptEnabled: false }, async (page) => {
      await page.goto(`${here.servers.issuer}/login`);
      await guess(page, email);
      const text = await page.innerText('main');
      assert.match(text, texts[locale].wait);
      assert.doesNotMatch(text, texts[locale].sum, 'of a sum nothing is said where no script runs');
    });
    await walk(here, `guessing-once-${locale}`, { ...desk, locale: languages[locale] }, async (page) => {
      const watch = watched(page);
      await page.goto(`${here.servers.issuer}/login`);
      assert.equal(await page.locator('#work').count(), 0);
      await page.fill('#email', email);
      await page.fill('#password', password);
      await watch.keepsNothing();
      await page.press('#password', 'Enter');
      await page.waitForSelector('#account-heading, #passkey-offer');
      const [asked, sent, ...more] = watch.sent;
      assert.ok(asked.includes('ask=work') && !asked.includes('password'), asked);
      assert.match(sent, /password=seven.*&work=[\w-]+\.\d+/);
      assert.deepEqual(more, []);
      await watch.keepsNothing();
    });
  });
}

test('without JavaScript who waits gets in', { timeout: 120_000 }, async () => {
  const email = 'waits@example.com';
  await newcomer('guessing-newcomer-waits', email);
  await walk(here, 'guessing-waits', { ...desk, locale: languages.en, javaScriptEnabled: false }, async (page) => {
    await page.goto(`${here.servers.issuer}/login`);
    await guess(page, email);
    const [, number, unit] = (await page.innerText('#work-wait')).match(/wait (?:(\d+) (second|minute))/) ?? [];
    const seconds = Number(number) * (unit === 'minute' ? 60 : 1);
    assert.ok(seconds >= 8 && seconds <= 60, `${number} ${unit}`);
    await page.waitForTimeout((seconds + 1) * 1000);
    await typeInto(page, email, password);
    await page.waitForSelector('#account-heading, #passkey-offer');
  });
});

// The console of a server that ten thousand people use: its long pages weigh as little, stand as still and are read by as many as the short ones, and a list is gone through page
// by page, with nobody twice and nobody left out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { go, signIn } from './console.mjs';
import { apps, crowd, openCrowd, people } from './crowd.mjs';
import { desk, languages, walk } from './house.mjs';
import { came, owed, read } from './reading.mjs';

const here = {};
before(async () => { Object.assign(here, await openCrowd()); });
after(() => here.close?.());

test('the long pages can be read and used by everybody', { timeout: 300_000 }, async (t) => {
  const found = [];
  const took = new Map();
  await crowd(here, async (page, name, language) => {
    const told = (milliseconds) => took.set(name, Math.max(milliseconds, took.get(name) ?? 0));
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      await page.reload();
      for (const what of await came(page, told)) found.push(`${name}, ${language}, ${width} px: ${what}`);
    }
    for (const what of [...await read(page), ...await owed(page, language)]) found.push(`${name}, ${language}: ${what}`);
  });
  t.diagnostic(`how long the server took: ${[...took].map(([name, milliseconds]) => `${name}, ${Math.round(milliseconds)} ms`).join('; ')}`);
  assert.deepEqual(found, []);
  assert.ok(took.size > 15, `only ${took.size} pages`);
});

test('a list is gone through page by page', { timeout: 180_000 }, () => walk(here, 'crowd-pages', { ...desk, locale: languages.en }, async (page) => {
  const visit = (path) => page.goto(`${here.servers.issuer}${path}`);
  const links = () => page.$$eval('#found tbody th a', (all) => all.map((link) => link.getAttribute('href')));
  /** The rows of a list up to a page of it, page by page. */
  const rows = async (path, upTo = Infinity) => {
    await visit(path);
    const pages = [await links()];
    while (pages.length < upTo && await page.locator('#next-page').count() > 0) {
      await go(page, '#next-page');
      pages.push(await links());
    }
    return pages;
  };
  const isEachOnce = (pages) => assert.equal(new Set(pages.flat()).size, pages.flat().length, 'nothing is there twice');
  await signIn(page, here.servers);

  const off = await rows('/admin/people?state=disabled');
  isEachOnce(off);
  assert.equal(off.flat().length, people / 50, 'one in fifty is switched off');
  assert.deepEqual(off.map((one) => one.length), [50, 50, 50, 50]);

  const registered = await rows('/admin/apps');
  isEachOnce(registered);
  assert.ok(registered.flat().length >= apps, `only ${registered.flat().length} apps`);

  const log = await rows('/admin/audit', 4);
  isEachOnce(log);
  assert.ok(log.every((one) => one.length === 50));

  // Back, and to the beginning.
  const [first, second] = await rows('/admin/people?sort=email', 3);
  await page.goBack();
  assert.deepEqual(await links(), second);
  const addresses = await page.locator('#found tbody .mail').allInnerTexts();
  assert.deepEqual(addresses, [...addresses].sort(), 'the order goes on');
  await go(page, '#first-page');
  assert.deepEqual(await links(), first);
  assert.match(page.url(), /sort=email/);
}));

// What scripts add to the console: the palette, lists that follow what is typed, a dialog before what is not taken back lightly, copying, redirect URIs that are checked while
// they are typed, the log that goes on, the preview of the branding; and that nothing moves, however late they come.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { consoleHouse, go, inConsole, pageOf, person, until } from './console.mjs';
import { desk, languages, phone } from './house.mjs';
import { broken, moved } from './reading.mjs';

const app = 'palette-app';
const here = consoleHouse(async ({ servers }) => {
  for (const name of ['Palette', 'Dialog', 'Copy', 'Filter']) await person(servers, `${name.toLowerCase()}@example.com`, `${name} Kim`);
  await servers.command(['clients', 'create', '--kind', 'browser', '--client-id', app, '--name', 'Palette App', '--redirect-uri', 'https://app.example/callback']);
});
const options = { ...desk, locale: languages.en };

/** A page that is not loaded anew still knows what was left on it. */
const leave = (page) => page.evaluate(() => { globalThis.left = true; });
const isThere = (page) => page.evaluate(() => globalThis.left === true);
const hasFocus = (page, selector) => page.waitForFunction((which) => document.activeElement?.matches(which), selector);

describe('what scripts add to the console', { concurrency: 2 }, () => {
  test('a palette finds people, apps and rooms, and takes nothing but keys', { timeout: 90_000 }, () => inConsole(here, 'console-palette', options, async (page, visit) => {
    await visit('/admin/people');
    const room = await page.innerText('.rooms a[href$="/admin/audit"]');
    await leave(page);
    await page.focus('#add');
    await page.keyboard.press('Control+k');
    await hasFocus(page, 'dialog.palette input');
    await page.keyboard.press('Control+k');
    assert.equal(await page.locator('dialog.palette').count(), 1, 'there is one');
    assert.deepEqual(await broken(page), [], 'the palette can be read by everybody');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog.palette', { state: 'detached' });
    await hasFocus(page, '#add');
    assert.ok(await isThere(page), 'nothing was loaded');

    const seek = async (text, found) => {
      await page.keyboard.press('Control+k');
      await hasFocus(page, 'dialog.palette input');
      await page.keyboard.type(text);
      await page.waitForFunction((path) => document.querySelector('dialog.palette .results a')?.getAttribute('href').includes(path), found);
    };
    await seek('palette@example.com', '/admin/people/');
    await page.keyboard.press('ArrowDown');
    await hasFocus(page, 'dialog.palette .results a');
    await page.keyboard.press('ArrowUp');
    await hasFocus(page, 'dialog.palette input');
    await page.keyboard.press('ArrowDown');
    await Promise.all([page.waitForURL(/\/admin\/people\/[^/?]+$/), page.keyboard.press('Enter')]);
    assert.match(await page.innerText('h1'), /Palette Kim/);

    await seek(app, `/admin/apps/${app}`);
    await Promise.all([page.waitForURL(new RegExp(`/admin/apps/${app}$`)), page.keyboard.press('Enter')]);

    await seek(room, '/admin/audit');
    await page.keyboard.press('ArrowDown');
    await Promise.all([page.waitForURL(/\/admin\/audit$/), page.keyboard.press('Enter')]);
    await page.waitForSelector('#audit-heading');
  }));

  test('lists follow what is typed and chosen, and their addresses with them', { timeout: 90_000 }, () => inConsole(here, 'console-filter', options, async (page, visit) => {
    await visit('/admin/people');
    await leave(page);
    const rows = page.locator('#found tbody tr');
    assert.ok(await rows.count() > 3);
    await page.locator('#q').pressSequentially('filter@');
    await page.waitForURL(/\/admin\/people\?q=filter%40$/);
    assert.equal(await rows.count(), 1);
    // What came in the place of the list works as that did.
    await page.click('th.pick label');
    assert.match(await page.innerText('[data-chosen]'), /1/);
    await page.selectOption('#state', 'disabled');
    await page.waitForSelector('#nothing');
    assert.match(page.url(), /state=disabled/);
    await page.selectOption('#state', '');
    await page.waitForSelector('#found tbody tr');
    assert.ok(await isThere(page), 'nothing was loaded anew');

    await go(page, '#found tbody th a');
    await page.goBack();
    await page.waitForSelector('#found tbody tr');
    assert.equal(await page.inputValue('#q'), 'filter@');
    assert.equal(await rows.count(), 1, 'the list is as it was left');
    await page.goBack();
    await page.waitForSelector('#console-heading');

    await visit('/admin/apps');
    await leave(page);
    await page.locator('#q').pressSequentially(app);
    await page.waitForURL(new RegExp(`/admin/apps\\?q=${app}$`));
    assert.equal(await rows.count(), 1);
    await page.selectOption('#kind', 'service');
    await page.waitForSelector('#nothing');
    assert.ok(await isThere(page));
  }));

  test('a dialog asks first, by keys as by the mouse', { timeout: 60_000 }, () => inConsole(here, 'console-dialog', options, async (page, visit) => {
    await visit(`${await pageOf(page, visit, 'dialog@example.com')}/access`);
    const asks = '#state button[data-ask]';
    const [question, label] = await page.$eval(asks, (button) => [button.dataset.ask, button.textContent]);
    await leave(page);
    await page.focus(asks);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: question }).waitFor();
    await hasFocus(page, 'dialog.ask .button.plain');
    assert.deepEqual(await broken(page), [], 'the dialog can be read by everybody');
    for (let presses = 0; presses < 6; presses += 1) {
      await page.keyboard.press('Tab');
      assert.ok(await page.evaluate(() => Boolean(document.activeElement.closest('dialog.ask')) || document.activeElement === document.body), 'what is behind it gets no focus');
    }
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog.ask', { state: 'detached' });
    await hasFocus(page, asks);
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog.ask');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog.ask', { state: 'detached' });
    await hasFocus(page, asks);
    assert.ok(await isThere(page), 'Enter, Enter: nothing was sent');

    await page.keyboard.press('Enter');
    const yes = page.getByRole('dialog').getByRole('button', { name: label, exact: true });
    await yes.focus();
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    await page.waitForSelector('#done');
    await page.waitForSelector('#state button[value=enable]');
  }));

  test('what is to be copied is copied, and said', { timeout: 60_000 }, () => inConsole(here, 'console-copy', options, async (page, visit, context) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: here.servers.issuer });
    await visit(`${await pageOf(page, visit, 'copy@example.com')}/document`);
    const box = page.locator('[data-copy]').first();
    const button = box.locator('button');
    const [copy, copied] = await box.evaluate((element) => [element.dataset.copy, element.dataset.copied]);
    assert.equal(await button.innerText(), copy);
    // Screen readers say what becomes of it, and which of the boxes it belongs to.
    assert.equal(await button.getAttribute('aria-live'), 'polite');
    assert.equal(await button.getAttribute('aria-describedby'), await box.locator('code').getAttribute('id'));
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: copied }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await box.locator('code').textContent());
    await box.getByRole('button', { name: copy, exact: true }).waitFor();
  }));

  test('redirect URIs are checked while they are typed', { timeout: 60_000 }, () => inConsole(here, 'console-uris', options, async (page, visit) => {
    for (const path of ['/admin/apps/new/web', `/admin/apps/${app}`]) {
      await visit(path);
      await page.fill('#redirect_uris', 'https://app.example/callback\nnowhere');
      const said = page.locator('#redirect_uris-typed');
      await said.waitFor();
      assert.match(await said.innerText(), /^nowhere: ./);
      assert.equal(await said.getAttribute('aria-live'), 'polite');
      assert.deepEqual(await page.$eval('#redirect_uris', (field) => [field.getAttribute('aria-invalid'), field.getAttribute('aria-describedby')]), ['true', 'redirect_uris-typed']);
      await page.fill('#redirect_uris', 'https://app.example/callback');
      await said.waitFor({ state: 'hidden' });
      assert.equal(await page.getAttribute('#redirect_uris', 'aria-invalid'), 'false');
    }
  }));

  for (const scripts of [true, false]) {
    test(`the log goes on ${scripts ? 'by itself' : 'once it is loaded again'}`, { timeout: 60_000 }, () =>
      inConsole(here, `console-live-${scripts}`, { ...options, javaScriptEnabled: scripts }, async (page, visit) => {
        const email = `live-${scripts}@example.com`;
        await visit('/admin/audit');
        if (scripts) {
          await leave(page);
          const stream = page.waitForResponse((answer) => answer.url().includes('/admin/audit/events'));
          await page.click('#follow');
          // What happens from here on is told.
          await stream;
          assert.equal(await page.getAttribute('#follow', 'aria-pressed'), 'true');
        } else {
          assert.equal(await page.locator('#follow').count(), 0, 'nothing is offered that would not work');
        }
        await person(here.servers, email, 'Live Kim');
        const row = `tbody tr:has-text("${email}")`;
        if (scripts) {
          await page.waitForSelector(row);
          assert.ok(await isThere(page), 'nothing was loaded anew');
          await page.click('#follow');
          assert.equal(await page.getAttribute('#follow', 'aria-pressed'), 'false');
        } else {
          await until(page, row);
        }
        assert.match(await page.locator(row).first().innerText(), new RegExp(email));
      }));

    test(`the branding is shown ${scripts ? 'while it is typed' : 'at the press of a button'}`, { timeout: 60_000 }, () =>
      inConsole(here, `console-branding-${scripts}`, { ...options, javaScriptEnabled: scripts }, async (page, visit) => {
        await visit('/admin/branding');
        await page.fill('#headline', `Hello, ${scripts}`);
        if (!scripts) await page.click('#show');
        const shown = page.frameLocator('iframe[name=preview]');
        await shown.locator('h1', { hasText: `Hello, ${scripts}` }).waitFor();
        if (scripts) {
          await page.selectOption('#page', 'signed-out');
          await shown.locator('#signed-out').waitFor();
        }
        await visit('/login');
        assert.ok(!(await page.innerText('main')).includes('Hello,'), 'nothing was saved');
      }));
  }
});

const modules = /\.mjs(\?|$)/;

/** Opens a page whose scripts come only once it is drawn. */
async function openLate(page, address) {
  let come;
  const drawn = new Promise((resolve) => { come = resolve; });
  await page.route(modules, async (route) => { await drawn; await route.continue(); });
  await page.goto(address, { waitUntil: 'commit' });
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  come();
  await page.waitForLoadState('load');
  await page.unroute(modules);
}

for (const [size, screen] of [['desk', desk], ['phone', phone]]) {
  test(`nothing moves, however late the scripts come: ${size}`, { timeout: 120_000 }, () =>
    inConsole(here, `console-late-${size}`, { ...screen, locale: languages.en }, async (page, visit, context) => {
      const someone = await pageOf(page, visit, 'copy@example.com');
      const found = [];
      const look = async (path) => {
        await openLate(page, `${here.servers.issuer}${path}`);
        const by = await moved(page);
        if (by > 0.01) found.push(`${path} moves by ${by}`);
      };
      for (const path of ['/admin', '/admin/people', '/admin/people/new', '/admin/apps', '/admin/audit', '/admin/branding', `${someone}/document`, `/admin/apps/${app}/document`]) await look(path);
      // Where people come before they are signed in.
      await context.clearCookies();
      for (const path of ['/login', '/signup', '/forgot']) await look(path);
      assert.deepEqual(found, []);
    }));
}
